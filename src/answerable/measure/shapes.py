"""Two counts that only charts need: how long waits were, and when customers write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answerable.measure.frame import TOTAL
from answerable.measure.period import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from answerable.measure.frame import Frame

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


def distribution(frame: Frame, name: str, clock: str = "business") -> Distribution:
    """The waits of one measure (first_response, resolution), on the days the customers wrote, of what
    `waiting.fetch` brought."""
    edges = EDGES[clock]
    seconds = frame.numbers(f"{name}_{clock}")
    inside = (frame.codes(TOTAL).of_row == 0) & (seconds >= 0)
    place = np.searchsorted(edges[1:], seconds[inside], side="right")
    ended, settled = (frame.numbers(f"{name}_{what}")[inside] for what in ("ended", "settled"))

    def counted(part: NDArray[np.bool_]) -> tuple[int, ...]:
        return tuple(np.bincount(place[part], minlength=len(edges)).tolist())

    return Distribution(name, clock, edges, counted(ended), counted(~ended & ~settled), counted(settled))


def arrivals(frame: Frame) -> list[list[int]]:
    """Conversations that customers opened, by local weekday (0 is Monday) and hour of the wall clock."""
    hours = frame.numbers("hour")[frame.codes(TOTAL).of_row == 0]
    week: list[list[int]] = np.bincount(hours, minlength=7 * 24).reshape(7, 24).tolist()
    return week
