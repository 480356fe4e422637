"""Business hours: how much open time lies between two instants, and when a promise falls due.

Each day's openings are written in local wall time, turned into UTC intervals, and everything else is
arithmetic on UTC. A day is decided by the first of these that says something: its date override, a holiday,
its weekday.

Where the local clock jumps:

- a wall time that is **skipped** (clocks go forward) means the instant of the jump, so an opening that lies
  wholly in the skipped hour is empty;
- a wall time that comes **twice** (clocks go back) means its first coming, so nothing opens or closes again.

The worked example is in ``docs/business-time.md``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from answerable.core.opening import DAY_MINUTES, Opening, check_openings
from answerable.core.said import Said, gettext_noop

HORIZON_YEARS = 10
"""How far ahead `add_business` and `next_opening` look before they say that a calendar never opens."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_FIRST_YEAR, _LAST_YEAR = 2, 9998


class NeverOpen(ValueError):
    """The calendar has too little open time within `HORIZON_YEARS` years."""


class DayKind(StrEnum):
    """What decided a day's openings."""

    ORDINARY = "ordinary"
    CLOSED_DAY = "closed_day"
    HOLIDAY = "holiday"
    OVERRIDE = "override"


class Day(NamedTuple):
    """One local date: its openings, what decided them and, for a holiday, its name."""

    openings: tuple[Opening, ...]
    kind: DayKind
    name: str = ""


class Holidays(Protocol):
    """Names of holidays by local date; any ``Mapping[date, str]`` will do."""

    def get(self, day: date, /) -> str | None: ...


class Interval(NamedTuple):
    """An open stretch of time, in UTC; it contains its start and not its end."""

    start: datetime
    end: datetime


class _Year(NamedTuple):
    """Open intervals of one UTC year in microseconds since 1970, with the open time before each of them."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int


@dataclass(frozen=True, eq=False)
class Calendar:
    """When somebody is there to answer. Immutable; compared and hashed by identity; keeps what it worked out.

    `week` has seven tuples of openings, Monday first. `dates` overrides single local dates, an empty tuple
    closes one. `title` is what readers of each language call it. Raises ValueError for an unknown time zone
    and for openings that are out of order, overlap or leave the day.
    """

    time_zone: str
    week: tuple[tuple[Opening, ...], ...]
    holidays: Holidays = field(default_factory=dict[date, str])
    dates: Mapping[date, tuple[Opening, ...]] = field(default_factory=dict)
    name: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    zone: ZoneInfo = field(init=False, repr=False)
    _years: dict[int, _Year] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != len(WEEKDAYS):
            raise ValueError(f"A week has seven days, not {len(self.week)}.")
        for openings in (*self.week, *self.dates.values()):
            check_openings(openings)
        object.__setattr__(self, "zone", time_zone(self.time_zone))

    def day(self, on: date) -> Day:
        """The openings of a local date, and what decided them."""
        if (override := self.dates.get(on)) is not None:
            return Day(override, DayKind.OVERRIDE)
        if (holiday := self.holidays.get(on)) is not None:
            return Day((), DayKind.HOLIDAY, holiday)
        openings = self.week[on.weekday()]
        return Day(openings, DayKind.ORDINARY if openings else DayKind.CLOSED_DAY)

    def usual_day(self) -> timedelta:
        """What one working day means here: the commonest open time of a weekday, of equals the shorter.

        Raises NeverOpen for a week without openings.
        """
        lengths = Counter(filter(None, (_minutes(openings) for openings in self.week)))
        if not lengths:
            raise NeverOpen("A week without openings has no usual working day.")
        return timedelta(minutes=min(lengths, key=lambda minutes: (-lengths[minutes], minutes)))

    def week_length(self) -> timedelta:
        """The open time of an ordinary week."""
        return timedelta(minutes=sum(_minutes(openings) for openings in self.week))

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = _build_year(self, year)
        return found


def time_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as ``Europe/Riga``. Raises ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise ValueError(Said(gettext_noop("There is no time zone “{name}”."), name=name)) from error


def always_open(name: str = "always") -> Calendar:
    """Around the clock: business time is calendar time."""
    return Calendar("UTC", (((0, DAY_MINUTES),),) * len(WEEKDAYS), name=name)


def business_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Open time from `start` to `end` (aware datetimes), exact. Raises ValueError when `end` comes first."""
    first, last = _micros(start), _micros(end)
    if last < first:
        raise ValueError(f"The end {end.isoformat()} is before the start {start.isoformat()}.")
    first_year, last_year = _year_of(start), _year_of(end)
    total = _open_until(calendar._year(last_year), last) - _open_until(calendar._year(first_year), first)
    total += sum(calendar._year(year).total for year in range(first_year, last_year))
    return timedelta(microseconds=total)


def business_seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    """`business_time` in seconds."""
    return business_time(calendar, start, end).total_seconds()


