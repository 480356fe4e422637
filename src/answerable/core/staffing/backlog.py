"""Work that may wait, such as e-mail: how many hands work it off in time, and what given hands leave.

A week of intervals repeats. Work flows in evenly over each interval and is done in the order in which it came; time
counts in open time only, so what comes while closed is there when it opens. No queueing formula: where a target is
hours, nobody waits for a free agent, but work waits for its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEEKS = 3
"""The week is run through so often; the second is what an ordinary one looks like."""
_POINTS = 64
"""Contacts of an interval are looked at in so many places."""
_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Flow:
    """A week's contacts that may wait: `arrivals` and open seconds (`opened`) by interval. One takes
    `handling_seconds`, and is promised an answer within `limit_seconds` of open time.

    Raises ValueError for lengths that differ, for negative numbers, and for a week that never opens.
    """

    arrivals: Sequence[float]
    opened: Sequence[float]
    handling_seconds: float
    limit_seconds: float

    def __post_init__(self) -> None:
        numbers = (*self.arrivals, *self.opened, self.limit_seconds)
        if len(self.arrivals) != len(self.opened) or min(numbers, default=0) < 0 or self.handling_seconds <= 0:
            raise ValueError("Backlog: arrivals and opening must be as many, and none of them negative.")
        if not sum(self.opened):
            raise ValueError("Backlog: work waits for ever in a week that never opens.")


@dataclass(frozen=True, eq=False)
class Worked:
    """What came of a week: the share answered in time, seconds of work done by interval, contacts that wait at the
    end of each, and by how many more the week ends than it began."""

    in_time: float
    done: NDArray[np.float64]
    waiting: NDArray[np.float64]
    growth: float


def hands_needed(flow: Flow, in_time: float = 1.0) -> NDArray[np.float64]:
    """People at work in each interval, in fractions, who just keep the limit: as even a pace as that allows.

    Between the work that is due and the work that is there, cumulated over open time, the shortest string is pulled:
    no plan has a lower peak, nor a lower sum of any convex cost. Source: Yao, Demers and Shenker (1995), A scheduling
    model for reduced CPU energy, FOCS 36:374-382, whose deadlines here come in the order of arrivals.

    A pace is even within an interval, so that what falls due in the midst of one may be late; where fewer than the
    share `in_time` would be kept, the plan is made for a limit that is shorter by up to an interval.
    """
    hands = _pulled(flow, 0.0)
    for part in (0.25, 0.5, 1.0):
        if work_off(flow, hands.tolist()).in_time >= in_time - _NOTHING:
            break
        hands = _pulled(flow, part * max(flow.opened))
    return hands


def work_off(flow: Flow, hands: Sequence[float]) -> Worked:
    """What so many people at work in each interval (fractions are parts of it) make of the week."""
    axis = _Axis(flow)
    each = np.asarray(flow.opened, dtype=np.float64) * np.asarray(hands, dtype=np.float64)
    able = np.tile(each[axis.places], WEEKS)
    done = np.empty(len(able))
    so_far = 0.0
    for place, (more, there) in enumerate(zip(able.tolist(), axis.there.tolist(), strict=True)):
        so_far = done[place] = min(there, so_far + more)
    wait = (axis.there - done) / flow.handling_seconds
    week, size = axis.of_second_week, len(axis.places)
    seconds, waiting = np.zeros(len(each)), np.zeros(len(each))
    seconds[axis.places] = np.diff(done, prepend=0.0)[week]
    waiting[axis.places] = wait[week]
    return Worked(axis.in_time(done), seconds, waiting, float(wait[2 * size - 1] - wait[size - 1]))


class _Axis:
    """Open time as the axis, of `WEEKS` weeks: `ends` of the open intervals and the work that is `there` by then."""

    def __init__(self, flow: Flow) -> None:
        opened = np.asarray(flow.opened, dtype=np.float64)
        self.limit = flow.limit_seconds
        self.places = np.flatnonzero(opened)
        self.of_second_week = slice(len(self.places), 2 * len(self.places))
        lengths = np.tile(opened, WEEKS)
        work = np.tile(np.asarray(flow.arrivals, dtype=np.float64) * flow.handling_seconds, WEEKS)
        # Where each interval ends, in open time, and how much work has come by then; both begin with 0.
        self.time = np.concatenate(([0.0], np.cumsum(lengths)))
        self.came = np.concatenate(([0.0], np.cumsum(work)))
        is_open = lengths > 0
        self.ends, self.there = self.time[1:][is_open], self.came[1:][is_open]

    def due(self, earlier: float) -> NDArray[np.float64]:
        """Work whose limit, `earlier` seconds off it, has passed by each end. What came while closed is due at
        once."""
        began = self.ends - max(0.0, self.limit - earlier)
        due = np.minimum(_last(self.time, self.came, began), self.there)
        due[-1] = self.there[-1]  # the string ends there
        return due

    def in_time(self, done: NDArray[np.float64]) -> float:
        """The share of the second week's work that is done within the limit; 1 where there is none."""
        share = (np.arange(_POINTS) + 0.5) / _POINTS
        size = (len(self.time) - 1) // WEEKS
        came, time = self.came[size : 2 * size + 1], self.time[size : 2 * size + 1]
        amount = np.repeat(np.diff(came), _POINTS)
        if not amount.sum():
            return 1.0
        work = (came[:-1, None] + np.diff(came)[:, None] * share).ravel()
        due = (time[:-1, None] + np.diff(time)[:, None] * share).ravel() + self.limit
        by_then = np.interp(due, np.concatenate(([0.0], self.ends)), np.concatenate(([0.0], done)))
        kept = by_then >= work - _NOTHING * max(1.0, float(self.came[-1]))
        return float(amount[kept].sum() / amount.sum())


