"""The structure as it stands, as the rules of `core.structure` read it."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Leading:
    """Who leads somebody, and whom they lead directly; by name."""

    leads: list[User]
    led: list[User]


def leading(person: User) -> Leading:
    """Of one person, by all the places they have. Three queries."""
    structure = structure_now()
    own = [place for place in structure.places if place.person == person.pk]
    leads = {lead for place in own for lead in structure.leads_of(place)} - {person.pk}
    led = structure.led.get(person.pk, frozenset())
    people = sorted(User.objects.filter(pk__in=leads | led), key=lambda one: (str(one).casefold(), one.pk))
    return Leading([one for one in people if one.pk in leads], [one for one in people if one.pk in led])
