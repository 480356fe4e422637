"""Business time of many at once is the business time of each."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from answerable.core.calendar import Calendar, always_open, business_seconds
from answerable.insight.openings import Hours, Openings

SPAN = (int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()), int(datetime(2026, 11, 30, tzinfo=UTC).timestamp()))
OFFICE = Calendar("Europe/Riga", (((540, 780), (840, 1080)),) * 5 + ((), ((600, 720),)))


@given(st.lists(st.integers(*SPAN), max_size=20), st.integers(*SPAN), st.sampled_from([OFFICE, always_open()]))
def test_it_is_what_core_counts(begun: list[int], until: int, calendar: Calendar) -> None:
    begun = [min(each, until) for each in begun]
    counted = Openings.of(calendar, *SPAN).seconds(np.array(begun, dtype=np.int64), until)
    ends = datetime.fromtimestamp(until, UTC)
    assert counted.tolist() == [business_seconds(calendar, datetime.fromtimestamp(at, UTC), ends) for at in begun]


def test_a_promise_names_its_hours_and_the_usual_ones_hold_without() -> None:
    always = always_open()
    promises = [(1, "first", "", OFFICE), (1, "solved", "", OFFICE), (2, "first", "", always)]
    hours = Hours.of(promises, always, *SPAN)
    assert len(hours.openings) == 2
    assert hours.place(1, "first", None) == hours.place(1, "solved", "LV") != hours.place(2, "first", None)
    assert hours.place(None, None, "LV") == hours.place(2, "first", None)
    assert hours.place(3, "first", None) is None


def test_a_regional_promise_is_counted_in_the_hours_of_the_region() -> None:
    hours = Hours.of([(1, "first", "", OFFICE), (1, "first", "ge", always_open())], None, *SPAN)
    assert hours.place(1, "first", "GE") == 1
    assert hours.place(1, "first", "KZ") == hours.place(1, "first", None) == 0


def test_a_calendar_that_never_opens_counts_nothing() -> None:
    closed = Calendar("UTC", ((),) * 7)
    assert Openings.of(closed, *SPAN).seconds(np.array([SPAN[0]]), SPAN[1]).tolist() == [0]
