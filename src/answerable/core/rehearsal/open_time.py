"""Open time of many instants at once: what `core.calendar` works out for one clock, as arrays."""

from __future__ import annotations

import numpy as np

from answerable.core.calendar import Calendar, intervals
from answerable.core.rehearsal.instants import NEVER, Flags, Instants, micros, moment


class OpenTime:
    """A calendar between two instants: open time counted from the first of them. O(log intervals) an instant."""

    def __init__(self, calendar: Calendar, first: int, last: int) -> None:
        found = intervals(calendar, moment(first), moment(last))
        # One interval of no length in front, so that every instant has one before it.
        self._opens = np.array([first, *(micros(each.start) for each in found)], dtype=np.int64)
        self._closes = np.array([first, *(micros(each.end) for each in found)], dtype=np.int64)
        lengths = self._closes - self._opens
        self._before = np.cumsum(lengths) - lengths
        self.total = int(lengths.sum())

    def until(self, at: Instants) -> Instants:
        """Open time up to each instant, none of which is before the first."""
        place = np.searchsorted(self._opens, at, side="right") - 1
        counted: Instants = self._before[place] + np.minimum(at, self._closes[place]) - self._opens[place]
        return counted

    def reached(self, goal: Instants) -> Instants:
        """The first instant at which so much open time (more than nothing) has passed; NEVER after the last.

        As in `add_business`, what ends with the day's last opening is reached at its close.
        """
        place = np.searchsorted(self._before, goal, side="left") - 1
        found: Instants = np.where(goal <= self.total, self._opens[place] + goal - self._before[place], NEVER)
        return found

    def is_open(self, at: Instants) -> Flags:
        """Whether each instant is in open time; the instant of closing is not."""
        place = np.searchsorted(self._opens, at, side="right") - 1
        found: Flags = at < self._closes[place]
        return found
