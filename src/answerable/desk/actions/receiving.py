"""What customers write, one message or many at once.

Mail comes in bursts; so this takes a batch in a fixed number of statements, and one message is a batch of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from answerable.customers.models import Contact
from answerable.desk.actions import clocks
from answerable.desk.actions.changes import change_status
from answerable.desk.actions.checklists import begin_with_checklists
from answerable.desk.actions.conversations import new_conversation, note_opened
from answerable.desk.actions.copies import copied_by_customer
from answerable.desk.actions.files import NewFile, attach_all
from answerable.desk.actions.following import tell_followers
from answerable.desk.actions.held import Held, hold_all, keep_all
from answerable.desk.actions.previews import preview_of_own
from answerable.desk.actions.search import add_words_to_all, introductions
from answerable.desk.models import Conversation, Inbox, Kind, Message, Notice, Status
from answerable.events.inserting import insert_all

WOKEN_BY_A_CUSTOMER = (Status.PENDING, Status.ON_HOLD, Status.SOLVED)


@dataclass(frozen=True)
class Beginning:
    """What a conversation begins with that the contact's message opens: by `channel`, else by the inbox's own."""

    inbox: Inbox
    subject: str
    copied: Sequence[str] = ()
    language: str | None = None
    follows: Conversation | None = None
    channel: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Incoming:
    """One message by a customer: into a conversation there is, or to open one.

    `folds` are the quoted spans of `text`. An automatic message (out of office, a list) is kept in its place,
    and moves nothing. `at` is when we got it, `sent_at` what the sender's clock said. `rewords`: the message that
    these are the new words of.
    """

    to: Conversation | Beginning
    contact: Contact
    text: str
    html: str = ""
    folds: Sequence[Sequence[int]] = ()
    external_id: str = ""
    written_from: str = ""
    sent_at: datetime | None = None
    at: datetime | None = None
    automatic: bool = False
    files: Sequence[NewFile] = ()
    origin: int | None = None
    """The conversation where what it answers had come to, if that was brought elsewhere since."""
    rewords: Message | None = None
    copied: Sequence[str] = ()
    """Who gets copies from now on, by the customer's own word, where it goes into a conversation there is."""
    copies_count: bool = True
    """Whether the words of somebody who is only on copy begin promises as the customer's do."""


def receive_all(incoming: Sequence[Incoming]) -> list[Message]:
    """Write them down in their order. Wakes, reopens, starts the clocks; what is written to a closed
    conversation goes to a follow-up. All or nothing."""
    with transaction.atomic():
        return receive_here(incoming)


def receive_here(incoming: Sequence[Incoming]) -> list[Message]:
    """The same in the caller's transaction, which does not go on where this fails."""
    arrivals = [(each, each.at or timezone.now()) for each in incoming]
    known, held, begun, came_to = _conversations(arrivals)
    beside = {one.conversation.beside_id for one in held}
    messages = insert_all(
        _message(each, one.conversation, at, origin)
        for (each, at), one, origin in zip(arrivals, held, came_to, strict=True)
    )
    attach_all([(message, each.files) for message, each in zip(messages, incoming, strict=True)])
    _make_findable(messages, begun)
    for message, each in zip(messages, incoming, strict=True):
        _count(message, each.files)
    by_people = [(one, message) for one, message in zip(held, messages, strict=True) if not message.automatic]
    _follow_through(by_people, known)
    for one, message, each in zip(held, messages, incoming, strict=True):
        if each.copied:
            copied_by_customer(one, message, each.copied)
        one.record(
            "message.received",
            subject=message,
            by=None,
            at=message.created_at,
            contact=message.contact_id,
            automatic=message.automatic,
        )
    about = {pk: one for pk, one in known.items() if pk in beside}
    keep_all((about | {one.conversation.pk: one for one in held}).values())
    begin_with_checklists(begun)
    return messages


