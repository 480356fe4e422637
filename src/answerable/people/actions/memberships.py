"""Who is what in which team.

The events' root is the user, so that a stream of theirs that is open begins anew with what they may see now.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.errors import Refused, Stale
from answerable.people.models import FormerMembership, Membership, Role, Team, User
from answerable.people.permissions import check_may_manage, roles_to_give
from answerable.people.structure import check_nobody_leads_themselves, structure_now


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
        before = structure_now()
        membership, is_new = Membership.objects.get_or_create(user=person, team=team, role=role)
        if is_new:
            check_nobody_leads_themselves(before)
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
            _remember(membership)
            record(
                "membership.withdrawn",
                subject=membership.user,
                by=by,
                team=membership.team_id,
                role=membership.role,
            )


def move_member(membership: Membership, *, to: Team, by: User | None, reason: str = "") -> Membership:
    """Put somebody into another team, in the role they have. Of two who move them at once, one is refused."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=membership.user_id)
        row = Membership.objects.filter(pk=membership.pk).select_related("team").first()
        if row is None:
            raise Stale(_("%(name)s is not there any more: see where they are now.") % {"name": person})
        check_may_manage(by, row.team)
        check_may_manage(by, to)
        if row.role == Role.ADMINISTRATOR:
            raise Refused(_("An administrator is one of the whole company, and not moved into a team."))
        if to.retired_at:
            raise Refused(_("%(team)s is retired. Take it back into use first.") % {"team": to})
        if Membership.objects.filter(user=person, team=to, role=row.role).exists():
            raise Refused(_("%(name)s is that in %(team)s already.") % {"name": person, "team": to})
        before = structure_now()
        Membership.objects.filter(pk=row.pk).delete()
        _remember(row)
        moved = Membership.objects.create(user=person, team=to, role=row.role)
        check_nobody_leads_themselves(before)
        record(
            "membership.moved",
            subject=person,
            by=by,
            before=row.team_id,
            after=to.pk,
            role=row.role,
            reason=reason,
            membership=moved.pk,
        )
    return moved


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


def _remember(membership: Membership) -> None:
    """What somebody was stays known when they are it no more."""
    FormerMembership.objects.create(
        number=membership.pk,
        user_id=membership.user_id,
        team_id=membership.team_id,
        role=membership.role,
        since=min(membership.since, timezone.now()),
        until=timezone.now(),
    )
