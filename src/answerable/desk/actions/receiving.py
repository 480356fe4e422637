"""What customers write, one message or many at once.

Mail comes in bursts; so this takes a batch in a fixed number of statements, and one message is a batch of one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from answerable.customers.models import Contact
from answerable.desk.actions import clocks
from answerable.desk.actions.conversations import change_status, new_conversation, opened
from answerable.desk.actions.files import NewFile, attach_all
from answerable.desk.actions.search import add_words_to_all, introductions
from answerable.desk.models import Conversation, Inbox, Kind, Message, Status
from answerable.events.inserting import insert_all
from answerable.events.record import event_of, record_all

WOKEN_BY_A_CUSTOMER = (Status.PENDING, Status.ON_HOLD, Status.SOLVED)
SAVE = """UPDATE desk_conversation SET last_message_at = %s, preview = %s, message_count = %s, unanswered_since = %s,
          snoozed_until = %s, due_at = %s WHERE id = %s"""


@dataclass(frozen=True)
class Beginning:
    """What a conversation begins with that the contact's message opens."""

    inbox: Inbox
    subject: str
    copied: Sequence[str] = ()
    language: str = ""
    follows: Conversation | None = None


@dataclass(frozen=True)
class Incoming:
    """One message by a customer: into a conversation there is, or to open one.

    `folds` are the quoted spans of `text`. An automatic message (out of office, a list) is kept in its place,
    and moves nothing. `at` is when we got it, `sent_at` what the sender's clock said.
    """

    to: Conversation | Beginning
    contact: Contact
    text: str
    html: str = ""
    folds: Sequence[Sequence[int]] = ()
    external_id: str = ""
    sent_at: datetime | None = None
    at: datetime | None = None
    automatic: bool = False
    files: Sequence[NewFile] = ()


def receive_all(incoming: Sequence[Incoming]) -> list[Message]:
    """Write them down in their order. Wakes, reopens, starts the clocks; what is written to a closed
    conversation goes to a follow-up. All or nothing."""
    with transaction.atomic():
        arrivals = [(each, each.at or timezone.now()) for each in incoming]
        conversations, begun = _conversations(arrivals)
        messages = insert_all(
            Message(
                conversation=conversation,
                kind=Kind.INBOUND,
                contact=each.contact,
                automatic=each.automatic,
                text=each.text,
                html=each.html,
                folds=[list(fold) for fold in each.folds],
                external_id=each.external_id,
                sent_at=each.sent_at,
                created_at=at,
            )
            for (each, at), conversation in zip(arrivals, conversations, strict=True)
        )
        attach_all([(message, each.files) for message, each in zip(messages, incoming, strict=True)])
        _make_findable(messages, begun)
        for message in messages:
            _count(message)
        written = [message for message in messages if not message.automatic]
        clocks.customers_wrote([(message.conversation, message.created_at) for message in written])
        for message in written:
            if message.conversation.status in WOKEN_BY_A_CUSTOMER:
                change_status(message.conversation, to=Status.OPEN, by=None, at=message.created_at)
        _save({conversation.pk: conversation for conversation in conversations}.values())
        record_all(
            event_of(
                "message.received",
                subject=message,
                root=message.conversation,
                by=None,
                team_id=message.conversation.team_id,
                at=message.created_at,
                contact=message.contact_id,
                automatic=message.automatic,
            )
            for message in messages
        )
    return messages


def _conversations(
    arrivals: Sequence[tuple[Incoming, datetime]],
) -> tuple[list[Conversation], list[Conversation]]:
    """The row each message goes into, held until the transaction ends; and those of them that are new."""
    known = {each.to.pk for each, _at in arrivals if isinstance(each.to, Conversation)}
    held = _held(known)
    follow_ups = _follow_ups([row.pk for row in held.values() if row.status == Status.CLOSED])
    found: list[Conversation] = []
    begun: list[Conversation] = []
    for each, at in arrivals:
        if isinstance(each.to, Beginning):
            conversation = _begin(each.to, each.contact, at)
            begun.append(conversation)
        else:
            conversation = held[each.to.pk]
            if conversation.status == Status.CLOSED and not each.automatic:
                key = (conversation.pk, each.contact.pk)
                if key not in follow_ups:
                    follow_ups[key] = _begin(_again(conversation), each.contact, at)
                    begun.append(follow_ups[key])
                conversation = follow_ups[key]
        found.append(conversation)
    if begun:
        insert_all(begun)
        record_all(opened(conversation, by=None) for conversation in begun)
    return found, begun


def _held(pks: Iterable[int]) -> dict[int, Conversation]:
    """Locked in the order of their numbers, so that two batches never wait for each other."""
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("team", "inbox__team")
    return {row.pk: row for row in rows.filter(pk__in=set(pks)).order_by("pk")} if pks else {}


def _follow_ups(closed: Sequence[int]) -> dict[tuple[int, int], Conversation]:
    """By the conversation they follow and the contact: follow-ups that are not closed themselves."""
    if not closed:
        return {}
    numbers = Conversation.objects.filter(follows__in=closed).exclude(status=Status.CLOSED).values_list("pk", flat=True)
    return {(row.follows_id or 0, row.contact_id): row for row in _held(list(numbers)).values()}


def _again(closed: Conversation) -> Beginning:
    return Beginning(
        inbox=closed.inbox,
        subject=closed.subject,
        copied=closed.copied,
        language=closed.language,
        follows=closed,
    )


def _begin(beginning: Beginning, contact: Contact, at: datetime) -> Conversation:
    return new_conversation(
        inbox=beginning.inbox,
        contact=contact,
        subject=beginning.subject,
        by=None,
        at=at,
        copied=beginning.copied,
        language=beginning.language,
        follows=beginning.follows,
    )


def _make_findable(messages: Sequence[Message], begun: Sequence[Conversation]) -> None:
    words = introductions(begun) if begun else {}
    rows = {message.conversation.pk: message.conversation for message in messages}
    for message in messages:
        words.setdefault(message.conversation.pk, []).append(message.text)
    add_words_to_all((row, words[pk]) for pk, row in rows.items())


def _count(message: Message) -> None:
    conversation = message.conversation
    if not message.automatic:
        conversation.unanswered_since = conversation.unanswered_since or message.created_at
        conversation.snoozed_until = None
    conversation.last_message_at = message.created_at
    conversation.preview = preview_of(message.text)
    conversation.message_count += 1


def preview_of(text: str) -> str:
    """How a message begins, in one line."""
    return " ".join(text[:2000].split())[:200]


def _save(conversations: Iterable[Conversation]) -> None:
    """One pipelined statement for all of them: a batch of saves would cost more than all else here."""
    with connection.cursor() as cursor:
        cursor.executemany(
            SAVE,
            [
                (
                    each.last_message_at,
                    each.preview,
                    each.message_count,
                    each.unanswered_since,
                    each.snoozed_until,
                    each.due_at,
                    each.pk,
                )
                for each in conversations
            ],
        )
