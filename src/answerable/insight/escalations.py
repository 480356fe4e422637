"""Which steps of escalation went off, how often: from the events that they leave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# By the index on verb and time, then each clock by its key: what it takes grows with the escalations, not the desk.
FIRED = """
SELECT clock.standard, (event.particulars ->> 'share')::numeric AS share, count(*),
    count(DISTINCT clock.conversation_id)
FROM events_event event JOIN desk_clock clock ON clock.id = substr(event.subject, 7)::bigint
WHERE event.verb = 'clock.escalated' AND event.at >= %s AND event.at < %s AND event.team_id = ANY(%s)
    AND clock.standard = ANY(%s)
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Fired:
    """Steps of a standard's escalation at one share (percent) of its target: how many, in how many conversations."""

    standard: str
    percent: int
    steps: int
    conversations: int


def fired(standards: Collection[str], teams: Collection[int], since: datetime, until: datetime) -> list[Fired]:
    """Of these standards, in conversations of these teams."""
    with connection.cursor() as cursor:
        cursor.execute(FIRED, [since, until, list(teams), list(standards)])
        return [
            Fired(standard, round(float(share) * 100), steps, conversations)
            for standard, share, steps, conversations in cursor.fetchall()
        ]
