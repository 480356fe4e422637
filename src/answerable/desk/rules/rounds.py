"""What may have come to pass for a rule between two instants: numbers, gone through as they ascend, and what they mean.

A round may be long. Whoever has come to a number asks for those past it; so all have their turn, and none has two.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import CharField, Exists, Func, Max, OuterRef

from answerable.core.calendar import Calendar
from answerable.core.rules.trigger import ANSWERED, DUE, UNANSWERED, OnSchedule, OnTime, began_by
from answerable.desk.actions.changes import STATUS_VERBS
from answerable.desk.hours import company_zone, usual_calendar
from answerable.desk.models import Conversation, Firing
from answerable.desk.models.conversation import UNSOLVED, ConversationQuerySet
from answerable.desk.rules.compiled import Compiled
from answerable.desk.rules.firing import Moment
from answerable.events.models import Event, noun

SLACK = timedelta(seconds=2)
DUE_CAUSE = "due-%Y-%m-%dT%H:%M:%S"
DUE_CAUSE_SQL = """to_char(%(expressions)s AT TIME ZONE 'UTC', '"due-"YYYY-MM-DD"T"HH24:MI:SS')"""


class Round(Protocol):
    """From one instant to another."""

    def numbers(self, past: int, most: int) -> list[int]:
        """Of what may have come to pass: those greater than `past`, ascending, so many at most."""

    def moments(self, numbers: Sequence[int]) -> list[Moment]:
        """What of it has."""


def round_of(rule: Compiled, after: datetime, until: datetime) -> Round:
    """What came to pass for a rule after one instant and until another."""
    match rule.trigger:
        case OnSchedule() as schedule:
            return SetTime(schedule.latest(after, until, company_zone()))
        case OnTime(since=since) as waits if since == DUE:
            return FallingDue(rule.row.pk, until, waits.span.after(until, _calendar(waits)))
        case OnTime() as waits:
            return Lasting(waits, after, until, _calendar(waits))
    return SetTime(None)


@dataclass(frozen=True)
class SetTime:
    """Everything that goes on, by number; nothing where no set time has come."""

    moment: datetime | None

    def numbers(self, past: int, most: int) -> list[int]:
        if self.moment is None:
            return []
        rows = Conversation.objects.filter(status__in=UNSOLVED, pk__gt=past)
        return list(rows.order_by("pk").values_list("pk", flat=True)[:most])

    def moments(self, numbers: Sequence[int]) -> list[Moment]:
        return [Moment(pk, cause=f"schedule-{self.moment:%Y-%m-%dT%H:%M}") for pk in numbers]


@dataclass(frozen=True)
class FallingDue:
    """Conversations whose next promise falls due between two instants, but for those the rule fired for because of
    that promise."""

    rule: int
    after: datetime
    until: datetime

    def numbers(self, past: int, most: int) -> list[int]:
        cause = Func(OuterRef("due_at"), template=DUE_CAUSE_SQL, output_field=CharField())
        fired = Firing.objects.filter(
            conversation=OuterRef("pk"), rule=self.rule, cause=cause, verdict=Firing.Verdict.FIRES
        )
        rows = Conversation.objects.awake().filter(due_at__gt=self.after, due_at__lte=self.until, pk__gt=past)
        return list(rows.exclude(Exists(fired)).order_by("pk").values_list("pk", flat=True)[:most])

    def moments(self, numbers: Sequence[int]) -> list[Moment]:
        rows = Conversation.objects.filter(pk__in=numbers, due_at__isnull=False).order_by("pk")
        return [Moment(pk, cause=f"{due_at:{DUE_CAUSE}}") for pk, due_at in rows.values_list("pk", "due_at")]


@dataclass(frozen=True)
class Lasting:
    """Events that began what has lasted for the span since `after`, by `until`, and lasts."""

    waits: OnTime
    after: datetime
    until: datetime
    calendar: Calendar | None

    def numbers(self, past: int, most: int) -> list[int]:
        span = self.waits.span
        first, last = (began_by(span, at, self.calendar) for at in (self.after, self.until))
        begun = Event.objects.filter(verb__in=self._beginning[0], at__gt=first - SLACK, at__lte=last + SLACK)
        rows = begun.filter(root__startswith="conversation-", pk__gt=past).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:most])

    def moments(self, numbers: Sequence[int]) -> list[Moment]:
        begun = [event for event in Event.objects.filter(pk__in=numbers).order_by("pk") if self._has_lasted(event)]
        since = self.waits.since
        return [
            Moment(_conversation(event), cause=f"{since}-{event.at:%Y-%m-%dT%H:%M:%S.%f}")
            for event in (self._beginning[1](begun, since) if begun else ())
        ]

    @property
    def _beginning(self) -> "Beginning":
        return BEGINNINGS.get(self.waits.since, (STATUS_VERBS, _has_status))

    def _has_lasted(self, event: Event) -> bool:
        return self.after < self.waits.span.after(event.at, self.calendar) <= self.until


def _has_status(begun: Sequence[Event], status: str) -> list[Event]:
    """Of those that have it since then, without a break."""
    rows = _rows(begun).filter(status=status)
    last = Event.objects.filter(root__in=[noun(row) for row in rows], verb__in=STATUS_VERBS)
    latest = set(last.values("root").annotate(last=Max("id")).values_list("last", flat=True))
    return [event for event in begun if event.pk in latest]


def _is_unanswered(begun: Sequence[Event], _since: str) -> list[Event]:
    rows = _rows(begun).awake().filter(unanswered_since__isnull=False)
    return _begun_at(begun, dict(rows.values_list("pk", "unanswered_since")))


def _is_answered(begun: Sequence[Event], _since: str) -> list[Event]:
    rows = _rows(begun).unsolved().filter(unanswered_since=None)
    return _begun_at(begun, dict(rows.values_list("pk", "last_message_at")))


def _rows(begun: Sequence[Event]) -> ConversationQuerySet:
    return Conversation.objects.filter(pk__in=[_conversation(event) for event in begun])


def _begun_at(begun: Iterable[Event], since: Mapping[int, datetime | None]) -> list[Event]:
    """Of each conversation the event of the instant that what lasts began with."""
    found = {_conversation(event): event for event in begun if since.get(_conversation(event)) == event.at}
    return list(found.values())


def _conversation(event: Event) -> int:
    return int(event.root.removeprefix("conversation-"))


def _calendar(waits: OnTime) -> Calendar | None:
    return usual_calendar() if waits.span.is_business else None


Beginning = tuple[Sequence[str], Callable[[Sequence[Event], str], Sequence[Event]]]
BEGINNINGS: Mapping[str, Beginning] = {
    UNANSWERED: (("message.received",), _is_unanswered),
    ANSWERED: (("message.sent",), _is_answered),
}
