"""How long those wait who write to a team now, from what was measured of late, and how true that was of late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from answerable.core.waiting import Accuracy, Served, Wait, check, expect
from answerable.desk.models import Conversation
from answerable.people.models import Team

WINDOW = timedelta(hours=2)
"""The rate is that of this time."""
CHECKED = timedelta(days=7)
MOST = 5000


@dataclass(frozen=True)
class Expected:
    """What to tell of a team: the wait for a first answer, how many are before, and how true it was for a week."""

    wait: Wait | None
    ahead: int
    accuracy: Accuracy | None

    @property
    def bias(self) -> float:
        """How much too long or too short, in seconds."""
        return abs(self.accuracy.bias) if self.accuracy else 0.0

    @property
    def share(self) -> int:
        """How many of a hundred waited within the range."""
        return round(100 * self.accuracy.within) if self.accuracy else 0


def expected(team: Team, now: datetime) -> Expected:
    """Of conversations that customers began. One query."""
    rows = (
        Conversation.objects.filter(team=team, last_message_at__gt=now - CHECKED, created_at__gt=now - CHECKED)
        .filter(opened_by=None, spam_at=None)
        .order_by("-last_message_at", "-pk")
        .values_list("created_at", "first_answered_at", "status", "snoozed_until")
    )
    served, ahead = [], 0
    for created_at, answered_at, status, snoozed_until in rows[:MOST]:
        if answered_at is not None:
            served.append(Served(created_at.timestamp(), answered_at.timestamp()))
        elif status in ("new", "open") and snoozed_until is None:
            served.append(Served(created_at.timestamp(), None))
            ahead += 1
    window = WINDOW.total_seconds()
    answers = sorted(each.taken_at for each in served if each.taken_at is not None)
    return Expected(
        wait=expect(ahead, answers, now=now.timestamp(), window=window),
        ahead=ahead,
        accuracy=check(served, window=window),
    )
