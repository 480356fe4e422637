"""How long a promise gives: ``4 working hours``, ``30 minutes``, ``3 working days``.

Under business hours, hours and minutes are open time, and a **working day is the calendar's usual day**
(`Calendar.usual_day`), so that 3 working days of nine to six are 27 working hours: what is asked on Wednesday
at 15:00 is due on Monday at 15:00. A plain ``2 days`` under business hours could mean 48 hours to one reader
and two working days to another, so it is refused there; it means 48 hours around the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from answerable.core.calendar import Calendar
from answerable.core.said import Said, gettext_noop

LONGEST_WEEKS = 26
"""The longest promise. Ten times it, the last step an escalation may have, lies well inside the calendar's horizon."""
_WITHIN = re.compile(r"(\d{1,6})\s+(?:(working|business)\s+)?(minute|hour|day)s?", re.ASCII)


class Unit(StrEnum):
    """What a duration is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Within:
    """A positive duration as people say it; `working` when it counts open time only."""

    amount: int
    unit: Unit
    working: bool

    def length(self, calendar: Calendar) -> timedelta:
        """The open time to count on a calendar."""
        if self.unit is Unit.DAYS:
            return self.amount * (calendar.usual_day() if self.working else timedelta(days=1))
        return timedelta(**{self.unit.value: self.amount})

    def __str__(self) -> str:
        unit = self.unit.value.removesuffix("s") if self.amount == 1 else self.unit.value
        return f"{self.amount} {'working ' if self.working else ''}{unit}"


def within(text: str) -> Within:
    """Read a duration. Raises ValueError with what is wrong and what to write."""
    match = _WITHIN.fullmatch(text.strip())
    if match is None:
        unlike = gettext_noop(
            "“{text}” is not a duration. Write it like 4 working hours, 30 minutes or 3 working days."
        )
        raise ValueError(Said(unlike, text=text[:60]))
    if not int(match[1]):
        raise ValueError(Said(gettext_noop("No time at all is not a promise. Write at least 1 minute.")))
    return Within(int(match[1]), Unit(match[3] + "s"), working=match[2] is not None)


def promised(text: str, calendars: Iterable[Calendar], *, around_the_clock: bool) -> Within:
    """Read a duration for the calendars it may be counted on: hours of business hours are working hours.

    Raises ValueError.
    """
    read = within(text)
    if around_the_clock and read.working:
        never = gettext_noop(
            "Around the clock there are no working hours. Name business hours, or leave “working” out."
        )
        raise ValueError(Said(never))
    if not around_the_clock and read.unit is Unit.DAYS and not read.working:
        unclear = gettext_noop(
            "“{text}” can be read in two ways under business hours. "
            'Write “{working}”, or hours = "always" for {n} hours.'
        )
        working = str(Within(read.amount, Unit.DAYS, working=True))
        raise ValueError(Said(unclear, text=str(read), working=working, n=read.amount * 24))
    result = Within(read.amount, read.unit, working=not around_the_clock)
    if any(result.length(calendar) > LONGEST_WEEKS * calendar.week_length() for calendar in calendars):
        raise ValueError(Said(gettext_noop("That takes more than half a year of open time. Promise less.")))
    return result
