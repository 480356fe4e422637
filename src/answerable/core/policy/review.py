"""How often an objective is looked at again: ``90 days``, ``6 weeks``, ``3 months``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from answerable.core.said import Said, gettext_noop

_EVERY = re.compile(r"(\d{1,4})\s+(day|week|month)s?", re.ASCII)
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}
SHORTEST, LONGEST = timedelta(weeks=1), timedelta(days=1096)
"""One week and three years."""


@dataclass(frozen=True, slots=True)
class Every:
    """A time between two reviews as people say it; `unit` is day, week or month."""

    amount: int
    unit: str

    @property
    def length(self) -> timedelta:
        """Whole days; a month is a twelfth of 365.25 days, so that 12 months are 365."""
        return timedelta(days=round(self.amount * _DAYS[self.unit]))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"


def every(text: str) -> Every:
    """Read the time between reviews. Raises ValueError with what is wrong and what to write."""
    match = _EVERY.fullmatch(text.strip())
    if match is None:
        unlike = gettext_noop("“{text}” is not a time between reviews. Write it like 90 days, 6 weeks or 3 months.")
        raise ValueError(Said(unlike, text=text[:60]))
    found = Every(int(match[1]), match[2])
    if not SHORTEST <= found.length <= LONGEST:
        beyond = gettext_noop("“{text}” is out of range. Review it at least every 3 years, at most every week.")
        raise ValueError(Said(beyond, text=str(found)))
    return found
