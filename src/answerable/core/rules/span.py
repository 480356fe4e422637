"""A length of time as people say it: three days, four business hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from answerable.core.calendar import Calendar, add_business

LONGEST_AMOUNT = 9999
_SPAN = re.compile(r"(\d{1,4}) ([a-z_]+)", re.ASCII)


class Unit(StrEnum):
    """Units, counted round the clock or in business hours."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"


LENGTHS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.BUSINESS_HOURS: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class Span:
    """So many of a unit; a business day is as long as the calendar's usual day."""

    amount: int
    unit: Unit

    @classmethod
    def of(cls, text: str) -> Span:
        """From what `str` gave. Raises ValueError."""
        match = _SPAN.fullmatch(text)
        if match is None or not 1 <= int(match[1]) <= LONGEST_AMOUNT:
            raise ValueError(f"{text!r} is no length of time")
        return cls(int(match[1]), Unit(match[2]))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @property
    def is_business(self) -> bool:
        """Whether it needs a calendar."""
        return self.unit in (Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS)

    def after(self, start: datetime, calendar: Calendar | None) -> datetime:
        """The instant so long after `start`; without a calendar, business time is counted round the clock."""
        if not self.is_business or calendar is None:
            return start + self.amount * LENGTHS.get(self.unit, timedelta(days=1))
        length = calendar.usual_day() if self.unit is Unit.BUSINESS_DAYS else LENGTHS[self.unit]
        return add_business(calendar, start, self.amount * length)

    @property
    def shortest(self) -> timedelta:
        """No span of these is shorter on the clock than this: business hours pass at most as fast as hours."""
        if self.unit is Unit.BUSINESS_DAYS:
            return timedelta(hours=self.amount)
        return self.amount * LENGTHS[self.unit]
