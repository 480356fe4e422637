"""How often each promise was kept, for everybody to read: over all teams, counted anew every few minutes at most.

However many ask at once, one of them counts; the others are shown what was counted before, if anything was.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from answerable.core.estimates import wilson
from answerable.events.wire import conninfo
from answerable.insight.asking import EngineError, ask
from answerable.insight.facts import Source
from answerable.insight.openings import NO_HOURS
from answerable.insight.questions import KeptQuestion, Refused
from answerable.people.middleware import company_zone
from answerable.people.models import Team

DAYS = 90
FEWEST = 30
"""Fewer cases than these say more about chance than about us; and somebody might recognise theirs."""
FRESH = timedelta(minutes=10)
KEPT_SECONDS = 24 * 3600
ONE_COUNTS_SECONDS = 60  # who counts has so long; and after a failure nobody tries again so soon
KEY, COUNTING = "promises-kept", "promises-kept-counting"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """A share kept of `n` cases, and between which shares it would lie but for chance."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Counts:
    """By kind of clock and standard: how many were met, and how many had fallen due."""

    at: datetime
    of: dict[tuple[str, str], tuple[int, int]]

    def kept(self, kind: str, standard: str) -> Kept | None:
        """None where there were too few."""
        met, due = self.of.get((kind, standard), (0, 0))
        return None if due < FEWEST else Kept(met / due, *wilson(met, due), due)


def counts(now: datetime | None = None) -> Counts | None:
    """Of the last DAYS days; None while nobody has counted yet, or nobody can."""
    now = now or timezone.now()
    found: Counts | None = cache.get(KEY)
    if found is not None and now - found.at < FRESH:
        return found
    if not cache.add(COUNTING, True, ONE_COUNTS_SECONDS):
        return found
    try:
        found = _count(now)
    except (EngineError, Refused):
        logger.exception("how often promises were kept could not be counted for customers")
        return found
    cache.set(KEY, found, KEPT_SECONDS)
    cache.delete(COUNTING)
    return found


def _count(now: datetime) -> Counts:
    zone = company_zone()
    until = timezone.localdate(now, timezone=zone) + timedelta(days=1)
    teams = tuple(sorted(Team.objects.values_list("pk", flat=True)))
    source = Source(conninfo(), teams, 0, 0, NO_HOURS)
    found = ask(KeptQuestion(source, until - timedelta(days=DAYS), until, zone.key))
    return Counts(
        now,
        {
            (promise.kind, promise.standard): (
                kept.figure.counts["met"],
                kept.figure.counts["met"] + kept.figure.counts["missed"],
            )
            for promise, kept in found.items()
        },
    )
