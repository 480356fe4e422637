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

EDGES = (0, 900, 3_600, 7_200, 14_400, 28_800, 57_600, DAY, 2 * DAY, 4 * DAY, 7 * DAY)


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many waits ended, or last so far, between each edge (seconds) and the next; the last is open."""

    name: str
    clock: str
    edges: tuple[int, ...]
    ended: tuple[int, ...]
    waiting: tuple[int, ...]


def distribution(facts: Facts, period: Period, name: str, clock: str = "business") -> Distribution:
    """The waits of one measure (first_response, resolution), on the days the customers wrote."""
    import ibis

    rows = within(population(facts, WAITS[name]), [period])
    rows = rows.filter(rows[clock].notnull())
    between = ibis.cases(*((rows[clock] < edge, number) for number, edge in enumerate(EDGES[1:])), else_=len(EDGES) - 1)
    cells = rows.group_by(between=between.cast("int32"), ended=rows.ended).agg(n=rows.count())
    counts = {(row["between"], row["ended"]): row["n"] for row in facts.fetch(cells).to_pylist()}
    numbers = range(len(EDGES))
    return Distribution(
        name,
        clock,
        EDGES,
        tuple(counts.get((number, True), 0) for number in numbers),
        tuple(counts.get((number, False), 0) for number in numbers),
    )


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
