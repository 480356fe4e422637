"""What happens because time passes: promises fall due, escalations fire, sleepers wake.

Each is a row with its instant. Whoever finds it due takes it in one transaction that also marks it as done, so that
it happens once, whenever a worker is there to do it, however many there are.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from answerable.core.clock import State
from answerable.desk import steps
from answerable.desk.actions.clocks import arithmetic_of, compute_again, show_due
from answerable.desk.actions.conversations import locked
from answerable.desk.models import Clock, Escalation
from answerable.events.record import record
from answerable.events.setbacks import Setbacks
from answerable.policy.running import compiled

BATCH = 200
_clocks, _steps = Setbacks("clock"), Setbacks("escalation")


def fire_due() -> float | None:
    """Breach and escalate whatever is due. Seconds until the next instant (none: nothing is planned).

    One that fails, such as a clock whose policy can't be compiled any more, is tried again later, the others now.
    """
    now = timezone.now()
    due_clocks = _running().filter(due_at__lt=now).order_by("due_at", "id")
    for clock_id, conversation_id in list(due_clocks.values_list("pk", "conversation_id")[:BATCH]):
        _clocks.attempt(clock_id, partial(_breach, clock_id, conversation_id, now))
    due_steps = _planned().filter(fires_at__lte=now).order_by("fires_at", "step", "id")
    for step_id, conversation_id in list(due_steps.values_list("pk", "clock__conversation_id")[:BATCH]):
        _steps.attempt(step_id, partial(_escalate, step_id, conversation_id))
    instants = [_running().aggregate(next=Min("due_at"))["next"], _planned().aggregate(next=Min("fires_at"))["next"]]
    upcoming = min((instant for instant in instants if instant), default=None)
    wanted = None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())
    return _clocks.sooner(_steps.sooner(wanted))


def _running() -> QuerySet[Clock]:
    rows = Clock.objects.filter(state=Clock.State.RUNNING, due_at__isnull=False)
    return rows.exclude(pk__in=_clocks.resting())


def _planned() -> QuerySet[Escalation]:
    rows = Escalation.objects.filter(fired_at=None, fires_at__isnull=False)
    return rows.exclude(pk__in=_steps.resting())


def _breach(clock_id: int, conversation_id: int, now: datetime) -> None:
    with transaction.atomic():
        conversation = locked(conversation_id)
        clock = Clock.objects.select_for_update().get(pk=clock_id)
        if clock.state != Clock.State.RUNNING or clock.due_at is None or clock.due_at >= now:
            return  # answered, paused or promised otherwise while we waited for the row
        if arithmetic_of(clock).state(now) is not State.BREACHED:
            compute_again(clock)  # it falls due later by now: a holiday has been added since it began
            show_due(conversation)
            team_id, until = conversation.team_id, clock.due_at.isoformat() if clock.due_at else None
            record("clock.put_off", subject=clock, root=conversation, by=None, team_id=team_id, until=until)
            return
        clock.state = Clock.State.BREACHED
        clock.breached_at = clock.due_at
        clock.save(update_fields=["state", "breached_at"])
        record(
            "clock.breached",
            subject=clock,
            root=conversation,
            by=None,
            team_id=conversation.team_id,
            at=clock.due_at,
            kind=clock.kind,
            standard=clock.standard,
            assignee=conversation.assignee_id,
        )


def _escalate(escalation_id: int, conversation_id: int) -> None:
    with transaction.atomic():
        conversation = locked(conversation_id)
        rows = Escalation.objects.select_for_update(of=("self",)).select_related("clock")
        escalation = rows.filter(pk=escalation_id, fired_at=None, fires_at__lte=timezone.now()).first()
        if escalation is None:
            return  # fired, put off, or replaced by another standard's while we waited for the conversation
        clock = escalation.clock
        policy = compiled(clock.version_id)
        step = policy.escalations(policy.standards[clock.standard])[escalation.step]
        escalation.outcome = steps.take(
            step, conversation, clock=clock.pk, kind=clock.kind, share=str(escalation.share)
        )
        escalation.fired_at = timezone.now()
        escalation.save(update_fields=["fired_at", "outcome"])
        record(
            "clock.escalated",
            subject=clock,
            root=conversation,
            by=None,
            team_id=conversation.team_id,
            kind=clock.kind,
            share=str(escalation.share),
            outcome=escalation.outcome,
        )
