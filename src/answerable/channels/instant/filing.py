"""What happened on a messenger, as the desk keeps it: each in the transaction that decides its arrival."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import singledispatch

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels import tongue
from answerable.channels.instant import happened
from answerable.channels.instant.models import Arrival, Chat, Gateway, Line, Part
from answerable.channels.instant.pieces import read_key
from answerable.customers.actions.senders import contact_for_address
from answerable.customers.models import Contact
from answerable.desk.actions.arriving import give_up, note_progress
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all
from answerable.desk.actions.withdrawing import withdraw
from answerable.desk.models import Conversation, Delivery, Kind, Message, Status
from answerable.events.record import record

NEW_MATTER_AFTER = timedelta(days=2)
"""People write to one chat for years: what they write so long after a matter was solved is another one."""
LONGEST_SUBJECT = 80
Outcome = Arrival.Outcome


@dataclass(frozen=True)
class Filed:
    """What became of an arrival."""

    outcome: Arrival.Outcome
    reason: str = ""
    chat: Chat | None = None
    message: Message | None = None


UNKNOWN = Filed(Outcome.QUARANTINED, "We are in no such chat.")


@singledispatch
def file(one: object, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """Write down what happened. `files` came with it; `without` says which did not."""
    raise TypeError(f"Nobody knows what {one} means.")


@file.register
def _said(one: happened.Said, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """A message: into the conversation that the chat is now, or one that it begins."""
    chat = _chat(arrival.gateway, one.chat) or _new_chat(arrival.gateway, one.chat, one.account)
    if chat is None:
        return UNKNOWN
    going_on = _going_on(chat)
    if going_on is None and one.automatic:
        return Filed(Outcome.IGNORED, "A machine's words begin no conversation.", chat)
    old = _theirs(chat, one.rewords).filter(written_from=one.sender.account.lower()).first() if one.rewords else None
    if old and old.withdrawn_at:
        return Filed(Outcome.IGNORED, "What they reword is withdrawn.", chat)
    contact = contact_for_address(one.sender.account, one.sender.name, kind=arrival.gateway.channel)
    text = "\n".join(each for each in (one.text, without) if each)
    incoming = Incoming(
        to=going_on or _beginning(chat, text, files, contact),
        contact=contact,
        text=text,
        html=one.html,
        folds=one.folds,
        external_id=one.external_id,
        written_from=one.sender.account.lower(),
        sent_at=one.sent_at,
        at=arrival.received_at,
        automatic=one.automatic,
        files=files,
        rewords=old,
    )
    [message] = receive_all([incoming])
    chat.conversation, chat.parted_at = message.conversation, None
    chat.last_inbound_at = max(chat.last_inbound_at or arrival.received_at, one.sent_at or arrival.received_at)
    chat.save(update_fields=["conversation", "parted_at", "last_inbound_at"])
    return Filed(Outcome.FILED, chat=chat, message=message)


@file.register
def _encrypted(one: happened.Encrypted, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """The first message that can't be read is shown as such, lest nobody ever looks at who wrote it."""
    chat = _chat(arrival.gateway, one.chat)
    if chat is None:
        return UNKNOWN
    is_told = chat.encrypted_at is not None and chat.conversation is not None
    if chat.encrypted_at is None:
        chat.encrypted_at = arrival.received_at
        chat.save(update_fields=["encrypted_at"])
    if is_told or not one.external_id:
        return Filed(Outcome.NOTED, "It is encrypted.", chat)
    words = _("[An encrypted message. It can't be read here; they have been told how to write so that we can.]")
    said = happened.Said(one.chat, one.sender, one.external_id, words, sent_at=one.sent_at)
    return file(said, arrival)


