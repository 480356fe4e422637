"""Open time by arrays is that of `core.calendar`, clock by clock."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.calendar import Calendar, add_business, always_open, business_time, is_open
from answerable.core.rehearsal import NEVER, OpenTime, micros, moment
from tests.core.calendars import situations

DAYS = 40
MINUTES = st.lists(st.integers(0, DAYS * 1440), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None)
@given(situations(staffed=True), MINUTES, st.integers(1, 30_000_000_000))
def test_it_is_the_calendars(situation: tuple[Calendar, "object"], minutes: list[int], odd: int) -> None:
    calendar, start = situation
    first = micros(start)  # type: ignore[arg-type]
    time = OpenTime(calendar, first, first + 2 * DAYS * 86_400_000_000)
    at = first + np.array([minute * 60_000_000 + odd % 60_000_000 * (minute % 2) for minute in minutes])
    counted = time.until(at)
    for instant, passed, opened in zip(at.tolist(), counted.tolist(), time.is_open(at).tolist(), strict=True):
        assert timedelta(microseconds=passed) == business_time(calendar, moment(first), moment(instant))
        assert opened == is_open(calendar, moment(instant))
    found = time.reached(counted + odd)
    for instant, due in zip(at.tolist(), found.tolist(), strict=True):
        expected = micros(add_business(calendar, moment(instant), timedelta(microseconds=odd)))
        assert due == (expected if expected <= first + 2 * DAYS * 86_400_000_000 else NEVER)


def test_around_the_clock_every_instant_counts() -> None:
    time = OpenTime(always_open(), 0, 10_000_000)
    assert time.until(np.array([0, 7, 10_000_000])).tolist() == [0, 7, 10_000_000]
    assert time.reached(np.array([1, 10_000_000, 10_000_001])).tolist() == [1, 10_000_000, NEVER]


def test_a_time_that_never_opens_reaches_nothing() -> None:
    closed = Calendar("UTC", ((),) * 7)
    time = OpenTime(closed, 0, 10_000_000)
    assert time.until(np.array([0, 5])).tolist() == [0, 0]
    assert time.reached(np.array([1])).tolist() == [NEVER]
