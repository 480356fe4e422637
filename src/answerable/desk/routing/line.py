"""The conversations that wait for somebody, as core.routing reads them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from answerable.core.routing import PATIENCE_SECONDS, Waiting
from answerable.desk.models import Conversation, Offer, Status, TeamRouting
from answerable.desk.models.conversation import ConversationQuerySet
from answerable.desk.routing.kinds import LIVE, WRITTEN, kind_of
from answerable.people.models import Level, Skill

MOST = 20_000
"""Of more that wait at once than these, the most urgent are looked at."""
AGAIN_AFTER = timedelta(minutes=5)
"""So long nobody is offered again what they did not take."""
WAITS = (Status.NEW, Status.OPEN)


class _Row(NamedTuple):
    """A conversation that waits, as it is read."""

    pk: int
    team: int
    channel: str
    language: str
    segment: str
    tags: list[str]
    due_at: datetime | None
    arrived_at: datetime
    skill: str
    level: int
    last_agent: int | None


COLUMNS = tuple({"skill": "inbox__skill__key", "level": "inbox__skill_level"}.get(one, one) for one in _Row._fields)
USUAL = {LIVE: TeamRouting().most_live, WRITTEN: TeamRouting().most_written}
Capacities = Mapping[tuple[int, str], int]
"""team and kind of channel -> how many at once."""


def waiting(rows: ConversationQuerySet) -> ConversationQuerySet:
    """Those of them that wait for somebody."""
    return rows.filter(status__in=WAITS, assignee=None, snoozed_until=None)


def with_arrival(rows: ConversationQuerySet) -> "QuerySet[Any]":
    """Each with `arrived_at`, since when it waits: the customer's oldest unanswered message, or its beginning."""
    return rows.annotate(arrived_at=Coalesce("unanswered_since", "created_at"))


def capacities(teams: Collection[int]) -> Capacities:
    """What the teams say, and what is usual where they say nothing. One query."""
    found = {(team, kind): most for team in teams for kind, most in USUAL.items()}
    for rule in TeamRouting.objects.filter(team__in=teams):
        found[rule.team_id, LIVE], found[rule.team_id, WRITTEN] = rule.most_live, rule.most_written
    return found


def line(rows: ConversationQuerySet, most: Capacities, now: datetime, *, limit: int = MOST) -> list[Waiting]:
    """Those that wait, the most urgent first where they are more than can be looked at. Three queries."""
    passed = defaultdict(set)
    lately = Offer.objects.filter(
        outcome__in=(Offer.Outcome.PASSED, Offer.Outcome.LAPSED), ended_at__gt=now - AGAIN_AFTER
    )
    for conversation, person in lately.values_list("conversation_id", "user_id"):
        passed[conversation].add(person)
    skills = set(Skill.objects.in_use().values_list("key", flat=True))
    patience = timedelta(seconds=PATIENCE_SECONDS)
    due = Coalesce("due_at", ExpressionWrapper(F("arrived_at") + patience, output_field=DateTimeField()))
    found = with_arrival(waiting(rows)).annotate(last_agent=_last_agent()).order_by(due, "arrived_at", "pk")
    return [
        Waiting(
            id=row.pk,
            team=row.team,
            arrived_at=row.arrived_at.timestamp(),
            due_at=row.due_at.timestamp() if row.due_at else None,
            kind=kind_of(row.channel),
            most=most[row.team, kind_of(row.channel)],
            skills=_needed(row, skills),
            language=row.language,
            segment=row.segment,
            last_agent=row.last_agent,
            passed_by=frozenset(passed.get(row.pk, ())),
        )
        for row in map(_Row._make, found.values_list(*COLUMNS)[:limit])
    ]


def _needed(row: "_Row", known: Collection[str]) -> dict[str, int]:
    """What whoever answers must be able to do: what the inbox asks for, and what a tag names."""
    named = {tag: int(Level.ABLE) for tag in row.tags if tag in known}
    return named | ({row.skill: row.level} if row.skill in known else {})


def _last_agent() -> Subquery:
    """Who had the customer's latest conversation that anybody had."""
    earlier = Conversation.objects.filter(contact=OuterRef("contact")).exclude(Q(assignee=None) | Q(pk=OuterRef("pk")))
    return Subquery(earlier.order_by("-last_message_at").values("assignee")[:1])
