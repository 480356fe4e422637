"""A rota's arithmetic, against brute force and by the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.calendar import Interval
from answerable.core.rota import Week, fault_of, joined, lay_out, length, uncovered, within, without

RIGA = ZoneInfo("Europe/Riga")
START = datetime(2026, 3, 1, tzinfo=UTC)
minutes = st.integers(0, 120)
spans = st.lists(
    st.tuples(minutes, minutes).map(lambda two: Interval(*(START + timedelta(minutes=each) for each in sorted(two)))),
    max_size=8,
)


def covered(some: list[Interval]) -> set[int]:
    """Each minute that lies in one of them."""
    return {m for m in range(120) if any(start <= START + timedelta(minutes=m) < end for start, end in some)}


@settings(max_examples=40, deadline=None)
@given(spans, spans)
def test_sets_of_minutes(some: list[Interval], others: list[Interval]) -> None:
    assert covered(joined(some)) == covered(some)
    assert covered(without(some, others)) == covered(some) - covered(others)
    assert covered(uncovered(some, others)) | (covered(some) & covered(others)) == covered(some)
    frame = Interval(START + timedelta(minutes=60), START + timedelta(minutes=90))
    assert covered(within(some, frame)) == covered(some) & set(range(60, 90))
    assert length(some) == timedelta(minutes=len(covered(some)))
    for result in (joined(some), without(some, others), within(some, frame)):
        assert all(one.end < other.start for one, other in pairwise(result))
        assert all(start < end for start, end in result)


def week(begins: int, ends: int, *breaks: tuple[int, int], zone: ZoneInfo = RIGA) -> Week:
    return Week(frozenset(range(7)), begins * 60, ends * 60, tuple((a * 60, b * 60) for a, b in breaks), zone)


def test_nine_stays_nine_when_the_clocks_change() -> None:
    before, after = lay_out(week(9, 18, (12, 13)), date(2026, 3, 28), date(2026, 3, 29))
    assert before.span.start == datetime(2026, 3, 28, 7, tzinfo=UTC)
    assert after.span.start == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert after.breaks == (Interval(datetime(2026, 3, 29, 9, tzinfo=UTC), datetime(2026, 3, 29, 10, tzinfo=UTC)),)


def test_a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    def night(on: date) -> timedelta:
        (laid,) = lay_out(week(22, 6, (2, 4)), on, on)
        return laid.span.end - laid.span.start

    assert night(date(2026, 3, 28)) == timedelta(hours=7)
    assert night(date(2026, 6, 1)) == timedelta(hours=8)
    assert night(date(2026, 10, 24)) == timedelta(hours=9)


def test_hours_that_the_clocks_skip_make_no_shift() -> None:
    assert list(lay_out(week(3, 4), date(2026, 3, 29), date(2026, 3, 29))) == []


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["Europe/Riga", "Asia/Tbilisi", "Asia/Almaty", "America/St_Johns", "Australia/Lord_Howe"]),
    st.dates(date(2024, 1, 1), date(2027, 12, 1)),
    st.sets(st.integers(0, 6), min_size=1),
)
def test_each_day_is_laid_once_at_its_local_time(name: str, first: date, weekdays: set[int]) -> None:
    zone = ZoneInfo(name)
    last = first + timedelta(days=20)
    laid = list(lay_out(Week(frozenset(weekdays), 9 * 60, 17 * 60 + 30, ((720, 750),), zone), first, last))
    days = [first + timedelta(days=number) for number in range(21)]
    assert [each.on for each in laid] == [day for day in days if day.weekday() in weekdays]
    for each in laid:
        assert each.span.start.astimezone(zone).time() == time(9)
        assert each.span.end.astimezone(zone).time() == time(17, 30)
        assert fault_of(each.span, each.breaks) is None
    halves = [*lay_out(laid_week(weekdays, zone), first, first + timedelta(days=9))]
    halves += lay_out(laid_week(weekdays, zone), first + timedelta(days=10), last)
    assert halves == laid


def laid_week(weekdays: set[int], zone: ZoneInfo) -> Week:
    return Week(frozenset(weekdays), 9 * 60, 17 * 60 + 30, ((720, 750),), zone)


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("span", "breaks", "fault"),
    [
        ((9, 17), [], None),
        ((9, 17), [(12, 13), (15, 15.5)], None),
        ((9, 33), [], None),
        ((9, 9), [], "end"),
        ((9, 8), [], "end"),
        ((9, 34), [], "long"),
        ((9, 17), [(13, 12)], "break_end"),
        ((9, 17), [(8, 10)], "break_outside"),
        ((9, 17), [(16, 18)], "break_outside"),
        ((9, 17), [(12, 13), (12.5, 14)], "breaks_overlap"),
    ],
)
def test_what_is_wrong_with_a_shift(
    span: tuple[float, float], breaks: list[tuple[float, float]], fault: str | None
) -> None:
    assert fault_of(Interval(at(span[0]), at(span[1])), [Interval(at(a), at(b)) for a, b in breaks]) == fault
