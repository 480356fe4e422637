"""Two forecasts of the demo company: Support's from its own history, Sales's from a file that its old telephone
system and its chat wrote."""

from datetime import datetime, timedelta
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from answerable.insight.staffing.assumed import MINUTE, Assumed
from answerable.insight.staffing.starting import File, assume, begin
from answerable.site.demo.company import Founded

DAYS = 182
FILE = "telephone-and-chat.csv"
ZONE = ZoneInfo("Europe/Riga")
HOURS = range(9, 19)
SHAPE = (0.6, 1.0, 1.3, 1.1, 0.8, 1.0, 1.1, 1.0, 0.7, 0.4)
WEEKDAYS = (1.3, 1.1, 1.0, 1.0, 0.9, 0.0, 0.0)
CHANNELS = {"phone": (4.0, 290.0), "chat": (2.5, 640.0)}
"""Contacts of a usual hour, and the seconds one takes."""
GROWTH = 0.2


def forecast_staffing(company: Founded, *, now: datetime, seed: int) -> None:
    """Ask the worker for both; and what the lead of Support assumes of her desks."""
    marta, sofia = (company.staff[name] for name in ("marta", "sofia"))
    assume(
        team=company.teams["support"],
        shrinkage=0.12,
        occupancy=0.8,
        channels={"email": Assumed(handling_seconds=18 * MINUTE, limit_seconds=4 * 3600, in_time=0.9)},
        revision=0,
        by=marta,
    )
    begin(team=company.teams["support"], by=marta)
    random = Random(f"{seed}:staffing")  # noqa: S311 - figures, not secrets
    begin(team=company.teams["sales"], by=sofia, file=File(FILE, _volumes(now, random)))


def _volumes(now: datetime, random: Random) -> dict[str, object]:
    """As a file that was read: contacts by quarter of an hour, up to yesterday."""
    today = now.astimezone(ZONE).date()
    quarters: dict[str, dict[str, int]] = {channel: {} for channel in CHANNELS}
    for ago in range(DAYS, 0, -1):
        on = today - timedelta(days=ago)
        level = WEEKDAYS[on.weekday()] * (1 + GROWTH * (DAYS - ago) / DAYS)
        for hour, share in zip(HOURS, SHAPE, strict=True):
            at = int(datetime(on.year, on.month, on.day, hour, tzinfo=ZONE).timestamp()) // 900
            for channel, (usual, _handling) in CHANNELS.items():
                if number := _poisson(usual * share * level, random):
                    quarters[channel][str(at)] = number
    handling = {channel: seconds for channel, (_usual, seconds) in CHANNELS.items()}
    return {"quarters": quarters, "handling": handling, "notes": []}


def _poisson(mean: float, random: Random) -> int:
    """Knuth (1969), The Art of Computer Programming 2, 3.4.1: for small means."""
    limit, product, number = exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        number += 1
    return number
