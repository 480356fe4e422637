"""Clocks: due times, pauses, shares of the target, and an explanation that accounts for every second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.calendar import Calendar, always_open, business_time
from answerable.core.clock import Clock, Pause, State
from answerable.core.opening import openings
from tests.core.calendars import local, weekdays
from tests.core.clocks import clocks

HOUR = timedelta(hours=1)


def riga(text: str) -> datetime:
    return local("Europe/Riga", text)


OFFICE = weekdays("Europe/Riga", name="office")


def test_four_hours_over_a_weekend() -> None:
    clock = Clock(OFFICE, 4 * HOUR, riga("2024-05-10 16:00"))
    assert clock.due_at == riga("2024-05-13 11:00")
    assert clock.reached_at(0.5) == riga("2024-05-10 18:00")
    assert clock.reached_at(1.25) == riga("2024-05-13 12:00")
    at = riga("2024-05-13 10:00")
    assert (clock.elapsed(at), clock.share(at)) == (3 * HOUR, 0.75)
    assert clock.share(riga("2024-05-13 12:30")) == 5.5 / 4
    assert clock.elapsed(riga("2024-05-09 10:00")) == timedelta(0)


def test_pauses_move_the_due_time() -> None:
    pauses = (
        Pause(riga("2024-05-10 17:00"), riga("2024-05-13 10:00")),
        Pause(riga("2024-05-10 17:30"), riga("2024-05-13 09:30")),
    )
    clock = Clock(OFFICE, 4 * HOUR, riga("2024-05-10 16:00"), pauses)
    assert clock.due_at == riga("2024-05-13 13:00")
    assert clock.state(riga("2024-05-11 10:00")) is State.PAUSED
    assert clock.state(riga("2024-05-13 10:00")) is State.RUNNING
    assert clock.elapsed(riga("2024-05-12 10:00")) == HOUR


def test_an_open_pause_keeps_the_due_time_unknown() -> None:
    clock = Clock(OFFICE, 4 * HOUR, riga("2024-05-10 16:00"), (Pause(riga("2024-05-10 17:00")),))
    assert clock.due_at is None
    assert clock.reached_at(0.25) == riga("2024-05-10 17:00")
    assert clock.reached_at(0.5) is None
    assert clock.state(riga("2030-01-01 00:00")) is State.PAUSED
    assert clock.elapsed(riga("2030-01-01 00:00")) == HOUR


def test_due_before_an_open_pause_stays_due() -> None:
    clock = Clock(OFFICE, HOUR, riga("2024-05-10 16:00"), (Pause(riga("2024-05-10 17:00")),))
    assert clock.due_at == riga("2024-05-10 17:00")
    assert clock.state(riga("2024-05-10 17:00")) is State.PAUSED
    assert clock.state(riga("2024-05-10 17:01")) is State.BREACHED


@pytest.mark.parametrize(
    ("stopped", "state"),
    [("2024-05-10 18:00", State.MET), ("2024-05-10 17:00", State.MET), ("2024-05-11 12:00", State.BREACHED)],
)
def test_the_due_time_is_the_yardstick(stopped: str, state: State) -> None:
    clock = Clock(OFFICE, 2 * HOUR, riga("2024-05-10 16:00"), stopped_at=riga(stopped))
    assert clock.due_at == riga("2024-05-10 18:00")
    assert clock.state(riga("2024-05-20 00:00")) is state
    assert clock.state(riga("2024-05-10 16:30")) is State.RUNNING, "the stop has not happened yet"


def test_pauses_before_the_start_and_empty_ones_change_nothing() -> None:
    start = riga("2024-05-10 10:00")
    pauses = (Pause(start - 5 * HOUR, start), Pause(start + HOUR, start + HOUR))
    assert Clock(OFFICE, HOUR, start, pauses).due_at == start + HOUR


def test_explain_names_every_span() -> None:
    calendar = weekdays(
        "Europe/Riga",
        holidays={date(2024, 5, 6): "Brīvdiena"},
        dates={date(2024, 5, 7): openings(["09:00-10:00"])},
    )
    clock = Clock(
        calendar,
        4 * HOUR,
        riga("2024-05-03 16:00"),
        (Pause(riga("2024-05-07 09:30"), riga("2024-05-07 09:45")),),
    )
    told = clock.explain(riga("2024-05-08 10:00"))
    starts = [f"{span.start.astimezone(calendar.zone):%a %H:%M}" for span in told.spans]
    shown = [(span.kind.value, at, span.name) for span, at in zip(told.spans, starts, strict=True)]
    assert shown == [
        ("counted", "Fri 16:00", ""),
        ("outside_hours", "Fri 18:00", ""),
        ("closed_day", "Sat 00:00", ""),
        ("holiday", "Mon 00:00", "Brīvdiena"),
        ("override", "Tue 00:00", ""),
        ("counted", "Tue 09:00", ""),
        ("paused", "Tue 09:30", ""),
        ("counted", "Tue 09:45", ""),
        ("override", "Tue 10:00", ""),
        ("outside_hours", "Wed 00:00", ""),
        ("counted", "Wed 09:00", ""),
    ]
    assert told.counted == timedelta(hours=3, minutes=45)
    assert (told.paused, told.withheld) == (timedelta(minutes=15),) * 2
    assert told.due_at == riga("2024-05-08 10:15")
    assert told.state is State.RUNNING


def test_impossible_clocks_are_refused() -> None:
    start = riga("2024-05-10 10:00")
    with pytest.raises(ValueError, match="longer than nothing"):
        Clock(OFFICE, timedelta(0), start)
    with pytest.raises(ValueError, match="cannot stop before"):
        Clock(OFFICE, HOUR, start, stopped_at=start - HOUR)
    with pytest.raises(ValueError, match="ends before it begins"):
        _ = Clock(OFFICE, HOUR, start, (Pause(start + HOUR, start),)).due_at
    with pytest.raises(ValueError, match="not negative"):
        Clock(OFFICE, HOUR, start).reached_at(-1)


@settings(max_examples=80, deadline=None)
@given(clocks())
def test_explain_accounts_for_every_second(situation: tuple[Clock, datetime]) -> None:
    clock, at = situation
    told = clock.explain(at)
    assert [span.end for span in told.spans[:-1]] == [span.start for span in told.spans[1:]]
    assert told.counted + told.paused + told.closed == at - clock.started_at
    assert told.counted == clock.elapsed(at)
    assert told.counted + told.withheld == business_time(clock.calendar, clock.started_at, at)


@settings(max_examples=80, deadline=None)
@given(clocks(), st.sampled_from([0.25, 0.5, 0.8, 1.0, 1.5]))
def test_a_share_is_reached_when_it_says(situation: tuple[Clock, datetime], share: float) -> None:
    clock, _ = situation
    reached = clock.reached_at(share)
    if reached is not None:
        assert clock.elapsed(reached) == clock.target * share
        assert clock.elapsed(reached - timedelta(microseconds=1)) < clock.target * share
    else:
        assert clock.elapsed(datetime(2045, 1, 1, tzinfo=UTC)) < clock.target * share


def test_pauses_on_an_always_open_calendar_add_their_length() -> None:
    start = datetime(2024, 12, 31, 20, tzinfo=UTC)
    clock = Clock(always_open(), 4 * HOUR, start, (Pause(start + HOUR, start + 10 * HOUR),))
    assert clock.due_at == start + 13 * HOUR


def test_a_clock_may_need_several_weeks() -> None:
    fridays = Calendar("Asia/Tbilisi", ((), (), (), (), openings(["10:00-12:00"]), (), ()))
    clock = Clock(fridays, 4 * HOUR, local("Asia/Tbilisi", "2024-05-10 11:00"))
    assert clock.due_at == local("Asia/Tbilisi", "2024-05-24 11:00")
