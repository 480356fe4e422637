"""What happens because time passes: promises fall due, escalations fire, sleepers wake.

Each is a row with its instant. Whoever finds it due takes it in one transaction that also marks it as done, so that
it happens once, whenever a worker is there to do it, however many there are.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from answerable.core.clock import State
from answerable.desk import steps
from answerable.desk.actions.clocks import arithmetic_of
from answerable.desk.actions.conversations import locked
from answerable.desk.models import Clock, Escalation
from answerable.events.record import record
from answerable.policy.running import compiled

BATCH = 200


def fire_due() -> float | None:
    """Breach and escalate whatever is due. Seconds until the next instant (none: nothing is planned)."""
    now = timezone.now()
    due_clocks = Clock.objects.filter(state=Clock.State.RUNNING, due_at__lt=now).order_by("due_at", "id")
    for clock_id, conversation_id in list(due_clocks.values_list("pk", "conversation_id")[:BATCH]):
        _breach(clock_id, conversation_id, now)
    planned = Escalation.objects.filter(fired_at=None, fires_at__isnull=False)
    due_steps = planned.filter(fires_at__lte=now).order_by("fires_at", "step", "id")
    for step_id, conversation_id in list(due_steps.values_list("pk", "clock__conversation_id")[:BATCH]):
        _escalate(step_id, conversation_id)
    running = Clock.objects.filter(state=Clock.State.RUNNING, due_at__isnull=False)
    instants = [
        running.aggregate(next=Min("due_at"))["next"],
        planned.aggregate(next=Min("fires_at"))["next"],
    ]
    upcoming = min((instant for instant in instants if instant), default=None)
    return None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())


def _breach(clock_id: int, conversation_id: int, now: datetime) -> None:
    with transaction.atomic():
        conversation = locked(conversation_id)
        clock = Clock.objects.select_for_update().get(pk=clock_id)
        if clock.state != Clock.State.RUNNING or arithmetic_of(clock).state(now) is not State.BREACHED:
            return  # answered, paused or promised otherwise while we waited for the row
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
        escalation = Escalation.objects.select_for_update(of=("self",)).select_related("clock").get(pk=escalation_id)
        if escalation.fired_at is not None or escalation.fires_at is None or escalation.fires_at > timezone.now():
            return
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
