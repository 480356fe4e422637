"""Two counts that only charts need: how long waits were, and when customers write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerable.measure.kpi.waiting import WAITS, population, within
from answerable.measure.period import DAY, local_seconds
from answerable.measure.preparation import COUNTED

if TYPE_CHECKING:
    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

HOUR = 3_600
EDGES = {
    "business": (0, 900, *(hours * HOUR for hours in (1, 2, 4, 8, 16, 24, 40, 80, 160))),
    "calendar": (0, 900, *(hours * HOUR for hours in (1, 2, 4, 8, 16)), DAY, 2 * DAY, 4 * DAY, 7 * DAY),
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many waits ended, or last so far, between each edge (seconds) and the next; the last is open.

    `settled` are those over without having ended: solved without an answer.
    """

    name: str
    clock: str
    edges: tuple[int, ...]
    ended: tuple[int, ...]
    waiting: tuple[int, ...]
    settled: tuple[int, ...]


def distribution(facts: Facts, period: Period, name: str, clock: str = "business") -> Distribution:
    """The waits of one measure (first_response, resolution), on the days the customers wrote."""
    import ibis

    rows = within(population(facts, WAITS[name]), [period])
    rows = rows.filter(rows[clock].notnull())
    edges = EDGES[clock]
    between = ibis.cases(*((rows[clock] < edge, number) for number, edge in enumerate(edges[1:])), else_=len(edges) - 1)
    cells = rows.group_by(between=between.cast("int32"), ended=rows.ended, settled=rows.settled).agg(n=rows.count())
    counts = {(row["between"], row["ended"], row["settled"]): row["n"] for row in facts.fetch(cells).to_pylist()}
    parts = ((True, False), (False, False), (False, True))
    ended, waiting, settled = (tuple(counts.get((number, *part), 0) for number in range(len(edges))) for part in parts)
    return Distribution(name, clock, edges, ended, waiting, settled)


def arrivals(facts: Facts, period: Period) -> list[list[int]]:
    """Conversations that customers opened, by local weekday (0 is Monday) and hour of the wall clock."""
    rows = within(facts.conversations.filter(facts.conversations.standing == COUNTED), [period])
    # 1 January 1970 was a Thursday: three days after a Monday.
    hour = (local_seconds(rows["at"], [period]) + 3 * DAY) % (7 * DAY) // 3_600
    cells = facts.fetch(rows.group_by(hour=hour.cast("int32")).agg(n=rows.count())).to_pylist()
    week = [[0] * 24 for _ in range(7)]
    for cell in cells:
        week[cell["hour"] // 24][cell["hour"] % 24] = cell["n"]
    return week
