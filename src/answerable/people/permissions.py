"""Who may manage whom. Administrators everything; leads the teams they lead and all below; everybody else reads."""

from django.core.exceptions import PermissionDenied

from answerable.people.models import Membership, Role, Team, TeamQuerySet, User


def may_manage(user: User, team: Team) -> bool:
    return user.holds(Role.ADMINISTRATOR, Role.LEAD, team_id=team.pk)


def check_may_manage(user: User | None, team: Team) -> None:
    """Raises PermissionDenied for those who only read this team. None is the system itself."""
    if user is not None and not may_manage(user, team):
        raise PermissionDenied


def check_is_administrator(user: User | None) -> None:
    if user is not None and not user.is_administrator:
        raise PermissionDenied


def managed_by(user: User) -> TeamQuerySet:
    """The teams in use that somebody may manage."""
    ids = user.roles.get(Role.ADMINISTRATOR, frozenset()) | user.roles.get(Role.LEAD, frozenset())
    return Team.objects.filter(pk__in=ids, retired_at=None)


def roles_to_give(user: User, team: Team) -> list[tuple[str, str]]:
    """What a manager of a team may make somebody in it. Administrators are of the whole company, or not at all."""
    if not may_manage(user, team):
        return []
    forbidden = set() if user.is_administrator and team.parent_id is None else {Role.ADMINISTRATOR}
    return [(role.value, str(role.label)) for role in Role if role not in forbidden]


def led_by(user: User) -> frozenset[int] | None:
    """Ids of the active people somebody leads, at whatever distance, and themselves; None is: of everybody."""
    if user.is_administrator:
        return None
    teams = user.roles.get(Role.LEAD, frozenset())
    return frozenset(Membership.objects.filter(team__in=teams).values_list("user_id", flat=True)) if teams else teams


def may_lead(user: User, person: User) -> bool:
    """Whether somebody may say what a person can do."""
    led = led_by(user)
    return led is None or person.pk in led


def may_arrange_skills(user: User) -> bool:
    """Whether somebody may say which skills there are."""
    return user.holds(Role.ADMINISTRATOR, Role.LEAD)
