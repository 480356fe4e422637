"""The structure as it was. Roles, skills and charges are rows that end; a team's name and place are told by what
happened to it since: each change is taken back, the newest first."""

from collections.abc import Iterable
from datetime import datetime

from answerable.events.models import Event
from answerable.people.models import Team, User

UNDONE = ("team.moved", "team.renamed", "team.retired", "team.revived", "team.charged")


def teams_on(at: datetime, teams: Iterable[Team]) -> list[Team]:
    """The teams there were at an instant, with their names and parents of then. Not to be saved. One query."""
    found = {team.pk: team for team in teams}
    for event in Event.objects.filter(verb__in=UNDONE, at__gt=at).order_by("-id"):
        team = found.get(int(event.subject.removeprefix("team-")))
        if team is not None:
            _take_back(event, team)
    return [team for team in found.values() if team.since <= at]


def inactive_on(at: datetime) -> set[int]:
    """Ids of those who were deactivated at an instant. Two queries."""
    away = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
    changes = Event.objects.filter(verb__in=("user.deactivated", "user.reactivated"), at__gt=at).order_by("-id")
    for verb, subject in changes.values_list("verb", "subject"):
        person = int(subject.removeprefix("user-"))
        (away.discard if verb == "user.deactivated" else away.add)(person)
    return away


def _take_back(event: Event, team: Team) -> None:
    match event.verb:
        case "team.moved":
            team.parent_id = event.particulars["before"]
        case "team.renamed":
            team.name = event.particulars["before"]
        case "team.retired":
            team.retired_at = None
        case "team.charged":
            team.organised_by = event.particulars["before"]
        case "team.revived":
            team.retired_at = event.at
