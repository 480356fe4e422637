"""What today brings: what waits by now, what falls due, how much is to be expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from answerable.core.estimates import Usual, usual
from answerable.desk.models.conversation import UNSOLVED
from answerable.insight.today.happened import arrivals_by_hour
from answerable.measure.words import number
from answerable.web.words import reader_locale

if TYPE_CHECKING:
    from answerable.insight.today.board import Board

SOON = timedelta(hours=2)
HIGH = 100
MOST_COUNTED = 999
"""A count stops here and says “999+”."""

# Each part reads one index of what is open and awake, up to the limit; the statuses as partial indexes know them.
OPEN_STATUSES = ", ".join(f"'{status.value}'" for status in UNSOLVED)
AWAKE = f"""
FROM desk_conversation WHERE status IN ({OPEN_STATUSES}) AND snoozed_until IS NULL AND team_id = ANY(%(teams)s)
"""
PARTS = {
    "open": "",
    "waiting": "AND unanswered_since IS NOT NULL",
    "unassigned": "AND assignee_id IS NULL",
    "overdue": "AND due_at < %(now)s",
    "soon": "AND due_at >= %(now)s AND due_at < %(soon)s",
    "due": "AND due_at >= %(now)s AND due_at < %(ends)s",
}


@dataclass(frozen=True)
class Part:
    """How many stand somewhere, and where they are listed."""

    key: str
    label: str
    value: str
    href: str
    tone: str = ""
    note: str = ""
    late_since: datetime | None = None


@dataclass(frozen=True)
class Hour:
    """What usually comes in an hour, and what has come. In the drawing, HIGH high, each hour is 10 wide."""

    label: str
    usual: float
    so_far: int
    x: int
    usual_height: int
    height: int

    @property
    def usual_y(self) -> int:
        return HIGH - self.usual_height

    @property
    def y(self) -> int:
        return HIGH - self.height

    @property
    def inner_x(self) -> int:
        """Where the narrow bar begins."""
        return self.x + 2


@dataclass(frozen=True)
class Expected:
    """Conversations that will begin today, by the same weekday before."""

    usual: Usual
    so_far: int
    mean: str
    low: str
    high: str
    hours: Sequence[Hour]

    @property
    def box(self) -> str:
        """The drawing's view box."""
        return f"0 0 {max(1, len(self.hours)) * 10} {HIGH}"


def waiting(board: Board) -> list[Part]:
    """What is open, who waits, what falls due. One query."""
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 {AWAKE} {condition} LIMIT {MOST_COUNTED + 1}) AS found)"  # noqa: S608
        for condition in PARTS.values()
    )
    values: dict[str, Any] = {
        "teams": board.team_ids,
        "now": board.now,
        "soon": board.now + SOON,
        "ends": board.today.span.end,
    }
    sql = f"SELECT {counts}, (SELECT min(due_at) {AWAKE} AND due_at IS NOT NULL)"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        *numbers, soonest = cursor.fetchone()
    found = dict(zip(PARTS, numbers, strict=True))
    late = soonest if soonest is not None and soonest < board.now else None
    return [
        _part(board, "waiting", _("Wait for our answer"), found["waiting"]),
        _part(board, "unassigned", _("Nobody's yet"), found["unassigned"]),
        _part(
            board, "overdue", _("Overdue"), found["overdue"], tone="bad" if found["overdue"] else "", late_since=late
        ),
        _part(board, "soon", _("Due within two hours"), found["soon"], tone="warn" if found["soon"] else ""),
        _part(board, "due", _("Due today"), found["due"]),
        _part(board, "open", _("Open in all"), found["open"]),
    ]


def expected(board: Board) -> Expected:
    """What today brings by the same weekday before, and what has come so far. One query."""
    days = board.like(board.today)
    found = arrivals_by_hour([board.today, *days], board.team_ids, zone=board.zone.key)
    today, before = found[board.today.on], [found[day.on] for day in days]
    ordinary = usual([sum(hours.values()) for hours in before])
    locale = str(reader_locale())

    def said(value: float | None) -> str:
        return "" if value is None else number(float(round(value)), "count", locale, 0)

    return Expected(
        ordinary,
        sum(today.values()),
        said(ordinary.mean),
        said(ordinary.low),
        said(ordinary.high),
        _hours(today, before),
    )


def _hours(today: Counter[int], before: Sequence[Counter[int]]) -> list[Hour]:
    """From the first hour in which anything ever came to the last."""
    means = {hour: sum(day[hour] for day in before) / len(before) if before else 0.0 for hour in range(24)}
    some = [hour for hour in range(24) if means[hour] or today[hour]]
    if not some:
        return []
    top = max([1.0, *means.values(), *today.values()])
    return [
        Hour(
            f"{hour:02d}:00",
            means[hour],
            today[hour],
            10 * place,
            round(HIGH * means[hour] / top),
            round(HIGH * today[hour] / top),
        )
        for place, hour in enumerate(range(some[0], some[-1] + 1))
    ]


def _part(
    board: Board, key: str, label: str, count: int, *, tone: str = "", late_since: datetime | None = None
) -> Part:
    value = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
    asked = urlencode({"of": key, "team": board.team.pk})
    return Part(
        key, label, value, f"{reverse('today-conversations')}?{asked}" if count else "", tone, late_since=late_since
    )
