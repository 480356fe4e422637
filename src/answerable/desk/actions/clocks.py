"""What a write at the desk means for the promises that run.

Called by the other actions on a conversation they hold; what changes here is written when they keep it.

first_response   from the customer's first message to the first answer by a person
next_response    from the customer's oldest unanswered message to the next answer, after the first
resolution       from the beginning to the solution; another one begins when it is reopened

The arithmetic is `core.clock`; a row keeps what it needs to be computed again under the version it began with.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.utils import timezone

from answerable.core.calendar import business_seconds as calendar_seconds
from answerable.core.clock import State
from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind
from answerable.desk.actions.held import Held
from answerable.desk.actions.planning import arithmetic_of
from answerable.desk.hours import calendar_under
from answerable.desk.models import Clock, Conversation, Kind, Message, Priority, Status
from answerable.people.models import User
from answerable.policy.models import Arm
from answerable.policy.running import compiled, in_force_at
from answerable.policy.terms import Terms, terms_for
from answerable.web.standing import Among, Standing

ANSWERS = (Clock.Kind.FIRST_RESPONSE, Clock.Kind.NEXT_RESPONSE)
FINISHED = (Status.SOLVED, Status.CLOSED)
ANSWERED = Standing(
    lambda: (
        Message.objects.filter(Among("conversations", Message, "conversation"), kind=Kind.OUTBOUND, automatic=False)
        .exclude(delivery__state="undone")
        .values_list("conversation_id")
        .distinct()
    )
)


def customers_wrote(written: Sequence[tuple[Held, datetime]]) -> None:
    """Begin what the policy promises from here on, of each conversation from the first of its messages."""
    first = {held.conversation.pk: (held, at) for held, at in reversed(written)}
    unanswered = [held for held, _at in first.values() if not held.going_on(ANSWERS)]
    answered = _answered([held.conversation for held in unanswered])
    wanted = []
    for held in unanswered:
        pk = held.conversation.pk
        kind = Clock.Kind.NEXT_RESPONSE if pk in answered else Clock.Kind.FIRST_RESPONSE
        wanted.append((held, kind, first[pk][1]))
    for held, at in first.values():
        if held.conversation.status not in FINISHED and not held.going_on((Clock.Kind.RESOLUTION,)):
            wanted.append((held, Clock.Kind.RESOLUTION, at))
    begin(wanted)


def staff_answered(held: Held, *, at: datetime, by: User) -> None:
    """Stop the response clocks."""
    for clock in held.going_on(ANSWERS):
        stop(held, clock, at=at, by=by)


def answer_taken_back(held: Held, *, answered_at: datetime, by: User) -> None:
    """Let the clocks run on that an answer stopped which never left, and the one its status paused or stopped.

    What has begun since, because the customer wrote meanwhile, gives way: the older promise was never kept.
    """
    for clock in held.stopped(answered_at):
        rivals = ANSWERS if clock.kind in ANSWERS else (clock.kind,)
        for rival in held.going_on(rivals):
            if rival.started_at >= answered_at:
                cancel(held, rival, at=timezone.now(), by=by, because="the_answer_before_was_taken_back")
        clock.stopped_at = clock.elapsed_seconds = clock.agent = None
        compute_again(clock)
    for clock in held.going_on((Clock.Kind.RESOLUTION,)):
        if clock.pauses and clock.pauses[-1] == [answered_at.isoformat(), None]:
            clock.pauses = clock.pauses[:-1]
            compute_again(clock)


def answered_instead(held: Held, *, answered_at: datetime, instead: Message) -> None:
    """An answer was taken back after another was given: what the first seemed to keep, the other kept."""
    for clock in held.stopped(answered_at):
        if clock.kind in ANSWERS:
            clock.stopped_at = None
            stop(held, clock, at=instead.created_at, by=instead.user)


def closed_without_an_answer(held: Held, *, by: User) -> None:
    """None goes on in a closed conversation; those that spam made void end with it, and go on if it was none."""
    conversation = held.conversation
    at = conversation.spam_at or conversation.closed_at or timezone.now()
    for clock in held.going_on():
        cancel(held, clock, at=at, by=by, because="spam" if conversation.spam_at else "solved_without_an_answer")


def status_changed(held: Held, *, before: str, at: datetime, by: User | None) -> None:
    """Pause, resume, stop or begin what depends on the status."""
    status = held.conversation.status
    if status in FINISHED:
        finish(held, at=at, by=by)
        return
    if before in FINISHED:
        begin([(held, Clock.Kind.RESOLUTION, at)])
    for clock in held.going_on():
        rest_or_go_on(clock, status, at)


def priority_changed(held: Held, *, by: User | None) -> None:
    """A person's change of priority chooses again, within the version the clock began under.

    Raised by an escalation it does not: what was promised is not made harder by being late.
    """
    if by is None:
        return
    facts = facts_of(held.conversation)
    for clock in held.going_on():
        if clock.state != Clock.State.BREACHED:
            _choose_again(clock, facts)


def team_changed(held: Held) -> None:
    """Running clocks count for the team that has the conversation now."""
    for clock in held.going_on():
        clock.team_id = held.conversation.team_id


def begin(wanted: Sequence[tuple[Held, str, datetime]]) -> None:
    """Begin clocks, by conversation, kind and instant, where the policy in force promises anything; of customers who
    take part in a pilot under the version that is tried."""
    terms = terms_for(held.conversation.contact_id for held, _kind, _at in wanted) if wanted else Terms()
    for held, kind, at in wanted:
        conversation = held.conversation
        _join_pilot(held, terms)
        version_id = terms.version_of(conversation.contact_id, conversation.pilot_customer_id, conversation.pilot_arm)
        _promise(held, kind, at, version_id)


def begin_then(held: Held, kind: str, at: datetime) -> Clock | None:
    """Begin what was promised at an instant that is past, by the policy that was in force then."""
    conversation = held.conversation
    if conversation.pilot_arm == Arm.PILOT:
        terms = terms_for([conversation.contact_id])
        whose = conversation.contact_id, conversation.pilot_customer_id, conversation.pilot_arm
        if (tried := terms.version_of(*whose)) != terms.in_force_id:
            return _promise(held, kind, at, tried)
    return _promise(held, kind, at, in_force_at(at))


def _promise(held: Held, kind: str, at: datetime, version_id: int | None) -> Clock | None:
    """Begin what a version promises, if it does."""
    if version_id is None:
        return None
    conversation = held.conversation
    policy, facts = compiled(version_id), facts_of(conversation)
    match = policy.standard_for(ClockKind(kind), facts)
    if match is None:
        return None
    clock = Clock(
        conversation=conversation,
        kind=kind,
        version_id=version_id,
        standard=match.standard.key,
        target_seconds=int(match.standard.target.total_seconds()),
        facts=asdict(facts),
        team_id=conversation.team_id,
        started_at=at,
        due_at=policy.clock(match.standard, at).due_at,
    )
    held.clocks.append(clock)
    return clock


def _join_pilot(held: Held, terms: Terms) -> None:
    """A conversation that begins while its customer takes part in a pilot is in it, whatever comes later."""
    conversation = held.conversation
    if conversation.pilot_customer_id is not None:
        return
    seat = terms.seat(conversation.contact_id, begun_at=conversation.created_at)
    if seat is not None:
        conversation.pilot_customer_id, conversation.pilot_arm = seat.customer_id, seat.arm
        held.record("conversation.piloted", by=None, arm=seat.arm, version=terms.pilot_number)


def stop(held: Held, clock: Clock, *, at: datetime, by: User | None) -> None:
    """The promise has been kept, or at last been answered: met or breached, for good."""
    arithmetic = arithmetic_of(clock)
    late = clock.state == Clock.State.BREACHED or arithmetic.state(at) is State.BREACHED
    if late and clock.breached_at is None:
        clock.breached_at = clock.due_at
    clock.state = Clock.State.BREACHED if late else Clock.State.MET
    clock.stopped_at = at
    clock.elapsed_seconds = int(arithmetic.elapsed(at).total_seconds())
    clock.agent = by
    clock.team_id = held.conversation.team_id


def cancel(held: Held, clock: Clock, *, at: datetime, by: User | None, because: str) -> None:
    """It counts nowhere, and the event says why."""
    clock.state = Clock.State.CANCELLED
    clock.stopped_at = at
    held.record("clock.cancelled", subject=clock, by=by, at=at, kind=clock.kind, because=because)


def compute_again(clock: Clock) -> None:
    """Recompute when it falls due. A breach that has happened stays."""
    if clock.breached_at is not None:
        clock.state = Clock.State.BREACHED
        return
    clock.due_at = arithmetic_of(clock).due_at
    clock.state = Clock.State.RUNNING if clock.due_at else Clock.State.PAUSED


def business_seconds(held: Held, *, until: datetime) -> int | None:
    """Business time from its beginning, by the calendar it was promised under; none where nothing is promised, and
    where it began under another system."""
    begun_at = held.conversation.created_at
    if held.conversation.imported_at is not None:
        return None
    calendar = calendar_under(next(iter(held.clocks), None))
    return None if calendar is None or until < begun_at else int(calendar_seconds(calendar, begun_at, until))


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
    numbers = [each.pk for each in conversations if each.opened_by_id is None]
    found = ANSWERED.values(conversations=numbers) if numbers else []
    return {pk for (pk,) in found} | {each.pk for each in conversations if each.opened_by_id is not None}


def finish(held: Held, *, at: datetime, by: User | None) -> None:
    """Solved: the resolution is there; a question that needed no answer is nobody's promise any more."""
    for clock in held.going_on():
        if clock.kind == Clock.Kind.RESOLUTION:
            stop(held, clock, at=at, by=by)
        else:
            cancel(held, clock, at=at, by=by, because="solved_without_an_answer")


def rest_or_go_on(clock: Clock, status: str, at: datetime) -> None:
    """Whether it counts in this status, from an instant on."""
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


def _choose_again(clock: Clock, facts: Facts) -> None:
    match = compiled(clock.version_id).standard_for(ClockKind(clock.kind), facts)
    if match is None or match.standard.key == clock.standard:
        return
    clock.standard = match.standard.key
    clock.target_seconds = int(match.standard.target.total_seconds())
    clock.facts = asdict(facts)
    compute_again(clock)
