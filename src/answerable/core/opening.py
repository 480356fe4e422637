"""Openings of one day: ``09:00-13:00`` as minutes from midnight, local wall time."""

from __future__ import annotations

import re
from collections.abc import Iterable

from answerable.core.said import Said, gettext_noop

Opening = tuple[int, int]
"""Opens at, closes at, in minutes from midnight; 1440 is the end of the day."""

DAY_MINUTES = 24 * 60
_HOURS = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", re.ASCII)


def opening(text: str) -> Opening:
    """Read ``09:00-13:00``; the end may be ``24:00``. Raises ValueError with what is wrong."""
    match = _HOURS.fullmatch(text)
    if match is None:
        raise ValueError(Said(gettext_noop("“{text}” is not an interval such as 09:00-18:00."), text=text))
    hours = [int(part) for part in match.groups()]
    if hours[1] > 59 or hours[3] > 59:
        raise ValueError(Said(gettext_noop("“{text}” has more than 59 minutes in an hour."), text=text))
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    check_openings([(start, end)])
    return start, end


def openings(texts: Iterable[str]) -> tuple[Opening, ...]:
    """Read a day's intervals, put them in order and check that none overlap. Raises ValueError."""
    found = tuple(sorted(opening(text) for text in texts))
    check_openings(found)
    return found


def opening_text(span: Opening) -> str:
    """Write an opening the way it is read."""
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in span)


def check_openings(spans: Iterable[Opening]) -> None:
    """Raises ValueError unless the openings lie in one day, in order, without overlap."""
    closed_at = 0
    for start, end in spans:
        shown = opening_text((start, end))
        if not 0 <= start <= DAY_MINUTES or not 0 <= end <= DAY_MINUTES:
            raise ValueError(Said(gettext_noop("{text} leaves the day, which goes from 00:00 to 24:00."), text=shown))
        if start >= end:
            early = gettext_noop("{text} ends before it begins; hours past midnight belong to the next day.")
            raise ValueError(Said(early, text=shown))
        if start < closed_at:
            raise ValueError(Said(gettext_noop("{text} overlaps the interval before it."), text=shown))
        closed_at = end
