"""Calendars and instants that the tests of time share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import compress, pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from answerable.core.calendar import Calendar
from answerable.core.opening import Opening, openings

# Zones with one jump a year, two, half an hour, at midnight, none, and a change of the base offset.
ZONES = (
    "Europe/Riga",
    "Asia/Almaty",
    "Asia/Tbilisi",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Apia",
    "UTC",
)
OFFICE = openings(["09:00-18:00"])
MINUTE = timedelta(minutes=1)


def weekdays(zone: str, **other: object) -> Calendar:
    """Monday to Friday, nine to six."""
    return Calendar(zone, (OFFICE,) * 5 + ((), ()), **other)  # type: ignore[arg-type]


def local(zone: str, text: str) -> datetime:
    """An instant from a local wall time, ``2024-03-29 17:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def days() -> st.SearchStrategy[tuple[Opening, ...]]:
    """A day's openings in whole minutes, round times and odd ones, up to four of them."""
    minutes = st.one_of(st.integers(0, 48).map(lambda half: half * 30), st.integers(0, 1440))
    bounds = st.lists(minutes, unique=True, max_size=8).map(sorted)
    return bounds.map(lambda found: tuple(zip(found[::2], found[1::2], strict=False)))


@st.composite
def situations(draw: st.DrawFn, *, staffed: bool = False) -> tuple[Calendar, datetime]:
    """A calendar and an instant (whole minute, UTC), often close to where the zone's clocks jump.

    A staffed calendar is open at least on Wednesdays.
    """
    zone = draw(st.sampled_from(ZONES))
    midnights = st.dates(date(2000, 1, 1), date(2037, 1, 1)).map(_midnight)
    start = draw(st.sampled_from(JUMPS[zone]) | midnights) - timedelta(minutes=draw(st.integers(0, 3000)))
    week = list(draw(st.tuples(*[days()] * 7)))
    if staffed and not week[2]:
        week[2] = OFFICE
    near = st.integers(-1, 7).map(lambda ahead: (start + timedelta(days=ahead)).date())
    return (
        Calendar(
            zone,
            tuple(week),
            holidays=draw(st.dictionaries(near, st.just("Holiday"), max_size=2)),
            dates=draw(st.dictionaries(near, days(), max_size=2)),
        ),
        start,
    )


def by_minute(calendar: Calendar, start: datetime, minutes: int) -> list[bool]:
    """Open or not for each minute, by looking at the wall clock alone; in a repeated hour nothing changes."""
    states, state = [], False
    for number in range(-600, minutes):
        wall = (start + number * MINUTE).astimezone(calendar.zone)
        if not wall.fold:
            minute = wall.hour * 60 + wall.minute
            state = any(opens <= minute < closes for opens, closes in calendar.day(wall.date()).openings)
        states.append(state)
    return states[600:]


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _jumps(zone: str) -> list[datetime]:
    """Instants within a day after each change of offset from 2005 to 2030, or one instant."""
    midnights = [_midnight(date(2005, 1, 1)) + timedelta(days=number) for number in range(365 * 25)]
    offsets = [midnight.astimezone(ZoneInfo(zone)).utcoffset() for midnight in midnights]
    changed = (before != after for before, after in pairwise(offsets))
    return list(compress(midnights[1:], changed)) or midnights[:1]


JUMPS = {zone: _jumps(zone) for zone in ZONES}
APIA_WITHOUT_A_DAY = date(2011, 12, 30)
