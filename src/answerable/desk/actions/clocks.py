"""What a write at the desk means for the promises that run.

Called by the other actions, inside their transaction, on a conversation they have locked.

first_response   from the customer's first message to the first answer by a person
next_response    from the customer's oldest unanswered message to the next answer, after the first
resolution       from the beginning to the solution; another one begins when it is reopened

The arithmetic is `core.clock`; a row keeps what it needs to be computed again under the version it began with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from answerable.core.calendar import business_seconds as calendar_seconds
from answerable.core.clock import Clock as Arithmetic
from answerable.core.clock import Pause, State
from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind
from answerable.desk.hours import calendar_of
from answerable.desk.models import Clock, Conversation, Escalation, Kind, Message, Priority, Status
from answerable.events.inserting import insert_all
from answerable.events.record import record
from answerable.people.models import User
from answerable.policy.running import compiled, in_force_id

ANSWERS = (Clock.Kind.FIRST_RESPONSE, Clock.Kind.NEXT_RESPONSE)
FINISHED = (Status.SOLVED, Status.CLOSED)


def customers_wrote(written: Sequence[tuple[Conversation, datetime]]) -> None:
    """Begin what the policy promises from here on. Sets `due_at` on the rows, which the caller saves."""
    first = {conversation.pk: (conversation, at) for conversation, at in reversed(written)}
    going_on: dict[int, set[str]] = {pk: set() for pk in first}
    for pk, kind in Clock.objects.filter(conversation__in=first, stopped_at=None).values_list(
        "conversation_id", "kind"
    ):
        going_on[pk].add(kind)
    unanswered = [conversation for conversation, _at in first.values() if not going_on[conversation.pk] & {*ANSWERS}]
    answered = _answered(unanswered)
    wanted = []
    for conversation in unanswered:
        kind = Clock.Kind.NEXT_RESPONSE if conversation.pk in answered else Clock.Kind.FIRST_RESPONSE
        wanted.append((conversation, kind, first[conversation.pk][1]))
    for conversation, at in first.values():
        if Clock.Kind.RESOLUTION not in going_on[conversation.pk] and conversation.status not in FINISHED:
            wanted.append((conversation, Clock.Kind.RESOLUTION, at))
    begin_all(wanted)


def staff_answered(conversation: Conversation, *, at: datetime, by: User) -> None:
    """Stop the response clocks."""
    for clock in _going_on(conversation, ANSWERS):
        stop(clock, at=at, by=by)
    show_due(conversation)


def answer_taken_back(conversation: Conversation, *, answered_at: datetime, by: User) -> None:
    """Let the clocks run on that an answer stopped which never left, and the one its status paused or stopped.

    What has begun since, because the customer wrote meanwhile, gives way: the older promise was never kept.
    """
    for clock in list(conversation.clocks.filter(stopped_at=answered_at)):
        rivals = ANSWERS if clock.kind in ANSWERS else (clock.kind,)
        for rival in _going_on(conversation, rivals):
            if rival.started_at >= answered_at:
                cancel(rival, at=timezone.now(), by=by, because="the_answer_before_was_taken_back")
        clock.stopped_at = clock.elapsed_seconds = clock.agent = None
        compute_again(clock)
    for clock in _going_on(conversation, (Clock.Kind.RESOLUTION,)):
        if clock.pauses and clock.pauses[-1] == [answered_at.isoformat(), None]:
            clock.pauses = clock.pauses[:-1]
            compute_again(clock)
    show_due(conversation)


def status_changed(conversation: Conversation, *, before: str, at: datetime, by: User | None) -> None:
    """Pause, resume, stop or begin what depends on the status."""
    if conversation.status in FINISHED:
        _finish(conversation, at=at, by=by)
    else:
        if before in FINISHED:
            begin(conversation, [Clock.Kind.RESOLUTION], at=at)
        for clock in _going_on(conversation):
            _rest_or_go_on(clock, conversation.status, at)
    show_due(conversation)


def priority_changed(conversation: Conversation, *, by: User | None) -> None:
    """A person's change of priority chooses again, within the version the clock began under.

    Raised by an escalation it does not: what was promised is not made harder by being late.
    """
    if by is None:
        return
    facts = facts_of(conversation)
    for clock in _going_on(conversation):
        if clock.state != Clock.State.BREACHED:
            _choose_again(clock, facts)
    show_due(conversation)


def team_changed(conversation: Conversation) -> None:
    """Running clocks count for the team that has the conversation now."""
    conversation.clocks.filter(stopped_at=None).update(team=conversation.team)


def begin(conversation: Conversation, kinds: Iterable[str], *, at: datetime) -> None:
    """Begin clocks of these kinds where the policy in force promises anything, with their escalations."""
    begin_all([(conversation, kind, at) for kind in kinds])
    show_due(conversation)


def begin_all(wanted: Sequence[tuple[Conversation, str, datetime]]) -> None:
    """The same for many: conversation, kind, and when it begins. `due_at` is set on the rows, not saved."""
    version_id = in_force_id() if wanted else None
    if version_id is None:
        return
    policy = compiled(version_id)
    clocks, planned = [], []
    for conversation, kind, at in wanted:
        facts = facts_of(conversation)
        match = policy.standard_for(ClockKind(kind), facts)
        if match is None:
            continue
        arithmetic = policy.clock(match.standard, at)
        clock = Clock(
            conversation=conversation,
            kind=kind,
            version_id=version_id,
            standard=match.standard.key,
            target_seconds=int(match.standard.target.total_seconds()),
            facts=asdict(facts),
            team_id=conversation.team_id,
            started_at=at,
            due_at=arithmetic.due_at,
        )
        clocks.append(clock)
        planned += [
            Escalation(clock=clock, step=number, share=_share(step.percent), fires_at=arithmetic.reached_at(step.share))
            for number, step in enumerate(policy.escalations(match.standard))
        ]
        if clock.due_at:
            conversation.due_at = min(clock.due_at, conversation.due_at or clock.due_at)
    insert_all(clocks)
    insert_all(planned)


def stop(clock: Clock, *, at: datetime, by: User | None) -> None:
    """The promise has been kept, or at last been answered: met or breached, for good."""
    arithmetic = arithmetic_of(clock)
    counted = arithmetic.elapsed(at)
    late = clock.state == Clock.State.BREACHED or arithmetic.state(at) is State.BREACHED
    if late and clock.breached_at is None:
        clock.breached_at = clock.due_at
    clock.state = Clock.State.BREACHED if late else Clock.State.MET
    clock.stopped_at = at
    clock.elapsed_seconds = int(counted.total_seconds())
    clock.agent = by
    clock.team_id = clock.conversation.team_id
    clock.save(update_fields=["state", "breached_at", "stopped_at", "elapsed_seconds", "agent", "team"])
    clock.escalations.filter(fired_at=None).update(fires_at=None)


def cancel(clock: Clock, *, at: datetime, by: User | None, because: str) -> None:
    """It counts nowhere, and the event says why."""
    clock.state = Clock.State.CANCELLED
    clock.stopped_at = at
    clock.save(update_fields=["state", "stopped_at"])
    clock.escalations.filter(fired_at=None).update(fires_at=None)
    record(
        "clock.cancelled",
        subject=clock,
        root=clock.conversation,
        by=by,
        team_id=clock.conversation.team_id,
        at=at,
        kind=clock.kind,
        because=because,
    )


def show_due(conversation: Conversation) -> None:
    """Put on the conversation what lists show and sort by: when the next promise falls due."""
    conversation.due_at = (
        conversation.clocks.filter(stopped_at=None, due_at__isnull=False)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    conversation.save(update_fields=["due_at"])


def business_seconds(conversation: Conversation, *, until: datetime) -> int | None:
    """Business time from its beginning, by the calendar it was promised under; none where nothing is promised."""
    calendar = calendar_of(conversation)
    if calendar is None or until < conversation.created_at:
        return None
    return int(calendar_seconds(calendar, conversation.created_at, until))


def arithmetic_of(clock: Clock) -> Arithmetic:
    """The clock as `core` computes it, under the version it began with."""
    policy = compiled(clock.version_id)
    return Arithmetic(
        calendar=policy.calendar(policy.standards[clock.standard]),
        target=timedelta(seconds=clock.target_seconds),
        started_at=clock.started_at,
        pauses=tuple(
            Pause(datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None)
            for since, until in clock.pauses
        ),
        stopped_at=clock.stopped_at,
    )


def facts_of(conversation: Conversation) -> Facts:
    """What the policy's conditions can ask about."""
    return Facts(
        channel=conversation.channel,
        priority=Priority(conversation.priority).name.lower(),
        segment=conversation.segment or None,
        region=conversation.region or None,
        language=conversation.language or None,
        team=conversation.team.key,
    )


