"""What came in, by local day and hour, and the shape of a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOURS = 24
WEEK = 7
SHAPED_BY_DAYS = 26 * WEEK
"""The shape of a week is that of the last half year."""
BORROWED = 24.0
"""A weekday's shape is drawn towards that of all days as if so many more had come as on all days."""


@dataclass(frozen=True, eq=False)
class Volumes:
    """Contacts by local date, from `first` on without a gap, and hour: `hours` is days x 24."""

    first: date
    hours: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.hours)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self) - 1)

    @property
    def days(self) -> NDArray[np.float64]:
        """Contacts a day."""
        total: NDArray[np.float64] = self.hours.sum(axis=1)
        return total

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Of each day, Monday 0."""
        return (np.arange(len(self)) + self.first.weekday()) % WEEK

    def from_to(self, begin: int, end: int) -> Volumes:
        """The days from the one number to the other, which is not among them."""
        return Volumes(self.first + timedelta(days=begin), self.hours[begin:end])


def counted(quarters: Mapping[int, float], zone: ZoneInfo, *, first: date | None = None, last: date) -> Volumes:
    """From contacts by quarter of an hour (its number since 1970) to local days and hours, up to `last`.

    They begin on `first`, or on the first day with a contact. An hour that comes twice when the clocks change holds
    both. Raises ValueError where nothing lies before the end of `last`.
    """
    places = [(*_local(quarter, zone), number) for quarter, number in quarters.items() if number]
    places = [place for place in places if place[0] <= last and (first is None or place[0] >= first)]
    if not places:
        raise ValueError("Nothing came in these days.")
    begin = first or min(on for on, _hour, _number in places)
    hours = np.zeros(((last - begin).days + 1, HOURS))
    for on, hour, number in places:
        hours[(on - begin).days, hour] += number
    return Volumes(begin, hours)


def shape_of_week(volumes: Volumes) -> NDArray[np.float64]:
    """Which share of a day comes in which hour, by weekday (Monday first): 7 x 24, each row adds up to 1.

    The share of a weekday's contacts, drawn towards that of all days: (n(w, h) + k q(h)) / (n(w) + k). That is the
    mean of a Dirichlet distribution of the weight k = `BORROWED` around q, the shape of all days together.
    """
    recent = volumes.from_to(max(0, len(volumes) - SHAPED_BY_DAYS), len(volumes))
    by_hour = np.zeros((WEEK, HOURS))
    np.add.at(by_hour, recent.weekdays, recent.hours)
    total = by_hour.sum()
    of_all = by_hour.sum(axis=0) / total if total else np.full(HOURS, 1 / HOURS)
    shape: NDArray[np.float64] = (by_hour + BORROWED * of_all) / (by_hour.sum(axis=1, keepdims=True) + BORROWED)
    return shape


def _local(quarter: int, zone: ZoneInfo) -> tuple[date, int]:
    local = datetime.fromtimestamp(quarter * 900, zone)
    return local.date(), local.hour
