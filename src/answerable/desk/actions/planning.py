"""A clock's arithmetic, and the steps of its chain: planned when it begins, anew when another standard is chosen."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from answerable.core.clock import Clock as Arithmetic
from answerable.core.clock import Pause
from answerable.core.policy import Step
from answerable.desk.hours import calendar_of
from answerable.desk.models import Clock, Escalation
from answerable.events.inserting import insert_all
from answerable.policy.running import compiled


def arithmetic_of(clock: Clock) -> Arithmetic:
    """The clock as `core` computes it, under the version and with the facts it began with."""
    return Arithmetic(
        calendar=calendar_of(clock),
        target=timedelta(seconds=clock.target_seconds),
        started_at=clock.started_at,
        pauses=tuple(
            Pause(datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None)
            for since, until in clock.pauses
        ),
        stopped_at=clock.stopped_at,
    )


def chain(clock: Clock) -> tuple[Step, ...]:
    """The steps that follow as its target is used up."""
    policy = compiled(clock.version_id)
    return policy.escalations(policy.standards[clock.standard])


def instants(clock: Clock) -> list[datetime | None]:
    """When each step fires, by its place in the chain: never while the clock rests, and none once it has stopped."""
    if clock.stopped_at is not None:
        return []
    arithmetic = arithmetic_of(clock)
    return [arithmetic.reached_at(step.share) for step in chain(clock)]


def plan(clocks: Collection[Clock]) -> None:
    """The steps of clocks that have just begun."""
    insert_all(step for clock in clocks for step in _steps(clock))


def plan_again(clocks: Collection[Clock]) -> None:
    """The steps of clocks that run by another standard now. What has fired stays, and does not fire again."""
    if not clocks:
        return
    steps = Escalation.objects.filter(clock__in=clocks)
    steps.filter(fired_at=None).delete()
    fired = set(steps.values_list("clock_id", "step"))
    insert_all(step for clock in clocks for step in _steps(clock) if (clock.pk, step.step) not in fired)


def _steps(clock: Clock) -> list[Escalation]:
    planned = zip(chain(clock), instants(clock), strict=True) if clock.stopped_at is None else ()
    return [
        Escalation(clock=clock, step=place, share=Decimal(step.percent) / 100, fires_at=fires_at)
        for place, (step, fires_at) in enumerate(planned)
    ]