def add_business(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The first instant (UTC) at which `amount` of open time has passed since `start`.

    An amount that ends with the day's last opening falls due at its close, not at the next opening; an amount
    of zero falls due at `start`. Raises NeverOpen beyond the horizon, ValueError for a negative amount.
    """
    if amount <= timedelta(0):
        if amount:
            raise ValueError("Business time is added forwards only.")
        return start.astimezone(UTC)
    first_year = _year_of(start)
    goal = _open_until(calendar._year(first_year), _micros(start)) + amount // timedelta(microseconds=1)
    for number in range(first_year, first_year + HORIZON_YEARS + 1):
        year = calendar._year(number)
        if goal <= year.total:
            index = bisect_left(year.before, goal) - 1
            return _instant(year.starts[index] + goal - year.before[index])
        goal -= year.total
    since = f"{HORIZON_YEARS} years from {start:%Y-%m-%d}"
    raise NeverOpen(f"{_called(calendar)} has less than {amount} of open time in {since}.")


def intervals(calendar: Calendar, start: datetime, end: datetime) -> list[Interval]:
    """Open intervals between `start` and `end`, in UTC, cut to them, in order, none touching the next."""
    first, last = _micros(start), _micros(end)
    clipped = (
        (max(first, opens), min(last, closes))
        for number in range(_year_of(start), _year_of(end) + 1)
        for opens, closes in _overlapping(calendar._year(number), first, last)
    )
    return [Interval(_instant(opens), _instant(closes)) for opens, closes in _joined(clipped)]


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether `at` lies in open time; the instant of closing does not."""
    year, instant = calendar._year(_year_of(at)), _micros(at)
    index = bisect_right(year.starts, instant) - 1
    return index >= 0 and instant < year.ends[index]


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """`at` itself while open, otherwise the next opening (UTC). Raises NeverOpen beyond the horizon."""
    if is_open(calendar, at):
        return at.astimezone(UTC)
    first_year, instant = _year_of(at), _micros(at)
    for number in range(first_year, first_year + HORIZON_YEARS + 1):
        starts = calendar._year(number).starts
        index = bisect_left(starts, instant)
        if index < len(starts):
            return _instant(starts[index])
    raise NeverOpen(f"{_called(calendar)} does not open within {HORIZON_YEARS} years from {at:%Y-%m-%d}.")


def local_midnight(calendar: Calendar, on: date) -> datetime:
    """The instant (UTC) at which a local date begins."""
    return _instant(_wall(calendar.zone, on, 0))


def instant(zone: ZoneInfo, on: date, minute: int) -> datetime:
    """The instant (UTC) of a local wall time, in minutes from midnight; more than a day's reach into the next.

    A time that the clocks skip is the instant of their jump; of one that comes twice, the first.
    """
    return _instant(_wall(zone, on, minute))


def _minutes(openings: Iterable[Opening]) -> int:
    return sum(end - start for start, end in openings)


def _called(calendar: Calendar) -> str:
    return f"The calendar “{calendar.name}”" if calendar.name else "The calendar"


def _micros(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone; business time needs an instant.")
    since = at - _EPOCH
    return since.days * _DAY + since.seconds * _SECOND + since.microseconds


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _year_of(at: datetime) -> int:
    year = at.astimezone(UTC).year
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"Business time is known from year {_FIRST_YEAR} to {_LAST_YEAR}, not in {year}.")
    return year


def _open_until(year: _Year, instant: int) -> int:
    index = bisect_right(year.starts, instant) - 1
    if index < 0:
        return 0
    return year.before[index] + min(instant, year.ends[index]) - year.starts[index]


def _overlapping(year: _Year, first: int, last: int) -> Iterator[tuple[int, int]]:
    begin = bisect_right(year.ends, first)
    finish = bisect_left(year.starts, last)
    return zip(year.starts[begin:finish], year.ends[begin:finish], strict=True)


def _build_year(calendar: Calendar, number: int) -> _Year:
    """Every opening of the local dates that meet this UTC year, cut to it, so that years add up."""
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise NeverOpen(f"{_called(calendar)} does not open before the year {_LAST_YEAR} ends.")
    first = _micros(datetime(number, 1, 1, tzinfo=UTC))
    last = _micros(datetime(number + 1, 1, 1, tzinfo=UTC))
    clipped = (
        (max(first, _wall(calendar.zone, on, opens)), min(last, _wall(calendar.zone, on, closes)))
        for on in _dates(date(number - 1, 12, 31), date(number + 1, 1, 1))
        for opens, closes in calendar.day(on).openings
    )
    starts, ends, before, total = [], [], [], 0
    for start, end in _joined(clipped):
        starts.append(start)
        ends.append(end)
        before.append(total)
        total += end - start
    return _Year(starts, ends, before, total)


def _dates(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ordered spans without the empty ones, touching ones made one."""
    current: tuple[int, int] | None = None
    for start, end in spans:
        if start >= end:
            continue
        if current is not None and start <= current[1]:
            current = (current[0], end)
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current


def _wall(zone: ZoneInfo, on: date, minute: int) -> int:
    """Microseconds since 1970 of a local wall time; see the module's words on skipped and repeated times."""
    wall = datetime(on.year, on.month, on.day, tzinfo=zone) + timedelta(minutes=minute)
    earlier, later = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    if earlier is None or later is None:
        raise ValueError(f"{zone.key} gives no offset for {wall.isoformat()}.")
    if earlier < later:
        return _jump(zone, wall.replace(tzinfo=UTC) - later, wall.replace(tzinfo=UTC) - earlier)
    return _micros(wall.replace(tzinfo=UTC) - earlier)


@lru_cache(maxsize=1024)
def _jump(zone: ZoneInfo, low: datetime, high: datetime) -> int:
    """The second at which the zone's offset changes between two instants."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return _micros(high)