def _answered(conversations: Sequence[Conversation]) -> set[int]:
    """Those whose next answer is not the first: a person has answered, or an agent began them."""
    answers = Message.objects.filter(conversation__in=conversations, kind=Kind.OUTBOUND, automatic=False)
    answered = set(answers.exclude(delivery__state="undone").values_list("conversation_id", flat=True))
    return answered | {each.pk for each in conversations if each.opened_by_id is not None}


def _going_on(conversation: Conversation, kinds: Iterable[str] | None = None) -> list[Clock]:
    clocks = conversation.clocks.filter(stopped_at=None)
    return list(clocks.filter(kind__in=kinds) if kinds else clocks)


def _finish(conversation: Conversation, *, at: datetime, by: User | None) -> None:
    """Solved: the resolution is there; a question that needed no answer is nobody's promise any more."""
    for clock in _going_on(conversation):
        if clock.kind == Clock.Kind.RESOLUTION:
            stop(clock, at=at, by=by)
        else:
            cancel(clock, at=at, by=by, because="solved_without_an_answer")


def _rest_or_go_on(clock: Clock, status: str, at: datetime) -> None:
    rests = status in compiled(clock.version_id).standards[clock.standard].pauses
    resting = bool(clock.pauses) and clock.pauses[-1][1] is None
    if rests and not resting:
        clock.pauses = [*clock.pauses, [at.isoformat(), None]]
    elif resting and not rests:
        # What ends it may have come in before it began, and been read only afterwards.
        since = clock.pauses[-1][0]
        until = max(at, datetime.fromisoformat(since))
        clock.pauses = [*clock.pauses[:-1], [since, until.isoformat()]]
    else:
        return
    compute_again(clock)


