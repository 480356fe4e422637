"""The laws of clocks, over any hours, zones, holidays, single days and pauses.

That business time itself is what minutes say, adds up and is the inverse of adding is in test_calendar.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.clock import Clock, Pause, State
from tests.core.calendars import MINUTE, by_minute
from tests.core.clocks import clocks

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
WINDOW = 4 * 1440
more = st.timedeltas(timedelta(0), timedelta(hours=15))
shares = st.floats(0, 2)
LAW = settings(max_examples=40)


@LAW
@given(clocks(), more, shares, shares)
def test_monotone_in_the_limit(situation: tuple[Clock, datetime], longer: timedelta, one: float, other: float) -> None:
    clock, at = situation
    later = replace(clock, target=clock.target + longer)
    assert (clock.due_at or NEVER) <= (later.due_at or NEVER)
    assert clock.elapsed(at) == later.elapsed(at), "the limit is not what is counted"
    assert clock.share(at) >= later.share(at)
    assert clock.state(at) is State.BREACHED or later.state(at) is clock.state(at)
    low, high = sorted((one, other))
    assert (clock.reached_at(low) or NEVER) <= (clock.reached_at(high) or NEVER)
    assert (clock.reached_at(high) or NEVER) <= (later.reached_at(high) or NEVER)


@LAW
@given(clocks(), st.floats(0, 1))
def test_additive_over_adjacent_intervals(situation: tuple[Clock, datetime], share: float) -> None:
    clock, at = situation
    middle = clock.started_at + (at - clock.started_at) * share
    rest = replace(clock, started_at=middle)
    assert clock.elapsed(middle) + rest.elapsed(at) == clock.elapsed(at)
    told, first, second = clock.explain(at), clock.explain(middle), rest.explain(at)
    assert told.counted == first.counted + second.counted
    assert told.paused == first.paused + second.paused
    assert told.withheld == first.withheld + second.withheld
    left = clock.target - clock.elapsed(middle)
    assert left <= timedelta(0) or replace(rest, target=left).due_at == clock.due_at


@LAW
@given(clocks(), st.integers(0, 8000), st.integers(0, 3000))
def test_a_pause_puts_off_by_what_it_withholds(situation: tuple[Clock, datetime], after: int, length: int) -> None:
    clock, at = situation
    begins = clock.started_at + after * MINUTE
    paused = replace(clock, pauses=(*clock.pauses, Pause(begins, begins + length * MINUTE)))
    assert (clock.due_at or NEVER) <= (paused.due_at or NEVER)
    assert paused.elapsed(at) <= clock.elapsed(at)
    assert clock.elapsed(at) - paused.elapsed(at) == paused.explain(at).withheld - clock.explain(at).withheld
    if clock.due_at is not None and begins >= clock.due_at:
        assert paused.due_at == clock.due_at, "what comes after it fell due changes nothing"


@LAW
@given(clocks(), st.integers(0, WINDOW))
def test_equal_to_counting_minutes(situation: tuple[Clock, datetime], minutes: int) -> None:
    clock, _ = situation
    start = clock.started_at
    opened = by_minute(clock.calendar, start, minutes)
    counts = [
        state and not any(pause.covers(start + number * MINUTE) for pause in clock.pauses)
        for number, state in enumerate(opened)
    ]
    at = start + minutes * MINUTE
    assert clock.elapsed(at) == sum(counts) * MINUTE
    reached = next((number for number, total in enumerate(accumulate(counts), 1) if total * MINUTE == clock.target), 0)
    if reached:
        assert clock.due_at == start + reached * MINUTE
    else:
        assert clock.due_at is None or clock.due_at > at
    assert (clock.state(at) is State.BREACHED) == (0 < reached < minutes)


@LAW
@given(clocks(), st.permutations(range(5)))
def test_the_order_and_the_cutting_of_pauses_change_nothing(
    situation: tuple[Clock, datetime], order: list[int]
) -> None:
    clock, at = situation
    halves = [half for pause in clock.pauses for half in _halves(pause)]
    shuffled = tuple(half for number in order for half in halves[number::5])
    assert replace(clock, pauses=shuffled).explain(at) == clock.explain(at)


def _halves(pause: Pause) -> tuple[Pause, ...]:
    if pause.to_at is None:
        return (pause,)
    middle = pause.from_at + (pause.to_at - pause.from_at) / 2
    return Pause(pause.from_at, middle), Pause(middle, pause.to_at)
