"""What people say, reword and withdraw."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels import tongue
from answerable.channels.instant import happened
from answerable.channels.instant.filing.chats import chat_of, new_chat
from answerable.channels.instant.filing.outcome import NO_INBOX, UNKNOWN, Filed, Outcome, file
from answerable.channels.instant.models import Arrival, Chat
from answerable.channels.instant.quoting import last_wording, own_words, quoted_from, theirs, unquote
from answerable.customers.actions.senders import contact_for_address
from answerable.customers.models import Contact
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all
from answerable.desk.actions.withdrawing import withdraw
from answerable.desk.models import Conversation, Message, Status

NEW_MATTER_AFTER = timedelta(days=2)
"""People write to one chat for years: what they write so long after a matter was solved is another one."""
LONGEST_SUBJECT = 80


@file.register
def _said(one: happened.Said, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """A message: into the conversation that the chat is now, or one that it begins."""
    chat = chat_of(arrival.gateway, one.chat) or new_chat(arrival.gateway, one.chat, one.account)
    if chat is None:
        return NO_INBOX if one.account else UNKNOWN
    going_on = _going_on(chat)
    if going_on is None and one.automatic:
        return Filed(Outcome.IGNORED, "A machine's words begin no conversation.", chat)
    old = theirs(chat, one.rewords).filter(written_from=one.sender.account.lower()).first() if one.rewords else None
    if old and old.withdrawn_at:
        return Filed(Outcome.IGNORED, "What they reword is withdrawn.", chat)
    if old and _is_the_same(last_wording(old), one.text, files):
        return Filed(Outcome.IGNORED, "Nothing in it is new.", chat, old)
    message = _received(one, arrival, chat, going_on, old, files, without)
    chat.conversation, chat.parted_at, chat.typing_at = message.conversation, None, None
    chat.last_inbound_at = max(chat.last_inbound_at or arrival.received_at, one.sent_at or arrival.received_at)
    chat.save(update_fields=["conversation", "parted_at", "typing_at", "last_inbound_at"])
    return Filed(Outcome.FILED, chat=chat, message=message)


def _received(
    one: happened.Said,
    arrival: Arrival,
    chat: Chat,
    going_on: Conversation | None,
    old: Message | None,
    files: Sequence[NewFile],
    without: str,
) -> Message:
    contact = contact_for_address(one.sender.account, one.sender.name, kind=arrival.gateway.channel)
    text = "\n".join(each for each in (one.text, without) if each)
    quoted = "" if one.folds else quoted_from(chat, one.answers)
    incoming = Incoming(
        to=going_on or _beginning(chat, text, files, contact),
        contact=contact,
        text=quoted + text,
        html=one.html,
        folds=[[0, len(quoted)]] if quoted else one.folds,
        external_id=one.external_id,
        written_from=one.sender.account.lower(),
        sent_at=one.sent_at,
        at=arrival.received_at,
        automatic=one.automatic,
        files=files,
        rewords=old,
    )
    return receive_all([incoming])[0]


@file.register
def _encrypted(one: happened.Encrypted, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """The first message that can't be read is shown as such, lest nobody ever looks at who wrote it."""
    chat = chat_of(arrival.gateway, one.chat)
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
    chat = chat_of(arrival.gateway, one.chat)
    message = theirs(chat, one.external_id).first() if chat else None
    if chat is None or message is None:
        return Filed(Outcome.IGNORED, "Nothing of theirs has that name.", chat)
    unquote(chat, message)
    withdraw(message, at=arrival.received_at)
    return Filed(Outcome.NOTED, chat=chat, message=message)


def _is_the_same(last: Message, text: str, files: Sequence[NewFile]) -> bool:
    """Messengers tell of more changes than of those that people make."""
    had = sorted(last.attachments.values_list("file__sha256", flat=True))
    return text in (last.text, own_words(last)) and had == sorted(
        hashlib.sha256(file.content).hexdigest() for file in files
    )


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
