"""What happened on some days, counted by the database: a query for each kind of thing, bounded by the days.

Events lead the way (index on verb and time), and clocks (kind and start): what is read grows with those days' traffic,
never with the desk's age. A conversation counts for the team that has it now, spam nowhere, as in the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from answerable.insight.today.board import Day

DAYS = """
WITH day AS MATERIALIZED (
    SELECT number, starts, ends FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[])
        WITH ORDINALITY AS day(starts, ends, number)
)
"""
# The events of some verbs on each day, with the conversation that they are of. OFFSET 0 keeps days and events apart: a
# range of the index for each day, a key for each event, and never all conversations, however many there are.
HAPPENED = """
day CROSS JOIN LATERAL (
    SELECT verb, at, subject, particulars, substr(root, 14)::bigint AS conversation_id FROM events_event
    WHERE verb = ANY(%(verbs)s) AND at >= day.starts AND at < day.ends OFFSET 0
) AS event
CROSS JOIN LATERAL (SELECT * FROM desk_conversation WHERE id = event.conversation_id OFFSET 0) AS conversation
"""
RATES = "conversation.team_id = ANY(%(teams)s) AND conversation.spam_at IS NULL"
# What was merged into another counts as a part of that, and what stands beside another not at all.
COUNTS = f"{RATES} AND conversation.status NOT IN ('merged', 'beside')"
ARRIVED = f"""
{DAYS}
SELECT day.number, count(*),
    array_agg(first_answer_seconds) FILTER (WHERE first_answered_at IS NOT NULL AND first_answer_seconds IS NOT NULL),
    array_agg(solution_seconds)
        FILTER (WHERE first_answered_at IS NULL AND solved_at IS NOT NULL AND solution_seconds IS NOT NULL),
    array_agg(conversation.created_at) FILTER (WHERE first_answered_at IS NULL AND solved_at IS NULL)
FROM {HAPPENED} WHERE {COUNTS} AND conversation.opened_by_id IS NULL GROUP BY day.number
"""  # noqa: S608 (of our own pieces)
# Solved or opened again, and not taken back since: who undid it said of which instant.
STANDS = """NOT EXISTS (SELECT FROM events_event AS back
    WHERE back.root = 'conversation-' || event.conversation_id AND back.verb = 'conversation.status_changed'
        AND back.at >= event.at AND (back.particulars ->> 'of')::timestamptz = event.at)"""
DONE = f"""
{DAYS}, undone AS MATERIALIZED (
    SELECT event.subject FROM day JOIN events_event AS event ON event.verb = 'message.undone'
        AND event.at >= day.starts AND event.at < day.ends + interval '10 minutes'
)
SELECT day.number, event.verb, count(DISTINCT conversation.id) FROM {HAPPENED}
WHERE {COUNTS} AND CASE WHEN event.verb = 'message.sent' THEN event.particulars ->> 'automatic' = 'false'
    AND event.subject NOT IN (SELECT subject FROM undone) ELSE {STANDS} END
GROUP BY day.number, event.verb
"""  # noqa: S608
RATED = f"""
{DAYS}
SELECT day.number, rating.score, count(DISTINCT rating.id) FROM {HAPPENED}
JOIN feedback_rating AS rating ON rating.id = substr(event.subject, 8)::bigint
WHERE {RATES}
GROUP BY day.number, rating.score
"""  # noqa: S608
PROMISED = f"""
{DAYS}
SELECT day.number, clock.kind, count(*), count(*) FILTER (WHERE clock.state = 'met')
FROM day CROSS JOIN LATERAL (
    SELECT kind, state, due_at, team_id FROM desk_clock
    WHERE kind = ANY(%(kinds)s) AND started_at >= day.starts AND started_at < day.ends OFFSET 0
) AS clock
WHERE clock.team_id = ANY(%(teams)s) AND clock.state <> 'cancelled'
    AND (clock.due_at <= %(now)s OR clock.state = 'breached' OR (clock.state = 'met' AND clock.due_at IS NULL))
GROUP BY day.number, clock.kind
"""  # noqa: S608
BY_HOUR = f"""
{DAYS}
SELECT day.number, extract(hour FROM event.at AT TIME ZONE %(zone)s)::int AS hour, count(*)
FROM {HAPPENED} WHERE {COUNTS} AND conversation.opened_by_id IS NULL GROUP BY 1, 2
"""  # noqa: S608
KINDS = ("first_response", "next_response", "resolution")


@dataclass
class Happened:
    """One day. Waits are those of conversations that customers began on it, in seconds of business time."""

    arrived: int = 0
    answered: int = 0
    solved: int = 0
    reopened: int = 0
    waits: Sequence[int] = ()  # until the first answer
    settled: Sequence[int] = ()  # solved without one
    waiting_since: Sequence[datetime] = ()  # neither
    due: Counter[str] = field(default_factory=Counter)  # by kind of clock
    met: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)


def happened(days: Sequence[Day], teams: Sequence[int], *, now: datetime) -> Mapping[date, Happened]:
    """Each day's. Four queries, however many days."""
    found = {day.on: Happened() for day in days}
    asked = _asked(days, teams)
    with connection.cursor() as cursor:

        def rows(sql: str, **more: Any) -> list[tuple[Any, ...]]:
            cursor.execute(sql, asked | more)
            return [(found[days[number - 1].on], *rest) for number, *rest in cursor.fetchall()]

        for day, arrived, waits, settled, waiting in rows(ARRIVED, verbs=["conversation.opened"]):
            day.arrived, day.waits, day.settled, day.waiting_since = arrived, waits or (), settled or (), waiting or ()
        for day, verb, number in rows(DONE, verbs=list(COUNTED)):
            setattr(day, COUNTED[verb], number)
        for day, kind, due, met in rows(PROMISED, kinds=list(KINDS), now=now):
            day.due[kind], day.met[kind] = due, met
        for day, score, number in rows(RATED, verbs=["conversation.rated"]):
            day.scores[score] = number
    return found


COUNTED = {"conversation.solved": "solved", "conversation.reopened": "reopened", "message.sent": "answered"}


def arrivals_by_hour(days: Sequence[Day], teams: Sequence[int], *, zone: str) -> Mapping[date, Counter[int]]:
    """How many customers began a conversation in each hour by the clock on the wall. One query."""
    found: dict[date, Counter[int]] = {day.on: Counter() for day in days}
    with connection.cursor() as cursor:
        cursor.execute(BY_HOUR, _asked(days, teams) | {"verbs": ["conversation.opened"], "zone": zone})
        for number, hour, count in cursor.fetchall():
            found[days[number - 1].on][hour] = count
    return found


def _asked(days: Sequence[Day], teams: Sequence[int]) -> dict[str, Any]:
    starts, ends = [day.span.start for day in days], [day.span.end for day in days]
    return {"starts": starts, "ends": ends, "teams": list(teams)}
