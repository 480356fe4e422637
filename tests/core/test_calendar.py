"""Business hours against the values in the design's measures, by minute, and by their laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.calendar import (
    Calendar,
    DayKind,
    Interval,
    NeverOpen,
    add_business,
    always_open,
    business_seconds,
    business_time,
    intervals,
    is_open,
    next_opening,
)
from answerable.core.opening import openings
from tests.core.calendars import APIA_WITHOUT_A_DAY, MINUTE, OFFICE, by_minute, local, situations, weekdays

HOUR = timedelta(hours=1)
EASTER = {date(2024, 3, 29): "Lielā Piektdiena", date(2024, 4, 1): "Otrās Lieldienas"}


# Source: design, measures.md, "Business time"; calendar hours from the IANA time zone database.
@pytest.mark.parametrize(
    ("zone", "start", "end", "holidays", "open_hours", "calendar_hours"),
    [
        ("Europe/Riga", "2024-03-29 17:00", "2024-04-01 10:00", {}, 2, 64),
        ("Europe/Riga", "2024-03-29 17:00", "2024-04-01 10:00", EASTER, 0, 64),
        ("Europe/Riga", "2024-10-25 17:00", "2024-10-28 10:00", {}, 2, 66),
        ("Asia/Almaty", "2024-02-29 17:00", "2024-03-01 10:00", {}, 2, 18),
        ("Asia/Tbilisi", "2024-03-29 17:00", "2024-04-01 10:00", {}, 2, 65),
    ],
)
def test_published_values(
    zone: str, start: str, end: str, holidays: dict[date, str], open_hours: int, calendar_hours: int
) -> None:
    calendar = weekdays(zone, holidays=holidays)
    begins, ends = local(zone, start), local(zone, end)
    assert business_seconds(calendar, begins, ends) == open_hours * 3600
    assert business_time(always_open(), begins, ends) == calendar_hours * HOUR
    if open_hours:
        assert add_business(calendar, begins, open_hours * HOUR) == ends.astimezone(UTC)


def test_several_intervals_a_day_and_a_lunch_break() -> None:
    calendar = Calendar("Europe/Riga", (openings(["14:00-18:00", "09:00-13:00"]),) * 7)
    start = local("Europe/Riga", "2024-05-06 12:30")
    assert business_time(calendar, start, local("Europe/Riga", "2024-05-06 14:30")) == HOUR
    assert add_business(calendar, start, HOUR) == local("Europe/Riga", "2024-05-06 14:30")
    assert not is_open(calendar, local("Europe/Riga", "2024-05-06 13:00"))
    assert next_opening(calendar, local("Europe/Riga", "2024-05-06 13:00")) == local("Europe/Riga", "2024-05-06 14:00")


def test_an_override_beats_a_holiday_and_a_holiday_beats_the_weekday() -> None:
    eve, day, extra = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 27)
    calendar = weekdays(
        "Europe/Riga",
        holidays={eve: "Ziemassvētku vakars", day: "Ziemassvētki"},
        dates={eve: openings(["09:00-12:00"]), extra: openings(["10:00-11:00"])},
    )
    assert calendar.day(eve) == (((540, 720),), DayKind.OVERRIDE, "")
    assert calendar.day(day) == ((), DayKind.HOLIDAY, "Ziemassvētki")
    assert calendar.day(date(2026, 12, 26)) == ((), DayKind.CLOSED_DAY, "")
    start, end = local("Europe/Riga", "2026-12-24 00:00"), local("Europe/Riga", "2026-12-28 00:00")
    assert business_time(calendar, start, end) == 4 * HOUR


def test_due_at_closing_time_not_at_the_next_opening() -> None:
    calendar = weekdays("Europe/Riga")
    start = local("Europe/Riga", "2024-05-10 09:00")
    assert add_business(calendar, start, 9 * HOUR) == local("Europe/Riga", "2024-05-10 18:00")
    assert add_business(calendar, start, 9 * HOUR + timedelta(microseconds=1)) == local(
        "Europe/Riga", "2024-05-13 09:00"
    ) + timedelta(microseconds=1)


def test_midnight_joins_two_days() -> None:
    calendar = Calendar("Europe/Riga", (openings(["22:00-24:00", "00:00-02:00"]),) * 7)
    start = local("Europe/Riga", "2024-05-06 12:00")
    found = intervals(calendar, start, start + timedelta(days=1))
    assert found == [Interval(local("Europe/Riga", "2024-05-06 22:00"), local("Europe/Riga", "2024-05-07 02:00"))]


def test_a_skipped_time_is_the_instant_of_the_jump() -> None:
    # Riga, 2024-03-31: 03:00 becomes 04:00.
    calendar = Calendar("Europe/Riga", (openings(["02:30-03:30", "03:40-03:50", "04:00-05:00"]),) * 7)
    night = local("Europe/Riga", "2024-03-31 00:00")
    assert business_time(calendar, night, night + 6 * HOUR) == HOUR + 30 * MINUTE


def test_a_repeated_time_is_its_first_coming() -> None:
    # Riga, 2024-10-27: 04:00 becomes 03:00.
    night = local("Europe/Riga", "2024-10-27 00:00")
    until_half_past = Calendar("Europe/Riga", (openings(["03:00-03:30"]),) * 7)
    assert business_time(until_half_past, night, night + 8 * HOUR) == 30 * MINUTE
    from_half_past = Calendar("Europe/Riga", (openings(["03:30-05:00"]),) * 7)
    assert business_time(from_half_past, night, night + 8 * HOUR) == 2 * HOUR + 30 * MINUTE


def test_a_date_that_never_was() -> None:
    # Samoa went from 29 to 31 December 2011.
    calendar = Calendar("Pacific/Apia", (OFFICE,) * 7)
    start = local("Pacific/Apia", "2011-12-29 00:00")
    assert business_time(calendar, start, local("Pacific/Apia", "2012-01-01 00:00")) == 18 * HOUR
    only_then = Calendar("Pacific/Apia", ((),) * 7, dates={APIA_WITHOUT_A_DAY: OFFICE})
    assert intervals(only_then, start, start + timedelta(days=4)) == []


def test_always_open_is_one_interval() -> None:
    start, end = datetime(2023, 12, 30, 7, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    assert intervals(always_open(), start, end) == [Interval(start, end)]
    assert add_business(always_open(), start, end - start) == end


def test_never_open_is_said() -> None:
    never = Calendar("Europe/Riga", ((),) * 7, name="nobody")
    at = datetime(2024, 1, 1, tzinfo=UTC)
    with pytest.raises(NeverOpen, match="“nobody” has less than 1:00:00 of open time in 10 years"):
        add_business(never, at, HOUR)
    with pytest.raises(NeverOpen, match="does not open within 10 years"):
        next_opening(never, at)
    with pytest.raises(NeverOpen):
        never.usual_day()
    with pytest.raises(NeverOpen):
        add_business(never, datetime(9998, 1, 1, tzinfo=UTC), HOUR)


def test_the_usual_day_is_the_commonest_and_then_the_shorter() -> None:
    short, long = openings(["09:00-17:00"]), openings(["09:00-13:00", "14:00-19:00"])
    assert Calendar("UTC", (long, long, long, long, short, (), ())).usual_day() == 9 * HOUR
    assert Calendar("UTC", (long, long, short, short, (), (), ())).usual_day() == 8 * HOUR
    assert Calendar("UTC", (long, long, short, short, (), (), ())).week_length() == 34 * HOUR


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        (["9-18"], "is not an interval"),
        (["09:00-09:00"], "ends before it begins"),
        (["22:00-02:00"], "hours past midnight belong to the next day"),
        (["09:00-24:01"], "leaves the day"),
        (["09:75-12:00"], "more than 59 minutes"),
        (["09:00-13:00", "12:00-18:00"], "overlaps"),
    ],
)
def test_bad_openings_say_why(spans: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        openings(spans)


def test_bad_calendars_and_instants_say_why() -> None:
    for zone in ("Europe/Rigga", "", "Europe", "../etc/passwd", "\0"):
        with pytest.raises(ValueError, match="There is no time zone"):
            weekdays(zone)
    with pytest.raises(ValueError, match="seven days"):
        Calendar("UTC", (OFFICE,) * 5)
    with pytest.raises(ValueError, match="overlaps"):
        Calendar("UTC", (((540, 700), (600, 720)),) * 7)
    calendar, at = weekdays("UTC"), datetime(2024, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="no time zone"):
        business_time(calendar, datetime(2024, 1, 1), at)  # noqa: DTZ001
    with pytest.raises(ValueError, match="before the start"):
        business_time(calendar, at, at - HOUR)
    with pytest.raises(ValueError, match="forwards only"):
        add_business(calendar, at, -HOUR)
    with pytest.raises(ValueError, match="not in 1"):
        is_open(calendar, datetime(1, 1, 1, tzinfo=UTC))


@settings(max_examples=40, deadline=None)
@given(situations(), st.integers(0, 6 * 1440))
def test_equal_to_counting_minutes(situation: tuple[Calendar, datetime], minutes: int) -> None:
    calendar, start = situation
    states = by_minute(calendar, start, minutes)
    end = start + minutes * MINUTE
    assert business_time(calendar, start, end) == sum(states) * MINUTE
    covered = {start + number * MINUTE for number, state in enumerate(states) if state}
    found = intervals(calendar, start, end)
    told = [span.start + number * MINUTE for span in found for number in range((span.end - span.start) // MINUTE)]
    assert set(told) == covered
    assert all(before.end < after.start for before, after in pairwise(found))
    for number in range(0, minutes, 97):
        assert is_open(calendar, start + number * MINUTE) == states[number]
    if any(states):
        assert next_opening(calendar, start) == start + states.index(True) * MINUTE


@settings(max_examples=80, deadline=None)
@given(situations(), st.timedeltas(timedelta(0), timedelta(days=500)), st.floats(0, 1))
def test_additive_over_adjacent_spans(situation: tuple[Calendar, datetime], length: timedelta, share: float) -> None:
    calendar, start = situation
    middle, end = start + length * share, start + length
    whole = business_time(calendar, start, end)
    assert business_time(calendar, start, middle) + business_time(calendar, middle, end) == whole
    assert timedelta(0) <= whole <= length
    assert whole == sum((span.end - span.start for span in intervals(calendar, start, end)), timedelta(0))


@settings(max_examples=80, deadline=None)
@given(
    situations(staffed=True),
    st.timedeltas(timedelta(0), timedelta(hours=20)),
    st.timedeltas(timedelta(0), timedelta(hours=5)),
)
def test_due_time_is_the_inverse_and_monotone(
    situation: tuple[Calendar, datetime], amount: timedelta, more: timedelta
) -> None:
    calendar, start = situation
    due = add_business(calendar, start, amount)
    assert business_time(calendar, start, due) == amount
    assert due <= add_business(calendar, start, amount + more)
    assert not more or add_business(calendar, due, more) == add_business(calendar, start, amount + more)
    if amount:
        just_before = due - timedelta(microseconds=1)
        assert business_time(calendar, start, just_before) < amount