@file.register
def _withdrew(one: happened.Withdrew, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    chat = _chat(arrival.gateway, one.chat)
    message = _theirs(chat, one.external_id).first() if chat else None
    if message is None:
        return Filed(Outcome.IGNORED, "Nothing of theirs has that name.", chat)
    withdraw(message, at=arrival.received_at)
    return Filed(Outcome.NOTED, chat=chat, message=message)


@file.register
def _progressed(one: happened.Progressed, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """An answer has reached them; what they have seen, they have seen with all that was before it."""
    part = _ours(arrival.gateway, one.chat, one.external_id)
    if part is None:
        return Filed(Outcome.IGNORED, "Nothing of ours has that name.")
    parts = Part.objects.filter(chat=part.chat, pk__lte=part.pk) if one.read else Part.objects.filter(pk=part.pk)
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("message__conversation")
    for delivery in rows.filter(message__in=parts.values("message"), seen_at=None).order_by("pk"):
        note_progress(delivery, at=one.at, seen=one.read)
    return Filed(Outcome.NOTED, chat=part.chat, message=part.message)


@file.register
def _refused(one: happened.Refused, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    part = _ours(arrival.gateway, one.chat, one.external_id)
    if part is None:
        return Filed(Outcome.IGNORED, "Nothing of ours has that name.")
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("message__conversation", "message__user")
    delivery = rows.get(message=part.message)
    if delivery.state == Delivery.State.SENT:
        Part.objects.filter(message=part.message).delete()  # sent again, it leaves again
        give_up(delivery, one.reason)
    return Filed(Outcome.NOTED, one.reason, part.chat, part.message)


@file.register
def _echoed(one: happened.Echoed, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """A piece of ours is there, whether or not we heard so when we sent it."""
    chat, found = _chat(arrival.gateway, one.chat), read_key(one.key)
    if chat is None or found is None:
        return Filed(Outcome.IGNORED, "Nothing of ours has that key.", chat)
    message, place = found
    Part.objects.get_or_create(message=message, place=place, defaults={"chat": chat, "external_id": one.external_id})
    return Filed(Outcome.NOTED, chat=chat, message=message)


@file.register
def _joined(one: happened.Joined, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    chat = _chat(arrival.gateway, one.chat) or _new_chat(arrival.gateway, one.chat, one.account)
    if chat is None:
        return Filed(Outcome.IGNORED, "No inbox has that account.")
    chat.parted_at = None
    chat.encrypted_at = (chat.encrypted_at or arrival.received_at) if one.is_encrypted else None
    chat.save(update_fields=["parted_at", "encrypted_at"])
    return Filed(Outcome.NOTED, chat=chat)


@file.register
def _parted(one: happened.Parted, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    chat = _chat(arrival.gateway, one.chat)
    if chat is None or chat.parted_at:
        return Filed(Outcome.IGNORED, chat=chat)
    chat.parted_at = arrival.received_at
    chat.save(update_fields=["parted_at"])
    if (conversation := chat.conversation) is not None:
        record("conversation.chat_left", subject=conversation, by=None, team_id=conversation.team_id)
    return Filed(Outcome.NOTED, chat=chat)


@file.register
def _moved(one: happened.Moved, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """The room goes on as another: so does the chat."""
    chat = _chat(arrival.gateway, one.chat)
    if chat is None:
        return UNKNOWN
    if _chat(arrival.gateway, one.to) is None:
        chat.external_id, chat.encrypted_at = one.to, None
        chat.save(update_fields=["external_id", "encrypted_at"])
    return Filed(Outcome.NOTED, chat=chat)


def _chat(gateway: Gateway, external_id: str) -> Chat | None:
    rows = Chat.objects.select_for_update(of=("self",)).select_related("line__inbox__team", "conversation")
    return rows.filter(gateway=gateway, external_id=external_id).first()


def _new_chat(gateway: Gateway, external_id: str, account: str) -> Chat | None:
    """With an account of ours; None where no inbox has it."""
    line = Line.objects.filter(gateway=gateway, account=account).select_related("inbox__team").first()
    return Chat.objects.create(gateway=gateway, line=line, external_id=external_id) if line else None


def _going_on(chat: Chat) -> Conversation | None:
    """What the chat is about; None where that is over."""
    row = chat.conversation
    solved_at = row.solved_at if row and row.status == Status.SOLVED else None
    return None if solved_at and timezone.now() - solved_at > NEW_MATTER_AFTER else row


def _beginning(chat: Chat, text: str, files: Sequence[NewFile], contact: Contact) -> Beginning:
    subject = subject_of(text) or next((file.name for file in files), "")
    language = contact.language or tongue.guess(text)
    return Beginning(inbox=chat.line.inbox, subject=subject, language=language, follows=chat.conversation)


def subject_of(text: str) -> str:
    """How it begins: who writes to a messenger gives their words no heading."""
    line = " ".join(text[:1000].split())
    if len(line) <= LONGEST_SUBJECT:
        return line
    return line[: LONGEST_SUBJECT - 1].rsplit(" ", 1)[0] + "…"


def _theirs(chat: Chat, external_id: str) -> "QuerySet[Message]":
    """What came by the chat under this name, the oldest first."""
    named = Message.objects.filter(kind=Kind.INBOUND, external_id=external_id)
    return named.filter(messenger_arrivals__chat=chat).order_by("id")


def _ours(gateway: Gateway, chat: str, external_id: str) -> Part | None:
    rows = Part.objects.select_related("chat", "message")
    return rows.filter(chat__gateway=gateway, chat__external_id=chat, external_id=external_id).first()
