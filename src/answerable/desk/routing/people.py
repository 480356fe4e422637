"""Those who answer, as core.routing reads them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Count, Max

from answerable.core.presence import State
from answerable.core.routing import Agent
from answerable.desk.models import Conversation, Offer
from answerable.desk.routing.kinds import IN_HAND, kind_of
from answerable.people.models import HANDLERS, Attendance, Charge, Membership, Role, Team, User
from answerable.people.skills import languages_of, skills_of

Loads = Mapping[int, Mapping[str, int]]


def offered_to(teams: Collection[Team]) -> dict[int, frozenset[int]]:
    """By person, of which of these teams they are offered what waits: agents of the team or of one above it, and the
    leads of the team itself. Administrators and leads above are offered nothing, and take what they like. One query.
    """
    paths = {path for team in teams for path in team.lineage}
    held = Membership.objects.filter(team__path__in=paths, role__in=(Role.AGENT, Role.LEAD), user__is_active=True)
    found: dict[int, set[int]] = defaultdict(set)
    for person, role, path in held.values_list("user_id", "role", "team__path"):
        within = (team.pk for team in teams if team.path == path or (role == Role.AGENT and team.path.startswith(path)))
        found[person].update(within)
    return {person: frozenset(places) for person, places in found.items() if places}


def agents(teams: Mapping[int, frozenset[int]], *, now: datetime) -> list[Agent]:
    """These people, with the teams whose conversations each is offered. Seven queries."""
    people = list(teams)
    here = {row.pk: row for row in Attendance.objects.filter(user__in=people)}
    skills, languages, owned, load = skills_of(people), spoken_by(people), _owned_by(people), loads(people)
    had = Offer.objects.filter(user__in=people, outcome=Offer.Outcome.TAKEN).order_by()
    taken = dict(had.values_list("user_id").annotate(last=Max("ended_at")))
    asked = set(Offer.objects.standing().filter(user__in=people).values_list("user_id", flat=True))
    return [
        Agent(
            id=person,
            teams=places,
            idle_since=_latest(here[person].since, taken.get(person)).timestamp() if person in here else 0.0,
            state=State(here[person].state) if person in here else State.AWAY,
            skills=skills.get(person, {}),
            languages=languages.get(person, {}),
            owns=owned.get(person, frozenset()),
            load=load.get(person, {}),
            is_asked=person in asked,
        )
        for person, places in teams.items()
    ]


def puller(user: User) -> Agent:
    """Somebody who takes for themselves: whatever they may handle, however much they have, present or not."""
    return Agent(
        id=user.pk,
        teams=frozenset().union(*(user.roles.get(role, frozenset()) for role in HANDLERS)),
        skills=skills_of([user.pk]).get(user.pk, {}),
        languages=spoken_by([user.pk]).get(user.pk, {}),
    )


def spoken_by(people: Collection[int]) -> dict[int, Mapping[str, int]]:
    """id of a person -> code of a language -> level; of whom nothing is noted, the one their pages are in."""
    noted = languages_of(people)
    own = User.objects.filter(pk__in=people).exclude(pk__in=noted)
    return {**noted, **{person: {language: _WORKING} for person, language in own.values_list("pk", "language")}}


_WORKING = 2


def loads(people: Iterable[int]) -> Loads:
    """id of a person -> kind of channel -> how many they have in hand. One query."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Conversation.objects.unsolved().filter(IN_HAND, assignee__in=people).order_by()
    for person, channel, count in rows.values_list("assignee_id", "channel").annotate(n=Count("pk")):
        found[person][kind_of(channel)] += count
    return found


def _owned_by(people: Collection[int]) -> dict[int, frozenset[str]]:
    """id of a person -> the segments that a team answers for which they are a member of."""
    owned = defaultdict(set)
    for team, segment in Charge.objects.current().filter(of=Charge.Of.SEGMENT).values_list("team_id", "key"):
        owned[team].add(segment)
    found: dict[int, set[str]] = defaultdict(set)
    if owned:
        members = Membership.objects.filter(user__in=people, team__in=owned)
        for person, team in members.values_list("user_id", "team_id"):
            found[person] |= owned[team]
    return {person: frozenset(segments) for person, segments in found.items()}


def _latest(one: datetime, other: datetime | None) -> datetime:
    return one if other is None else max(one, other)
