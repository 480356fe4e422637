"""The structure as it stands, as the rules of `core.structure` read it."""

from django.utils.translation import gettext as _

from answerable.core.structure import Place, Structure
from answerable.people.errors import Refused
from answerable.people.models import Membership, Team, User


def structure_now() -> Structure:
    """Teams in use, and the places in them of those who work here. Two queries."""
    parents = dict(Team.objects.filter(retired_at=None).values_list("pk", "parent_id"))
    rows = Membership.objects.filter(user__is_active=True, team__in=parents).values_list("user_id", "team_id", "role")
    return Structure(parents, [Place(*row) for row in rows])


def check_nobody_leads_themselves(before: Structure) -> None:
    """Raises Refused where a change of this transaction has made somebody their own lead."""
    new = set(structure_now().led_by_themselves()) - set(before.led_by_themselves())
    if not new:
        return
    place = min(new)
    raise Refused(
        _("%(name)s would be their own lead in %(team)s. Give that team another lead first, or leave it to them alone.")
        % {"name": User.objects.get(pk=place.person), "team": Team.objects.get(pk=place.team)}
    )