def _pulled(flow: Flow, earlier: float) -> NDArray[np.float64]:
    """Hands by interval whose work is done `earlier` seconds before it is due."""
    axis = _Axis(flow)
    pace = _taut(axis.ends.tolist(), axis.due(earlier).tolist(), axis.there.tolist())
    seconds = np.diff(np.array(pace), prepend=0.0)[axis.of_second_week]
    hands = np.zeros(len(flow.opened))
    hands[axis.places] = np.maximum(seconds, 0.0) / np.asarray(flow.opened, dtype=np.float64)[axis.places]
    return hands


def _last(times: NDArray[np.float64], values: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolated; where several values stand at one time, the last. Before the beginning, 0."""
    place = np.searchsorted(times, at, side="right") - 1
    found = np.zeros(len(at))
    inside = place >= 0
    left = np.clip(place[inside], 0, len(times) - 2)
    width = times[left + 1] - times[left]
    part = np.where(width > 0, (at[inside] - times[left]) / np.where(width > 0, width, 1.0), 1.0)
    found[inside] = values[left] + np.clip(part, 0.0, 1.0) * (values[left + 1] - values[left])
    return found


def _taut(at: Sequence[float], low: Sequence[float], high: Sequence[float]) -> list[float]:
    """The shortest path from (0, 0) that never falls below `low` nor rises above `high` at the points `at`, where at
    the last both are the same. By the funnel of both bounds: O(n) of them looked at, some of them again."""
    place, time, level = 0, 0.0, 0.0
    found: list[float] = []
    while place < len(at):
        steepest, flattest = inf, -inf
        ceiling = floor = place
        for ahead in range(place, len(at)):
            up, down = (high[ahead] - level) / (at[ahead] - time), (low[ahead] - level) / (at[ahead] - time)
            if down > steepest:  # the floor is out of reach past the ceiling: bend there
                corner, value = ceiling, high[ceiling]
                break
            if up < flattest:
                corner, value = floor, low[floor]
                break
            if up <= steepest:
                steepest, ceiling = up, ahead
            if down >= flattest:
                flattest, floor = down, ahead
        else:
            corner, value = len(at) - 1, high[-1]
        slope = (value - level) / (at[corner] - time)
        found += [level + slope * (each - time) for each in at[place : corner + 1]]
        place, time, level = corner + 1, at[corner], value
    return found
