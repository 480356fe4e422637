"""Escalations that went off and are not dealt with: whose they are, since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from answerable.desk.models import Clock, Conversation
from answerable.insight.today.load import OPEN_STATUSES

if TYPE_CHECKING:
    from answerable.insight.today.board import Board

MOST = 50
WALK = 5_000
"""So many of the most urgent conversations are looked through."""

# The most urgent conversations by the index on what falls due next, each with the steps that went off for a promise
# that is still to be kept. It stops as soon as enough are found. OFFSET 0 keeps it a look at each in its order.
OPEN = f"""
SELECT urgent.id, fired.kind, fired.due_at, fired.first, fired.steps
FROM (
    SELECT id, due_at FROM desk_conversation
    WHERE status IN ({OPEN_STATUSES}) AND snoozed_until IS NULL AND due_at IS NOT NULL AND team_id = ANY(%(teams)s)
    ORDER BY due_at, id LIMIT %(walk)s
) AS urgent
CROSS JOIN LATERAL (
    SELECT clock.kind, clock.due_at, min(step.fired_at) AS first, count(*) AS steps
    FROM desk_clock AS clock JOIN desk_escalation AS step ON step.clock_id = clock.id
    WHERE clock.conversation_id = urgent.id AND clock.stopped_at IS NULL AND step.fired_at IS NOT NULL
    GROUP BY clock.id ORDER BY clock.due_at LIMIT 1 OFFSET 0
) AS fired
ORDER BY urgent.due_at, urgent.id LIMIT %(most)s
"""  # noqa: S608 (of our own pieces)


@dataclass(frozen=True)
class Open:
    """A conversation with an escalation that went off, the first time at `since`, by `steps` steps."""

    conversation: Conversation
    promise: str
    is_solution: bool
    due_at: datetime | None
    since: datetime
    steps: int


def open_escalations(board: Board) -> Sequence[Open]:
    """The MOST most urgent. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"teams": board.team_ids, "walk": WALK, "most": MOST})
        rows = cursor.fetchall()
    seen = Conversation.objects.visible_to(board.reader).select_related("assignee", "contact", "team")
    known = seen.in_bulk([row[0] for row in rows]) if rows else {}
    return [
        Open(known[pk], str(Clock.Kind(kind).label), kind == Clock.Kind.RESOLUTION, due_at, since, steps)
        for pk, kind, due_at, since, steps in rows
        if pk in known
    ]