def _message(each: Incoming, conversation: Conversation, at: datetime, origin: int | None) -> Message:
    return Message(
        conversation=conversation,
        origin_id=origin,
        kind=Kind.INBOUND,
        contact=each.contact,
        automatic=each.automatic,
        text=each.text,
        html=each.html,
        folds=[list(fold) for fold in each.folds],
        external_id=each.external_id,
        written_from=each.written_from,
        sent_at=each.sent_at,
        created_at=at,
        rewords=each.rewords,
        on_copy=origin is None and _is_on_copy(each, conversation),
    )


def _follow_through(written: Sequence[tuple[Held, Message]], known: Mapping[int, Held]) -> None:
    """What people have written begins promises, is told to who follows, and wakes what rested."""
    asked = [(one, message.created_at) for one, message in written if _asks(message)]
    clocks.customers_wrote([(one, at) for one, at in asked if not one.conversation.beside_id])
    _tell_what_they_stand_beside(written, known)
    tell_followers([(known.get(one.conversation.beside_id or 0, one), message) for one, message in written])
    for one, message in written:
        if one.conversation.status in WOKEN_BY_A_CUSTOMER:
            change_status(one, to=Status.OPEN, by=None, at=message.created_at)


def _conversations(
    arrivals: Sequence[tuple[Incoming, datetime]],
) -> tuple[dict[int, Held], list[Held], list[Conversation], list[int | None]]:
    """All that was held, by number; what each message goes into, held until the transaction ends; those of them that
    are new; and for each message the number of where it was sent to, if what stood there is elsewhere by now."""
    named = [each.to for each, _at in arrivals if isinstance(each.to, Conversation)]
    stands = _where_they_stand(named)
    known = hold_all([*stands.values(), *(each.beside_id for each in named if each.beside_id is not None)])
    if late := [one.conversation for one in known.values() if one.conversation.merged_into_id]:  # since it was read
        further = _where_they_stand(late)
        stands = {pk: further.get(at, at) for pk, at in stands.items()}
        known |= hold_all(further.values())
    about = {one.conversation.beside_id for one in known.values()} - {None, *known}
    if about:  # what one stood beside was merged since it was read
        known |= hold_all(pk for pk in about if pk is not None)
    closed = [pk for pk, one in known.items() if one.conversation.status == Status.CLOSED]
    follow_ups = _follow_ups(closed)
    found: list[Held] = []
    begun: list[Held] = []
    for each, at in arrivals:
        if isinstance(each.to, Beginning):
            one = _begin(each.to, each.contact, at)
            begun.append(one)
        else:
            one = known[stands[each.to.pk]]
            if one.conversation.status == Status.CLOSED and not each.automatic:
                customer = _whose(each, one.conversation)
                key = (one.conversation.pk, customer.pk)
                if key not in follow_ups:
                    follow_ups[key] = _begin(_again(one.conversation, customer, each), customer, at)
                    begun.append(follow_ups[key])
                one = follow_ups[key]
        found.append(one)
    if begun:
        insert_all(one.conversation for one in begun)
    came_to = [_came_to(each, stands) for each, _at in arrivals]
    return known, found, [one.conversation for one in begun], came_to


def _tell_what_they_stand_beside(written: Sequence[tuple[Held, Message]], known: Mapping[int, Held]) -> None:
    """A third party has written: the conversation it is about waits for them no longer, and whoever has it is told, or,
    while nobody has it, who asked."""
    for aside, message in written:
        parent = known.get(aside.conversation.beside_id or 0)
        if parent is None:
            continue
        aside.conversation.closed_at = None
        about, told = parent.conversation, str(message.contact)
        if about.status == Status.ON_HOLD:
            change_status(parent, to=Status.OPEN, by=None, at=message.created_at)
        parent.record(
            "conversation.aside_answered", by=None, at=message.created_at, other=aside.conversation.pk, to=told
        )
        if (reader := about.assignee_id or aside.conversation.opened_by_id) is not None:
            particulars = {"aside": aside.conversation.pk, "who": told}
            notice = Notice(user_id=reader, conversation=about, kind="aside", particulars=particulars)
            parent.notices.append(notice)


