"""What happens because time passes: promises fall due, escalations fire, sleepers wake.

Each is a row with its instant. Whoever finds it due takes it in one transaction that also marks it as done, so that
it happens once, whenever a worker is there to do it, however many there are. Many that are due at once are taken
together; where that fails, each half alone, down to the one row that can't be worked on.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from answerable.core.clock import State
from answerable.desk.actions.clocks import compute_again
from answerable.desk.actions.held import hold_all, keep_all
from answerable.desk.actions.planning import arithmetic_of, chain
from answerable.desk.models import Clock, Escalation
from answerable.desk.steps import Steps
from answerable.events.setbacks import Setbacks
from answerable.people.standing_in import StandIns

BATCH = 200
_clocks, _steps = Setbacks("clock"), Setbacks("escalation")


def fire_due() -> float | None:
    """Breach and escalate whatever is due. Seconds until the next instant (none: nothing is planned).

    One that fails, such as a clock whose policy can't be compiled any more, is tried again later, the others now.
    """
    upcoming, now = _upcoming(), timezone.now()
    if upcoming and upcoming <= now:
        due_clocks = _running().filter(due_at__lt=now).order_by("due_at", "id")
        _clocks.attempt_all(list(due_clocks.values_list("pk", flat=True)[:BATCH]), _breach)
        due_steps = _planned().filter(fires_at__lte=now).order_by("fires_at", "step", "id")
        _steps.attempt_all(list(due_steps.values_list("pk", flat=True)[:BATCH]), _escalate)
        upcoming = _upcoming()
    wanted = None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())
    return _clocks.sooner(_steps.sooner(wanted))


def _upcoming() -> datetime | None:
    """The first instant that is planned, however long ago it was."""
    instants = [_running().aggregate(next=Min("due_at"))["next"], _planned().aggregate(next=Min("fires_at"))["next"]]
    return min((instant for instant in instants if instant), default=None)


def _running() -> QuerySet[Clock]:
    rows = Clock.objects.filter(state=Clock.State.RUNNING, due_at__isnull=False)
    return rows.exclude(pk__in=_clocks.resting())


def _planned() -> QuerySet[Escalation]:
    rows = Escalation.objects.filter(fired_at=None, fires_at__isnull=False)
    return rows.exclude(pk__in=_steps.resting())


def _breach(due: Sequence[int]) -> None:
    """These clocks, but for those answered, paused or promised otherwise until we hold their conversations."""
    with transaction.atomic():
        held = hold_all(Clock.objects.filter(pk__in=due).values_list("conversation_id", flat=True))
        now = timezone.now()
        running = {clock.pk: (clock, one) for one in held.values() for clock in one.clocks}
        for clock, one in (running[pk] for pk in due if pk in running):
            if clock.state != Clock.State.RUNNING or clock.due_at is None or clock.due_at >= now:
                continue
            if arithmetic_of(clock).state(now) is not State.BREACHED:
                compute_again(clock)  # it falls due later by now: a holiday has been added since it began
                until = clock.due_at.isoformat() if clock.due_at else None
                one.record("clock.put_off", subject=clock, by=None, until=until)
                continue
            clock.state = Clock.State.BREACHED
            clock.breached_at = clock.due_at
            one.record(
                "clock.breached",
                subject=clock,
                by=None,
                at=clock.due_at,
                kind=clock.kind,
                standard=clock.standard,
                assignee=one.conversation.assignee_id,
            )
        keep_all(held.values())


def _escalate(due: Sequence[int]) -> None:
    """These steps, but for those fired, put off or replaced by another standard's meanwhile."""
    with transaction.atomic():
        held = hold_all(Escalation.objects.filter(pk__in=due).values_list("clock__conversation_id", flat=True))
        running = {clock.pk: (clock, one) for one in held.values() for clock in one.clocks}
        now = timezone.now()
        steps = Steps(StandIns(now))
        rows = Escalation.objects.filter(pk__in=due, fired_at=None, fires_at__lte=now)
        fired = list(rows.order_by("fires_at", "step", "id"))
        for row in fired:
            clock, one = running[row.clock_id]
            kind, share = clock.kind, str(row.share)
            row.fired_at = now
            row.outcome = steps.take(chain(clock)[row.step], one, clock=clock.pk, kind=kind, share=share)
            one.record("clock.escalated", subject=clock, by=None, kind=kind, share=share, outcome=row.outcome)
        Escalation.objects.bulk_update(fired, ["fired_at", "outcome"])
        keep_all(held.values())
