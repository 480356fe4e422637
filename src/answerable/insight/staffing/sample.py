"""A volume file to learn from: two weeks of half hours of an invented shop."""

from __future__ import annotations

from datetime import datetime, timedelta

HEADER = "interval start,channel,arrivals,handling seconds"
FIRST = datetime(2026, 1, 5, 8)  # noqa: DTZ001 - a Monday, by the clock on the wall
DAYS, HALF_HOURS = 14, 24
_CHANNELS = (("phone", 9, 320), ("chat", 6, 610), ("email", 4, 480))


def sample() -> str:
    """CSV, the same each time: fuller in the morning and on Mondays, little at weekends."""
    rows = [
        f"{FIRST + timedelta(days=day, minutes=30 * half):%Y-%m-%d %H:%M},"
        f"{channel},{_number(most, day, half)},{handling}"
        for day in range(DAYS)
        for half in range(HALF_HOURS)
        for channel, most, handling in _CHANNELS
    ]
    return "\n".join([HEADER, *rows]) + "\n"


def _number(most: int, day: int, half: int) -> int:
    weekday = (1.2, 1.1, 1.0, 1.0, 0.9, 0.3, 0.2)[day % 7]
    hour = 1 - abs(half - 7) / 22
    return round(most * weekday * hour)
