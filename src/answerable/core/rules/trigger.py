"""When a rule is asked: when something happens, when something has lasted, or at set times of the week.

As it is kept, in JSON:

    {"on": "event", "events": ["opened", "received"]}
    {"on": "time", "since": "pending", "span": "3 business_days"}
    {"on": "schedule", "days": [0, 1, 2, 3, 4], "at": "09:00"}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from answerable.core.calendar import Calendar
from answerable.core.rules.span import Span

EVENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "opened": ("conversation.opened",),
        "received": ("message.received",),
        "answered": ("message.sent",),
        "noted": ("note.added",),
        "status": (
            "conversation.status_changed",
            "conversation.solved",
            "conversation.closed",
            "conversation.reopened",
        ),
        "priority": ("conversation.prioritised",),
        "assigned": ("conversation.assigned",),
        "moved": ("conversation.moved",),
        "tagged": ("conversation.tagged",),
        "detailed": ("conversation.detailed",),
        "snoozed": ("conversation.snoozed",),
        "woken": ("conversation.woken",),
        "rated": ("conversation.rated",),
        "complained": ("conversation.complained",),
        "breached": ("clock.breached",),
    }
)
"""What can happen, by the verbs of its events."""
STATUSES = ("new", "open", "pending", "on_hold", "solved")
UNANSWERED, ANSWERED, DUE = "unanswered", "answered", "due"
SINCE = (*STATUSES, UNANSWERED, ANSWERED, DUE)
"""What can last: a status, the customer's wait, ours for the customer; and how soon a promise falls due."""
DAYS = tuple(range(7))
FARTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class OnEvent:
    """When one of these happens."""

    events: tuple[str, ...]

    @property
    def verbs(self) -> list[str]:
        return [verb for event in self.events for verb in EVENTS[event]]

    @property
    def plain(self) -> dict[str, Any]:
        return {"on": "event", "events": list(self.events)}


@dataclass(frozen=True, slots=True)
class OnTime:
    """When `since` has lasted for a span; for `due`, when a promise falls due within it."""

    since: str
    span: Span

    @property
    def verbs(self) -> list[str]:
        return []

    @property
    def plain(self) -> dict[str, Any]:
        return {"on": "time", "since": self.since, "span": str(self.span)}


@dataclass(frozen=True, slots=True)
class OnSchedule:
    """On these days of the week (0 is Monday), at a wall time."""

    days: tuple[int, ...]
    at: time

    @property
    def verbs(self) -> list[str]:
        return []

    @property
    def plain(self) -> dict[str, Any]:
        return {"on": "schedule", "days": list(self.days), "at": f"{self.at:%H:%M}"}

    def latest(self, after: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
        """The last of its instants after the one and not after the other; a wall time that is left out by a change of
        the clock comes when the clock has passed it."""
        day = until.astimezone(zone).date()
        while True:
            moment = _moment(day, self.at, zone)
            if moment <= after:
                return None
            if day.weekday() in self.days and moment <= until:
                return moment
            day -= timedelta(days=1)

    def instants(self, after: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
        """All of them, the last first."""
        found = []
        while (moment := self.latest(after, until, zone)) is not None:
            found.append(moment)
            until = moment - timedelta(microseconds=1)
        return found


Trigger: TypeAlias = OnEvent | OnTime | OnSchedule


def trigger_of(plain: Mapping[str, Any]) -> Trigger:
    """From what `plain` gave. Raises ValueError for what is no trigger."""
    match plain.get("on"):
        case "event":
            events = tuple(str(event) for event in plain.get("events", ()))
            if not events or not set(events) <= set(EVENTS):
                raise ValueError("a rule waits for something that does not happen")
            return OnEvent(events)
        case "time":
            if plain.get("since") not in SINCE:
                raise ValueError("a rule waits for something that does not last")
            return OnTime(str(plain["since"]), Span.of(str(plain.get("span"))))
        case "schedule":
            days = tuple(int(day) for day in plain.get("days", ()))
            if not days or not set(days) <= set(DAYS):
                raise ValueError("a rule has no day")
            return OnSchedule(days, time.fromisoformat(str(plain.get("at"))))
    raise ValueError("a rule is never asked")


def began_by(span: Span, now: datetime, calendar: Calendar | None) -> datetime:
    """The last instant that is so long ago by now: whatever began until then has lasted for the span.

    To the second. Business time passes at most as fast as the clock, so it is found by halving.
    """
    if not span.is_business or calendar is None:
        return now - (span.after(now, None) - now)
    low, high = now - FARTHEST, now
    if span.after(low, calendar) > now:
        return low
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if span.after(middle, calendar) <= now:
            low = middle
        else:
            high = middle
    return low


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
