"""What a team is there for: by what it is told from others, and what it answers for."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.models import Event
from answerable.events.record import record
from answerable.people.errors import Refused, Stale
from answerable.people.models import Charge, Team, User
from answerable.people.permissions import check_may_manage

Charges = Mapping[tuple[str, str], str]
"""(channel | segment | skill, key) -> name, empty where it is looked up."""


def charges_of(team: Team) -> dict[tuple[str, str], str]:
    """What the team answers for now."""
    rows = Charge.objects.current().filter(team=team).order_by("of", "key")
    return {(row.of, row.key): row.name for row in rows}


def revision_of(team: Team) -> str:
    """Tells whether a team's charge has changed since it was looked at: the last event that changed it."""
    last = Event.objects.filter(root=f"team-{team.pk}", verb="team.charged").order_by("-id").values_list("pk").first()
    return str(last[0]) if last else ""


def charge_team(
    team: Team, *, organised_by: str, charges: Charges, by: User | None, revision: str | None = None
) -> Team:
    """Say what a team is there for; what is not named ends. `revision` is that of what was looked at."""
    check_may_manage(by, team)
    with transaction.atomic():
        team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
        if revision is not None and revision != revision_of(team):
            raise Stale(_("Somebody else changed this meanwhile. See what stands now, and save again."))
        if team.retired_at:
            raise Refused(_("%(team)s is retired. Take it back into use first.") % {"team": team})
        before, now = charges_of(team), timezone.now()
        added = [what for what in charges if what not in before]
        ended = [what for what in before if what not in charges]
        if not added and not ended and team.organised_by == organised_by:
            return team
        for of, key in ended:
            Charge.objects.current().filter(team=team, of=of, key=key).update(until=now)
        Charge.objects.bulk_create(
            Charge(team=team, of=of, key=key, name=charges[of, key], since=now) for of, key in added
        )
        was, team.organised_by = team.organised_by, organised_by
        team.save(update_fields=["organised_by"])
        record(
            "team.charged",
            subject=team,
            by=by,
            before=was,
            after=organised_by,
            added=[[of, key, charges[of, key]] for of, key in added],
            ended=[[of, key, before[of, key]] for of, key in ended],
        )
    return team


def follow_segment(event: Event) -> None:
    """A segment's new name stands with the teams that own it; one that is gone is owned by nobody."""
    owned = Charge.objects.current().filter(of=Charge.Of.SEGMENT, key=event.particulars["key"])
    if event.verb == "segment.removed":
        owned.update(until=timezone.now())
    else:
        owned.update(name=event.particulars["after"])
