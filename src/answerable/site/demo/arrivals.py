"""When customers write: most on Mondays and in the morning, least at night, and more when parcels are late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from answerable.site.demo.company import ZONES
from answerable.site.demo.customers import SHARES

DAYS = 90
WEEKDAYS = (1.25, 1.15, 1.05, 1.0, 0.9, 0.5, 0.45)  # from Monday
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 17, 14, 15, 16, 15, 13, 11, 10, 11, 12, 10, 6, 3)
SURGE = range(34, 41)
"""Days before today on which the couriers were on strike."""
SURGE_FACTOR = 1.9
GROWTH = 0.25
"""How much more customers write at the end than at the beginning."""


@dataclass(frozen=True)
class Arrival:
    """Somebody who speaks a language writes."""

    at: datetime
    language: str
    in_surge: bool


def arrivals(number: int, *, today: date, random: Random) -> list[Arrival]:
    """So many, in the order of time, over the `DAYS` days that end with today."""
    days = [today - timedelta(days=ago) for ago in range(DAYS, -1, -1)]
    weights = [_weight(day, (today - day).days) for day in days]
    found = [_arrival(day, today, random) for day in random.choices(days, cum_weights=_sums(weights), k=number)]
    return sorted(found, key=lambda arrival: (arrival.at, arrival.language))


def _weight(day: date, ago: int) -> float:
    growth = 1 + GROWTH * (DAYS - ago) / DAYS
    return WEEKDAYS[day.weekday()] * growth * (SURGE_FACTOR if ago in SURGE else 1)


def _arrival(day: date, today: date, random: Random) -> Arrival:
    language = random.choices(tuple(SHARES), tuple(SHARES.values()))[0]
    hour = random.choices(range(24), HOURS)[0]
    local = datetime.combine(day, time(hour, random.randrange(60), random.randrange(60)), ZoneInfo(ZONES[language]))
    return Arrival(local.astimezone(UTC), language, (today - day).days in SURGE)


def _sums(weights: Sequence[float]) -> list[float]:
    return list(accumulate(weights))
