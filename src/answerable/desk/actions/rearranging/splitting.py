"""Some messages of a conversation go into a new one, or into another there is, with the promises they began."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.actions import clocks
from answerable.desk.actions.changes import change_status
from answerable.desk.actions.clocks import ANSWERS
from answerable.desk.actions.conversations import new_conversation, note_opened
from answerable.desk.actions.held import Held, hold, hold_all, keep_all
from answerable.desk.actions.rearranging.merging import (
    bring_messages,
    check_can_be_rearranged,
    check_nothing_is_leaving,
    last_message,
    one_goes_on,
)
from answerable.desk.actions.rearranging.photograph import Photograph, keep_besides
from answerable.desk.actions.rearranging.tally import answers, count_again, standing, time_again, waiting_since
from answerable.desk.actions.receiving import WOKEN_BY_A_CUSTOMER
from answerable.desk.actions.search import index_conversations
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Clock, Conversation, Kind, Message, Rearrangement, Status
from answerable.people.models import User


def split(conversation: Conversation, *, messages: Collection[int], subject: str, by: User) -> Rearrangement:
    """These messages become a conversation of their own, of who wrote the first of them, and open."""
    at = timezone.now()
    with transaction.atomic():
        source = hold(conversation)
        check_can_handle(by, source.conversation)
        check_can_be_rearranged(source.conversation)
        chosen = _chosen(source.conversation, messages)
        if not _questions(chosen):
            raise Refused(_("Choose at least one message from the customer."))
        target = Held(_opened_by(chosen, source.conversation, subject))
        target.insert()
        note_opened(target, by=by)
        return _bring(source, target, chosen, Rearrangement.Kind.SPLIT, at=at, by=by)


def move(conversation: Conversation, *, messages: Collection[int], to: Conversation, by: User) -> Rearrangement:
    """These messages go into another conversation, as if they had come there."""
    at = timezone.now()
    with transaction.atomic():
        held = hold_all([conversation.pk, to.pk])
        source, target = held[conversation.pk], held[to.pk]
        for one in (source, target):
            check_can_handle(by, one.conversation)
            check_can_be_rearranged(one.conversation)
        if source is target:
            raise Refused(_("They are in this conversation already."))
        if target.conversation.status == Status.CLOSED:
            raise Refused(_("#%(number)s is closed. Nothing can be brought into it.") % {"number": to.pk})
        chosen = _chosen(source.conversation, messages)
        return _bring(source, target, chosen, Rearrangement.Kind.MOVE, at=at, by=by)


def _chosen(conversation: Conversation, numbers: Collection[int]) -> list[Message]:
    """In their order."""
    rows = Message.objects.filter(conversation=conversation, pk__in=numbers)
    found = list(rows.defer("html").select_related("contact", "user").order_by("id"))
    if not found or len(found) < len(set(numbers)):
        raise Refused(_("Choose messages of this conversation."))
    if not standing(conversation).exclude(kind=Kind.NOTE).exclude(pk__in=numbers).exists():
        raise Refused(_("Leave at least one message. To bring all of them elsewhere, merge the conversations."))
    check_nothing_is_leaving(rows)
    return found


def _questions(messages: Iterable[Message]) -> list[Message]:
    return [one for one in messages if one.kind == Kind.INBOUND and not one.automatic]


def _answers(messages: Iterable[Message]) -> list[Message]:
    return [one for one in messages if one.kind == Kind.OUTBOUND and not one.automatic]


def _opened_by(chosen: Sequence[Message], source: Conversation, subject: str) -> Conversation:
    """The conversation that the first question of them would have begun."""
    first = _questions(chosen)[0]
    assert first.contact is not None
    begun = new_conversation(
        inbox=source.inbox,
        contact=first.contact,
        subject=subject.strip() or source.subject,
        by=None,
        at=first.created_at,
        copied=source.copied if first.contact_id == source.contact_id else (),
        language=source.language,
        channel=source.channel,
    )
    begun.team, begun.assignee, begun.priority = source.team, source.assignee, source.priority
    begun.segment, begun.region = source.segment, source.region
    begun.pilot_customer_id, begun.pilot_arm = source.pilot_customer_id, source.pilot_arm
    begun.status = Status.OPEN
    return begun


def _bring(
    source: Held, target: Held, chosen: Sequence[Message], kind: Rearrangement.Kind, *, at: datetime, by: User
) -> Rearrangement:
    row = Rearrangement.objects.create(kind=kind, source=source.conversation, target=target.conversation, by=by, at=at)
    numbers = [one.pk for one in chosen]
    source.also(_begun_by(source, chosen))
    before = Photograph([source, target])
    known = {id(clock) for one in (source, target) for clock in one.clocks}
    fresh = [one.pk for one in chosen if one.origin_id is None]
    bring_messages(Message.objects.filter(pk__in=numbers), target.conversation.pk)
    _take_out(source, chosen, kind, at=at, by=by)
    _put_in(target, chosen, kind, at=at, by=by)
    for one in (source, target):
        time_again(one, before)
    count = len(numbers)
    gone, came = ("split", "split_off") if kind == Rearrangement.Kind.SPLIT else ("messages_left", "messages_came")
    there, here = target.conversation.pk, source.conversation.pk
    source.record(f"conversation.{gone}", by=by, at=at, rearrangement=row.pk, other=there, count=count)
    target.record(f"conversation.{came}", by=by, at=at, rearrangement=row.pk, other=here, count=count)
    keep_all([source, target])
    for one in (source, target):
        keep_besides(one.conversation)
    both = [source.conversation.pk, target.conversation.pk]
    index_conversations(Conversation.objects.filter(pk__in=both).select_related("contact"))
    begun = [clock.pk for one in (source, target) for clock in one.clocks if id(clock) not in known]
    row.changed = before.changes() | {
        "messages": numbers,
        "fresh": fresh,
        "begun": begun,
        "last": last_message(),
        "counts": {str(one.conversation.pk): one.conversation.message_count for one in (source, target)},
    }
    row.save(update_fields=["changed"])
    return row


def _begun_by(source: Held, chosen: Sequence[Message]) -> list[Clock]:
    """Promises of an answer that began with one of these questions: those that run, and those that were kept or broken
    by an answer which goes along."""
    asked = [one.created_at for one in _questions(chosen)]
    answered = [one.created_at for one in _answers(chosen)]
    rows = Clock.objects.filter(conversation=source.conversation, kind__in=ANSWERS, started_at__in=asked)
    kept = rows.filter(stopped_at__in=answered).exclude(state=Clock.State.CANCELLED)
    running = [clock for clock in source.going_on(ANSWERS) if clock.started_at in asked]
    return [*running, *kept]


def _take_out(source: Held, chosen: Sequence[Message], kind: str, *, at: datetime, by: User) -> None:
    """What these questions were promised counts where they are. What still waits here is promised from its own time."""
    conversation = source.conversation
    asked = {one.created_at for one in _questions(chosen)}
    answered = {one.created_at for one in _answers(chosen)}
    for clock in source.clocks:
        goes_on = clock.stopped_at is None
        is_theirs = clock.kind in ANSWERS and clock.started_at in asked and clock.state != Clock.State.CANCELLED
        if is_theirs and (goes_on or clock.stopped_at in answered):
            clocks.cancel(source, clock, at=clock.stopped_at or at, by=by, because=kind)
    waited = conversation.unanswered_since
    count_again(conversation)
    if waited is None:
        conversation.unanswered_since = None
    elif conversation.unanswered_since and not source.going_on(ANSWERS):
        has_answers = conversation.opened_by_id is not None or answers(conversation).exists()
        clocks.begin_then(source, _kind(has_answers), conversation.unanswered_since)
    if conversation.first_answered_at in answered:
        first = answers(conversation).first()
        conversation.first_answered_at = first.created_at if first and conversation.opened_by_id is None else None


def _put_in(target: Held, chosen: Sequence[Message], kind: str, *, at: datetime, by: User) -> None:
    """They are there as if they had come there: what the policy in force then promised is promised from then on."""
    conversation = target.conversation
    is_new = kind == Rearrangement.Kind.SPLIT
    questions, replies = _questions(chosen), _answers(chosen)
    if not is_new and questions and questions[0].created_at < conversation.created_at:
        conversation.created_at = questions[0].created_at
    if replies and conversation.opened_by_id is None:
        first = next((one.created_at for one in replies if one.created_at > conversation.created_at), None)
        if first and (conversation.first_answered_at is None or first < conversation.first_answered_at):
            conversation.first_answered_at = first
    if is_new:
        clocks.begin_then(target, Clock.Kind.RESOLUTION, conversation.created_at)
    else:
        _answer(target, replies)
    open_ones = [clock for clock in _promises(target, chosen) if clock.stopped_at is None]
    if open_ones:
        one_goes_on(target, (), [target], at=at, by=by, because=kind)
    count_again(conversation)
    if is_new:
        if conversation.unanswered_since is None:
            conversation.status = Status.PENDING
            for clock in target.going_on():
                clocks.rest_or_go_on(clock, Status.PENDING, replies[-1].created_at if replies else at)
    elif open_ones and conversation.status in WOKEN_BY_A_CUSTOMER:
        change_status(target, to=Status.OPEN, by=by, at=at)
        count_again(conversation)


def _answer(target: Held, replies: Sequence[Message]) -> None:
    """What waited there for an answer has one now; what was asked after it is promised from its own time."""
    waited = target.going_on(ANSWERS)
    for clock in waited:
        reply = next((one for one in replies if one.created_at > clock.started_at), None)
        if reply is not None:
            clocks.stop(target, clock, at=reply.created_at, by=reply.user)
    since = waiting_since(target.conversation)
    if waited and since and target.conversation.is_unsolved and not target.going_on(ANSWERS):
        clocks.begin_then(target, Clock.Kind.NEXT_RESPONSE, since)


def _promises(target: Held, chosen: Sequence[Message]) -> list[Clock]:
    """From each question that nothing is promised for yet until its answer, that goes along or was given there."""
    conversation = target.conversation
    given = list(answers(conversation).select_related("user"))
    has_answers = conversation.opened_by_id is not None
    begun: list[Clock] = []
    answered_until = None
    for question in _questions(chosen):
        if answered_until is not None and question.pk < answered_until:
            continue
        if begun and begun[-1].stopped_at is None:
            break
        before = has_answers or any(one.pk < question.pk for one in given)
        clock = clocks.begin_then(target, _kind(before), question.created_at)
        reply = next((one for one in given if one.pk > question.pk), None)
        answered_until = reply.pk if reply else None
        if clock is None:
            continue
        begun.append(clock)
        if reply is not None:
            clocks.stop(target, clock, at=reply.created_at, by=reply.user)
    return begun


def _kind(has_answers: bool) -> str:
    return Clock.Kind.NEXT_RESPONSE if has_answers else Clock.Kind.FIRST_RESPONSE
