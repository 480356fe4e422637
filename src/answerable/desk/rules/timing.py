"""Rules that wait: for something to have lasted, and for set times of the week.

Each remembers until when it has looked; what came to pass since is put before it, in the transaction that moves this
on. What had lasted long enough before the rule was switched on is left alone. See docs/howto/rules.md.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from answerable.core.calendar import Calendar, NeverOpen
from answerable.core.rules.trigger import ANSWERED, DUE, UNANSWERED, OnSchedule, OnTime, began_by
from answerable.desk.actions.rules import break_rule
from answerable.desk.hours import usual_calendar
from answerable.desk.models import Conversation, Rule
from answerable.desk.models.conversation import UNSOLVED
from answerable.desk.rules.compiled import Compiled
from answerable.desk.rules.firing import Failed, Moment, compiled_rules, fire
from answerable.events.models import Event, noun
from answerable.events.setbacks import Setbacks
from answerable.people.models import Company

EVERY_SECONDS = 30.0
AT_ONCE = 100
MOST = 5000
"""Conversations that a rule takes up in one go; the rest comes with the next."""
SLACK = timedelta(seconds=2)
STATUS_VERBS = (
    "conversation.opened",
    "conversation.status_changed",
    "conversation.solved",
    "conversation.closed",
    "conversation.reopened",
)
_setbacks = Setbacks("rule in time")


def fire_in_time() -> float | None:
    """Look for what has come to pass. Seconds until the next look (None: no rule waits for a time)."""
    waiting = Rule.objects.enabled().exclude(watched_until=None).exclude(pk__in=_setbacks.resting())
    numbers = list(waiting.values_list("pk", flat=True))
    for pk in numbers:
        _setbacks.attempt(pk, lambda pk=pk: look(pk))  # type: ignore[misc]
    return _setbacks.sooner(EVERY_SECONDS if numbers else None)


def look(pk: int, *, now: datetime | None = None) -> int:
    """Put before one rule what has come to pass for it; how many times it fired. One that can't be carried out is
    switched off."""
    now = now or timezone.now()
    try:
        with transaction.atomic():
            row = Rule.objects.enabled().select_for_update(skip_locked=True).filter(pk=pk).first()
            if row is None or row.watched_until is None or row.watched_until >= now:
                return 0
            [rule] = compiled_rules([row])
            moments = moments_of(rule, row.watched_until, now)
            fired = 0
            for start in range(0, len(moments), AT_ONCE):
                fired += fire(moments[start : start + AT_ONCE], [rule], now=now)
            Rule.objects.filter(pk=pk).update(watched_until=now)
    except Failed as failed:
        break_rule(pk, why=failed.why)
        return 0
    except NeverOpen as never:
        break_rule(pk, why=str(never))
        return 0
    return fired


def moments_of(rule: Compiled, after: datetime, now: datetime) -> list[Moment]:
    """What came to pass for a rule after one instant and until another."""
    match rule.trigger:
        case OnSchedule() as schedule:
            moment = schedule.latest(after, now, company_zone())
            found = _scheduled(moment) if moment is not None else []
        case OnTime(since=since) as waits if since == DUE:
            found = _due(waits, now)
        case OnTime() as waits:
            found = _lasted(waits, after, now)
        case _:
            found = []
    return sorted(found, key=lambda moment: moment.conversation)


def company_zone() -> ZoneInfo:
    """Set times are the company's."""
    company = Company.objects.first()
    return ZoneInfo(company.time_zone if company else "UTC")


def _scheduled(moment: datetime) -> list[Moment]:
    """Everything that goes on."""
    rows = Conversation.objects.filter(status__in=UNSOLVED).order_by("id").values_list("pk", flat=True)[:MOST]
    return [Moment(pk, cause=f"schedule-{moment:%Y-%m-%dT%H:%M}") for pk in rows]


def _due(waits: OnTime, now: datetime) -> list[Moment]:
    """Whose next promise falls due within the span, each promise once."""
    until = waits.span.after(now, _calendar(waits))
    rows = Conversation.objects.awake().filter(due_at__gt=now, due_at__lte=until).order_by("due_at", "id")
    found = rows.values_list("pk", "due_at")[:MOST]
    return [Moment(pk, cause=f"due-{due_at:%Y-%m-%dT%H:%M:%S}") for pk, due_at in found]


def _lasted(waits: OnTime, after: datetime, now: datetime) -> list[Moment]:
    """What has lasted for the span since the last look, and lasts."""
    calendar = _calendar(waits)
    first, last = (began_by(waits.span, at, calendar) for at in (after, now))
    verbs, still = BEGINNINGS.get(waits.since, (STATUS_VERBS, _has_status))
    begun = Event.objects.filter(verb__in=verbs, at__gt=first - SLACK, at__lte=last + SLACK, root__startswith="conv")
    found = {}
    for event in begun.order_by("id")[: MOST * 4]:
        if after < waits.span.after(event.at, calendar) <= now:
            found[int(event.root.removeprefix("conversation-"))] = event
    lasting = still(found, waits.since) if found else []
    return [Moment(pk, cause=f"{waits.since}-{found[pk].at:%Y-%m-%dT%H:%M:%S.%f}") for pk in lasting[:MOST]]


def _has_status(begun: Mapping[int, Event], status: str) -> list[int]:
    """Those that have it since then, without a break."""
    rows = Conversation.objects.filter(pk__in=begun, status=status)
    last = Event.objects.filter(root__in=[f"conversation-{pk}" for pk in begun], verb__in=STATUS_VERBS)
    latest = dict(last.values_list("root").annotate(last=Max("id")))
    return [row.pk for row in rows.order_by("id") if latest.get(noun(row)) == begun[row.pk].pk]


def _is_unanswered(begun: Mapping[int, Event], _since: str) -> list[int]:
    rows = Conversation.objects.awake().filter(pk__in=begun, unanswered_since__isnull=False).order_by("id")
    return [row.pk for row in rows if row.unanswered_since == begun[row.pk].at]


def _is_answered(begun: Mapping[int, Event], _since: str) -> list[int]:
    rows = Conversation.objects.unsolved().filter(pk__in=begun, unanswered_since=None).order_by("id")
    return [row.pk for row in rows if row.last_message_at == begun[row.pk].at]


def _calendar(waits: OnTime) -> Calendar | None:
    return usual_calendar() if waits.span.is_business else None


Still = Callable[[Mapping[int, Event], str], Sequence[int]]
BEGINNINGS: Mapping[str, tuple[Sequence[str], Still]] = {
    UNANSWERED: (("message.received",), _is_unanswered),
    ANSWERED: (("message.sent",), _is_answered),
}
