"""What customers were told of their wait as they began it, and what became of that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from answerable.core.foretold import Tally
from answerable.core.waiting import Wait
from answerable.desk.models import Conversation, ToldWait

FILTERS = ("channel", "segment", "language")
OUTCOMES = ("within", "outside", "waiting", "overdue", "left")
# By the index on team and time, then each conversation by its key: what it takes grows with those who were told.
TOLD = """
WITH told AS (
    SELECT *, CASE
            WHEN waited IS NOT NULL AND waited BETWEEN low_seconds AND high_seconds THEN 'within'
            WHEN waited IS NOT NULL THEN 'outside'
            WHEN NOT is_unsolved THEN 'left'
            WHEN so_far > high_seconds THEN 'overdue' ELSE 'waiting' END AS outcome
    FROM (
        SELECT wait.conversation_id, wait.at, wait.seconds, wait.low_seconds, wait.high_seconds,
            extract(epoch FROM row.first_answered_at - wait.at)::float AS waited,
            extract(epoch FROM now() - wait.at)::float AS so_far,
            row.status IN ('new', 'open', 'pending', 'on_hold') AS is_unsolved
        FROM desk_toldwait wait JOIN desk_conversation row ON row.id = wait.conversation_id
        WHERE wait.team_id = ANY(%(teams)s) AND wait.at >= %(since)s AND wait.at < %(until)s
            AND row.spam_at IS NULL AND row.merged_into_id IS NULL {filters}
    ) measured
)
"""
TALLIED = """
SELECT at >= %(cut)s AS is_after, outcome, count(*), coalesce(sum(seconds - waited), 0),
    coalesce(sum(abs(seconds - waited)), 0), coalesce(sum((seconds - waited) ^ 2), 0)
FROM told GROUP BY 1, 2
"""
LISTED = """
SELECT conversation_id, at, seconds, low_seconds, high_seconds, waited, so_far, outcome FROM told
WHERE outcome = ANY(%(outcomes)s) AND (at, conversation_id) > (%(after_at)s, %(after_id)s)
ORDER BY at, conversation_id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Those:
    """Customers whom these teams told a wait, from `since` until before `until`; `filters`: what a conversation's
    channel, segment and language must be."""

    teams: Collection[int]
    since: datetime
    until: datetime
    filters: Mapping[str, str]

    @property
    def _sql(self) -> str:
        return TOLD.format(filters=" ".join(f"AND row.{name} = %({name})s" for name in FILTERS if name in self.filters))

    @property
    def _values(self) -> dict[str, Any]:
        return {"teams": list(self.teams), "since": self.since, "until": self.until, **self.filters}


@dataclass(frozen=True)
class Row:
    """One of them. `seconds` waited: until the answer, or so far, or None where they went without one."""

    conversation: int
    at: datetime
    told: Wait
    outcome: str
    seconds: float | None


def tell(conversation: Conversation, ahead: int, wait: Wait, at: datetime) -> None:
    """Keep what its customer was told as they began to wait; once."""
    said: dict[str, Any] = {"seconds": wait.seconds, "low_seconds": wait.low, "high_seconds": wait.high, "n": wait.n}
    said |= {"team_id": conversation.team_id, "ahead": ahead, "at": at}
    ToldWait.objects.get_or_create(conversation=conversation, defaults=said)


def tallies(those: Those, cut: datetime) -> tuple[Tally, Tally]:
    """Before `cut` and from then on. One query."""
    found = [Tally(), Tally()]
    with connection.cursor() as cursor:
        cursor.execute(those._sql + TALLIED, {**those._values, "cut": cut})
        for is_after, outcome, n, too_long, off, squares in cursor.fetchall():
            found[is_after] += Tally(**{outcome: n}, too_long=too_long, off=off, squares=squares)
    return found[0], found[1]


def listed(those: Those, outcomes: Collection[str], after: tuple[datetime, int] | None, most: int) -> list[Row]:
    """The earliest, or those after one place (instant and conversation). One query."""
    at, pk = after or (those.since, 0)
    values = {**those._values, "outcomes": list(outcomes), "after_at": at, "after_id": pk, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(those._sql + LISTED, values)
        return [_row(*each) for each in cursor.fetchall()]


def _row(
    pk: int, at: datetime, seconds: float, low: float, high: float, waited: float | None, so_far: float, outcome: str
) -> Row:
    return Row(pk, at, Wait(seconds, low, high, 0), outcome, so_far if outcome in ("waiting", "overdue") else waited)
