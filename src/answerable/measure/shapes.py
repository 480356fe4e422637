"""Two counts that only charts need: how long waits were, and when customers write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answerable.measure.frame import TOTAL
from answerable.measure.kpi.conversations import ENDED, SETTLED, WAITING
from answerable.measure.period import DAY

if TYPE_CHECKING:
    from answerable.measure.kpi.conversations import Conversations

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


def distribution(rows: Conversations, name: str, clock: str = "business") -> Distribution:
    """The waits of one measure (first_response, resolution), on the days the customers wrote."""
    edges = EDGES[clock]
    seconds = rows.seconds(name, clock)
    inside = (rows.codes(TOTAL).of_row == 0) & (seconds >= 0)
    place = np.searchsorted(np.array(edges[1:], dtype=seconds.dtype), seconds[inside], side="right")
    states = np.bincount(place * 3 + rows.states[name][inside], minlength=3 * len(edges)).reshape(-1, 3)
    return Distribution(name, clock, edges, *(tuple(states[:, each].tolist()) for each in (ENDED, WAITING, SETTLED)))


def arrivals(rows: Conversations) -> list[list[int]]:
    """Conversations that customers opened, by local weekday (0 is Monday) and hour of the wall clock."""
    assert rows.arrivals is not None, "fetched without hours"
    week: list[list[int]] = rows.arrivals.reshape(7, 24).tolist()
    return week
