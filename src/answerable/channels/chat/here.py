"""Whether people are there for whoever would write now, and how long it would be."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from answerable.core.calendar import NeverOpen, is_open, next_opening
from answerable.core.presence import State
from answerable.core.waiting import Served, Wait
from answerable.desk.hours import hours_in
from answerable.desk.routing.expected import live_line, place_in
from answerable.desk.routing.people import offered_to
from answerable.people.models import Attendance, Team

KEPT_SECONDS = 3.0
LONG = timedelta(minutes=5)
"""From then on a mail or a call is offered instead."""


@dataclass(frozen=True)
class There:
    """Of a team at a moment: within the hours (`opens_at` where not), people online, and the line before them."""

    is_open: bool
    opens_at: datetime | None
    people: int
    line: Sequence[Served]

    @property
    def is_here(self) -> bool:
        return self.is_open and self.people > 0

    def place(self, now: datetime, since: datetime | None = None) -> tuple[int, Wait | None]:
        """How many are before whoever began to wait at `since` (none: begins now), and for how long."""
        return place_in(self.line, now, since=since)


_kept: dict[tuple[int, str], tuple[float, There]] = {}


def there(team: Team, region: str, now: datetime) -> There:
    """Asked by everybody who opens a page: what was found is kept for KEPT_SECONDS in each process. Four queries."""
    place = team.pk, region
    until, found = _kept.get(place, (0.0, None))
    if found is None or until < time.monotonic():
        found = _look(team, region, now)
        _kept[place] = time.monotonic() + KEPT_SECONDS, found
    return found


def forget() -> None:
    """Look anew."""
    _kept.clear()


def is_long(wait: Wait | None) -> bool:
    return wait is not None and wait.seconds >= LONG.total_seconds()


def _look(team: Team, region: str, now: datetime) -> There:
    calendar = hours_in(region)
    within = calendar is None or is_open(calendar, now)
    try:
        opens_at = None if calendar is None or within else next_opening(calendar, now)
    except NeverOpen:
        opens_at = None
    present = Attendance.objects.filter(user__in=offered_to([team]), state=State.ONLINE)
    return There(within, opens_at, present.count(), live_line(team, now))