def _is_on_copy(each: Incoming, conversation: Conversation) -> bool:
    """Whether they are not its customer, where that matters."""
    matters = not each.copies_count and conversation.beside_id is None
    return matters and not _is_customer(each.contact, conversation)


def _is_customer(contact: Contact, conversation: Conversation) -> bool:
    """Its own, or that of another which was merged into it."""
    if contact.pk == conversation.contact_id:
        return True
    return Conversation.objects.filter(merged_into=conversation, contact=contact).exists()


def _asks(message: Message) -> bool:
    """Whether an answer is owed for it: neither a machine wrote it, nor somebody who is only on copy."""
    return not (message.automatic or message.on_copy)


def _came_to(incoming: Incoming, stands: Mapping[int, int]) -> int | None:
    to = incoming.to.pk if isinstance(incoming.to, Conversation) else None
    return to if to is not None and stands[to] != to else incoming.origin


def _where_they_stand(named: Sequence[Conversation]) -> dict[int, int]:
    """By number, where the messages of each are: in itself, or in the one it was merged into. No query for those that
    were not when they were read."""
    stands = {one.pk: one.merged_into_id or one.pk for one in named}
    moved = {one.merged_into_id for one in named if one.merged_into_id is not None}
    while moved:
        rows = Conversation.objects.filter(pk__in=moved, merged_into__isnull=False)
        further: dict[int, int] = {pk: into or pk for pk, into in rows.values_list("pk", "merged_into")}
        stands = {pk: further.get(at, at) for pk, at in stands.items()}
        moved = set(further.values())
    return stands


def _follow_ups(closed: Sequence[int]) -> dict[tuple[int, int], Held]:
    """By the conversation they follow and the contact: follow-ups that are not closed themselves."""
    if not closed:
        return {}
    numbers = Conversation.objects.filter(follows__in=closed).exclude(status=Status.CLOSED).values_list("pk", flat=True)
    rows = hold_all(numbers).values()
    return {(one.conversation.follows_id or 0, one.conversation.contact_id): one for one in rows}


def _whose(each: Incoming, closed: Conversation) -> Contact:
    """Whose matter it is that goes on: who is only on copy writes into the customer's."""
    is_on_copy = each.written_from in closed.copied and not _is_customer(each.contact, closed)
    return closed.contact if is_on_copy else each.contact


def _again(closed: Conversation, customer: Contact, each: Incoming) -> Beginning:
    own = each.written_from if customer.pk == each.contact.pk else ""
    return Beginning(
        inbox=closed.inbox,
        subject=closed.subject,
        copied=[address for address in closed.copied if address != own],
        language=closed.language,
        follows=closed,
        channel=closed.channel,
    )


def _begin(beginning: Beginning, contact: Contact, at: datetime) -> Held:
    conversation = new_conversation(
        inbox=beginning.inbox,
        contact=contact,
        subject=beginning.subject,
        by=None,
        at=at,
        copied=beginning.copied,
        language=beginning.language,
        follows=beginning.follows,
        channel=beginning.channel,
        details=beginning.details,
    )
    held = Held(conversation)
    note_opened(held, by=None)
    return held


def _make_findable(messages: Sequence[Message], begun: Sequence[Conversation]) -> None:
    words = introductions(begun) if begun else {}
    rows = {message.conversation.pk: message.conversation for message in messages}
    for message in messages:
        words.setdefault(message.conversation.pk, []).append(message.text)
    add_words_to_all((row, words[pk]) for pk, row in rows.items())


def _count(message: Message, files: Sequence[NewFile]) -> None:
    conversation = message.conversation
    if _asks(message):
        conversation.unanswered_since = conversation.unanswered_since or message.created_at
    if not message.automatic:
        conversation.snoozed_until = None
        conversation.asked_at = max(conversation.asked_at or message.created_at, message.created_at)
    conversation.last_message_at = message.created_at
    conversation.preview, conversation.preview_by = preview_of_own(message, (file.name for file in files)), None
    conversation.message_count += 1