def compute_again(clock: Clock) -> None:
    """Recompute when it falls due and when its steps fire. A breach that has happened stays."""
    arithmetic = arithmetic_of(clock)
    if clock.breached_at is None:
        clock.due_at = arithmetic.due_at
        clock.state = Clock.State.RUNNING if clock.due_at else Clock.State.PAUSED
    else:
        clock.state = Clock.State.BREACHED
    clock.save(
        update_fields=[
            "state",
            "due_at",
            "pauses",
            "stopped_at",
            "elapsed_seconds",
            "agent",
            "standard",
            "target_seconds",
        ]
    )
    for escalation in clock.escalations.filter(fired_at=None):
        escalation.fires_at = arithmetic.reached_at(float(escalation.share))
        escalation.save(update_fields=["fires_at"])


def _choose_again(clock: Clock, facts: Facts) -> None:
    policy = compiled(clock.version_id)
    match = policy.standard_for(ClockKind(clock.kind), facts)
    if match is None or match.standard.key == clock.standard:
        return
    clock.standard = match.standard.key
    clock.target_seconds = int(match.standard.target.total_seconds())
    clock.facts = asdict(facts)
    clock.save(update_fields=["facts"])
    clock.escalations.filter(fired_at=None).delete()
    fired = set(clock.escalations.values_list("step", flat=True))
    Escalation.objects.bulk_create(
        Escalation(clock=clock, step=number, share=_share(step.percent))
        for number, step in enumerate(policy.escalations(match.standard))
        if number not in fired
    )
    compute_again(clock)


def _share(percent: int) -> Decimal:
    return Decimal(percent) / 100
