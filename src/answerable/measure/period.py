"""Periods of whole local days, and the cutting of them into days, weeks and months.

The engine counts local days since 1970 (an integer per row, made with the zone's few offsets in the
period); everything larger than a day is looked up here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np

from answerable.core.said import Said, gettext_noop

if TYPE_CHECKING:
    import ibis.expr.types as ir

Cut = Literal["day", "week", "month"]
CUTS: tuple[Cut, ...] = get_args(Cut)
EPOCH = date(1970, 1, 1)
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `since` up to, not including, `until`, in a time zone.

    Raises ValueError when it holds no day or the zone is unknown.
    """

    since: date
    until: date
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.since >= self.until:
            empty = gettext_noop("A period from {since} until {until} holds no day.")
            raise ValueError(Said(empty, since=str(self.since), until=str(self.until)))
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError) as error:
            raise ValueError(Said(gettext_noop("“{zone}” is not a time zone."), zone=self.zone)) from error

    @property
    def days(self) -> int:
        """How many local days."""
        return (self.until - self.since).days

    @property
    def first_day(self) -> int:
        """`since` as days after 1 January 1970."""
        return (self.since - EPOCH).days

    @property
    def instants(self) -> tuple[int, int]:
        """Unix seconds of its beginning and its end (not included)."""
        return _midnight(self.since, self.zone), _midnight(self.until, self.zone)

    def before(self) -> Period:
        """The period of as many days just before."""
        return Period(self.since - timedelta(days=self.days), self.since, self.zone)

    def base(self) -> Period:
        """The window just before, for what is counted by calendar: as many months before whole months, else days."""
        if self.since.day != 1 or self.until.day != 1:
            return self.before()
        months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
        year, month = divmod(self.since.year * 12 + self.since.month - 1 - months, 12)
        return Period(date(year, month + 1, 1), self.since, self.zone)

    def overlaps(self, other: Period) -> bool:
        """Whether a day is in both."""
        return self.since < other.until and other.since < self.until

    def starts(self, cut: Cut) -> list[date]:
        """The first day of each piece, whole weeks from Monday; the first may begin before the period."""
        return list(dict.fromkeys(_starts(self, cut)))

    def offsets(self) -> list[tuple[int, int]]:
        """The zone's offsets from UTC as (from this Unix second, seconds east), in order."""
        zone = ZoneInfo(self.zone)
        start, end = self.instants
        found = [(start, _east(start, zone))]
        for noon in range(start, end + DAY, DAY):
            if _east(noon, zone) != found[-1][1]:
                found.append((_change(noon - DAY, noon, zone), _east(noon, zone)))
        return found


def _midnight(day: date, zone: str) -> int:
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp())


def _east(instant: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(instant, UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _change(low: int, high: int, zone: ZoneInfo) -> int:
    """The Unix second between two at which the zone's offset changes."""
    before = _east(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _east(middle, zone) == before else (low, middle)
    return high


def piece_start(day: date, cut: Cut) -> date:
    """The first day of the day, week (from Monday, ISO 8601) or month that `day` is in."""
    if cut == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if cut == "month" else day


def offsets(periods: list[Period]) -> tuple[tuple[int, int], ...]:
    """The offsets of the zone within the periods as (from this Unix second, seconds east), in order, no two alike
    one after the other."""
    every = sorted({pair for period in periods for pair in period.offsets()})
    return tuple(pair for i, pair in enumerate(every) if i == 0 or every[i - 1][1] != pair[1])


def local_seconds(instant: ir.IntegerValue, offsets: Sequence[tuple[Any, Any]]) -> ir.IntegerValue:
    """Unix seconds of a column as seconds of the local wall clock, by the offsets, whose numbers may be expressions."""
    import ibis

    if len(offsets) == 1:
        return instant + offsets[0][1]
    branches = [(instant < until, east) for (_, east), (until, _) in pairwise(offsets)]
    return instant + ibis.cases(*branches, else_=offsets[-1][1])


def lookup(period: Period, first_day: int, last_day: int, cut: Cut | None = None) -> np.ndarray:
    """For each day number from `first_day` to `last_day`: the piece of the period it is in, or -1.

    Without a cut the whole period is piece 0. Pieces are numbered as `period.starts(cut)`.
    """
    numbers = {start: number for number, start in enumerate(period.starts(cut))} if cut else {}
    room = np.min_scalar_type(-len(numbers) - 2)  # also for one more than the last piece
    table = np.full(last_day - first_day + 1, -1, dtype=room)
    begin = period.first_day - first_day
    table[begin : begin + period.days] = [numbers[start] for start in _starts(period, cut)] if cut else 0
    return table


@lru_cache(64)
def _starts(period: Period, cut: Cut) -> tuple[date, ...]:
    """The first day of the piece of each day."""
    return tuple(piece_start(period.since + timedelta(days=number), cut) for number in range(period.days))
