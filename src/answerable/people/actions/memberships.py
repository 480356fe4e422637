"""Who is what in which team.

The events' root is the user, so that a stream of theirs that is open begins anew with what they may see now.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import Membership, Role, Team, User
from answerable.people.permissions import check_may_manage, roles_to_give


def grant(*, to: User, team: Team, role: str, by: User | None) -> Membership:
    """Make somebody something in a team, and in every team below. Again is no harm."""
    check_may_manage(by, team)
    if by is not None and role not in dict(roles_to_give(by, team)):
        raise PermissionDenied
    if role == Role.ADMINISTRATOR and team.parent_id is not None:
        raise Refused(_("An administrator is one of the whole company. Give the role at the top of the tree."))
    if team.retired_at:
        raise Refused(_("%(team)s is retired. Take it back into use first.") % {"team": team})
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=to.pk)
        if not person.is_active:
            raise Refused(_("%(name)s is deactivated. Reactivate them first.") % {"name": person})
        membership, is_new = Membership.objects.get_or_create(user=person, team=team, role=role)
        if is_new:
            record("membership.granted", subject=person, by=by, team=team.pk, role=role)
    return membership


def withdraw(membership: Membership, *, by: User | None) -> None:
    """Take a role away. The company keeps at least one administrator who can sign in."""
    check_may_manage(by, membership.team)
    if by is not None and membership.role not in dict(roles_to_give(by, membership.team)):
        raise PermissionDenied
    with transaction.atomic():
        check_an_administrator_remains(without=membership.user, role=membership.role)
        gone = Membership.objects.filter(pk=membership.pk).delete()[0]
        if gone:
            record(
                "membership.withdrawn",
                subject=membership.user,
                by=by,
                team=membership.team_id,
                role=membership.role,
            )


def check_an_administrator_remains(*, without: User, role: str = Role.ADMINISTRATOR) -> None:
    """Raises Refused where nobody else could administer. Holds the administrators' rows until the end, so that
    two of them can't remove each other at once."""
    if role != Role.ADMINISTRATOR:
        return
    holders = Membership.objects.select_for_update(of=("self", "user")).filter(
        role=Role.ADMINISTRATOR, user__is_active=True
    )
    joined = [one for one in holders.select_related("user").order_by("pk") if one.user.has_usable_password()]
    ids = {holder.user_id for holder in joined}
    if ids <= {without.pk}:
        raise Refused(_("%(name)s is the only administrator. Make somebody else one first.") % {"name": without})
