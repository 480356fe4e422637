"""Clocks that the tests of their laws share."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from answerable.core.clock import Clock, Pause
from tests.core.calendars import situations


@st.composite
def clocks(draw: st.DrawFn) -> tuple[Clock, datetime]:
    """A clock with pauses in any order, the last perhaps lasting, and a moment after its start; all whole minutes."""
    calendar, start = draw(situations(staffed=True))
    moments = st.integers(-600, 8000).map(lambda minutes: start + timedelta(minutes=minutes))
    pairs = draw(st.lists(st.tuples(moments, moments).map(sorted), max_size=4))
    pauses = [Pause(first, last) for first, last in pairs]
    if draw(st.booleans()):
        pauses.append(Pause(draw(moments)))
    target = timedelta(minutes=draw(st.integers(1, 900)))
    at = start + timedelta(minutes=draw(st.integers(0, 9000)))
    return Clock(calendar, target, start, tuple(pauses)), at
