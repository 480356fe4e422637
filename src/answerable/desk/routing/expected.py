"""How long those wait who write to a team now, from what was measured of late, and how true that was of late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from answerable.core.waiting import Accuracy, Line, Served, Wait, check, expect
from answerable.desk.models import Conversation
from answerable.desk.routing.kinds import WRITTEN_CHANNELS
from answerable.people.models import Team

WINDOW = timedelta(hours=2)
"""The rate is that of this time, while somebody waited."""
CHECKED = timedelta(days=7)
MOST = 5000


@dataclass(frozen=True)
class Expected:
    """What to tell of a team: the wait for a first answer, how many are before, and how true it was for a week."""

    wait: Wait | None
    ahead: int
    accuracy: Accuracy | None


def expected(team: Team, now: datetime) -> Expected:
    """Of conversations that customers began. One query."""
    served = _served(team, Q(), now, CHECKED)
    window = WINDOW.total_seconds()
    ahead = sum(each.taken_at is None for each in served)
    return Expected(_wait(ahead, served, now), ahead, check(served, window=window))


def live_line(team: Team, now: datetime) -> list[Served]:
    """Those who wait at the other end, or did within WINDOW: what `place_in` reads. One query."""
    return _served(team, ~Q(channel__in=WRITTEN_CHANNELS), now, WINDOW)


def place_in(line: Iterable[Served], now: datetime, *, since: datetime | None = None) -> tuple[int, Wait | None]:
    """How many are before who began to wait at `since` (none: who would begin now), and how long it will be."""
    served = list(line)
    before = (since or now).timestamp()
    ahead = sum(each.taken_at is None and each.arrived_at < before for each in served)
    return ahead, _wait(ahead, served, now)


def _served(team: Team, which: Q, now: datetime, since: timedelta) -> list[Served]:
    rows = (
        Conversation.objects.filter(which, team=team, last_message_at__gt=now - since, created_at__gt=now - since)
        .filter(opened_by=None, spam_at=None)
        .order_by("-last_message_at", "-pk")
        .values_list("created_at", "first_answered_at", "status", "snoozed_until")
    )
    served = []
    for created_at, answered_at, status, snoozed_until in rows[:MOST]:
        if answered_at is not None:
            served.append(Served(created_at.timestamp(), answered_at.timestamp()))
        elif status in ("new", "open") and snoozed_until is None:
            served.append(Served(created_at.timestamp(), None))
    return served


def _wait(ahead: int, served: Iterable[Served], now: datetime) -> Wait | None:
    return expect(ahead, Line.of(served), now=now.timestamp(), window=WINDOW.total_seconds())
