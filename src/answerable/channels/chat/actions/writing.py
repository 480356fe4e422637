"""What visitors write. Sent again after a dropped connection, a message is the same one; they stand in their order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from answerable.channels.chat.budget import check_budget, check_conversations, spend
from answerable.channels.chat.here import there
from answerable.channels.chat.identity import digest_of
from answerable.channels.chat.models import Sent, Visit, Visitor, Widget
from answerable.channels.chat.visits import CHANNEL, Known, current, is_another_browsers, visit_of, visits_of
from answerable.channels.form.jobs import confirm
from answerable.customers.actions import contact_for_address
from answerable.customers.actions.contacts import add_stranger
from answerable.customers.models import Contact
from answerable.desk.actions.conversations import add_tags
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all, receive_here
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Inbox, Message
from answerable.desk.routing.told import tell
from answerable.events.prepared import ask
from answerable.web.standing import Given, Standing

BY_LETTER = "form"
"""The channel of what is written where nobody is there: it is answered by mail."""
SUBJECT_LETTERS = 80
CALL_BACK = "call-back"


@dataclass(frozen=True)
class Page:
    """Where a visitor is, as their browser says."""

    url: str = ""
    title: str = ""


def write(
    widget: Widget,
    *,
    secret: str,
    once: str,
    text: str,
    language: str,
    conversation: int | None = None,
    files: Sequence[NewFile] = (),
    name: str = "",
    page: Page | None = None,
) -> Message:
    """Into one of their conversations, or (none given) a new one. Whoever's secret is new is a new visitor.

    `once` is what their browser calls the message. Raises TooMuch, and Refused where there is nothing to be sent.
    """
    if not text.strip() and not files:
        raise Refused(_("Write something first."))
    if files and not widget.takes_files:
        raise Refused(_("Files can't be sent here."))
    key = _key(widget, secret, once)
    with transaction.atomic():
        known = _held(widget, secret)
        if known is None:
            meet(widget, secret=secret, language=language, name=name)
            known = _held(widget, secret)
        assert known is not None  # they have been met
        if (earlier := _sent(key)) is not None:
            return earlier
        message = _write(known, text, files, language, conversation, page)
        ask(SEND, [key, message.pk])
    return message


def meet(widget: Widget, *, secret: str, language: str, name: str = "", contact: Contact | None = None) -> Visitor:
    """The visitor whose secret this is; made where it is new, with this contact or one of their own.

    Call it in a transaction.
    """
    digest = digest_of(secret)
    found = MET.first(widget=widget.pk, secret=digest)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            whose = contact or add_stranger(name=name[:200], language=language)
            return Visitor.objects.create(widget=widget, secret_digest=digest, contact=whose, language=language)
    except IntegrityError:  # the same browser has come twice at once
        found = MET.first(widget=widget.pk, secret=digest)
        if found is None:
            raise
        return found


def ask_for_a_call(known: Known, *, conversation: int, phone: str, once: str, secret: str) -> Message:
    """They would rather be called: it stands in the conversation, which is marked so."""
    with transaction.atomic():
        found = visits_of(known).get(conversation=conversation)
        text = pgettext("a customer asks", "Please call me: %(phone)s") % {"phone": phone}
        message = write(
            known.visitor.widget,
            secret=secret,
            once=once,
            text=text,
            language=found.conversation.language,
            conversation=conversation,
        )
        add_tags(message.conversation, tags=[CALL_BACK], by=None)
    return message


def ask_for_mail(known: Known, *, address: str) -> None:
    """What we answer goes to this address, and need not be waited for."""
    address = address.lower()
    check_is_not_ours(address)
    Visitor.objects.filter(pk=known.visitor.pk).update(address=address[:320], mails_since=timezone.now())


def keep_address(known: Known, *, address: str) -> None:
    """Where we write to them if they leave before they have seen an answer."""
    address = address.lower()
    check_is_not_ours(address)
    Visitor.objects.filter(pk=known.visitor.pk).update(address=address[:320])


def check_is_not_ours(address: str) -> None:
    if Inbox.objects.filter(address=address.lower()).exists():
        raise Refused(_("This is an address of ours. Give the one that we can answer you at."))


def leave_letter(widget: Widget, *, address: str, name: str, text: str, language: str, once: str) -> Conversation:
    """Nobody is there: it becomes a conversation that is answered by mail, and the customer is told so by mail."""
    check_is_not_ours(address)
    key = _key(widget, address.lower(), once)
    if (earlier := _sent(key)) is not None:
        return earlier.conversation
    try:
        with transaction.atomic():
            begins = Beginning(
                inbox=widget.inbox, subject=subject_of(text), language=language or None, channel=BY_LETTER
            )
            contact = contact_for_address(address, name)
            letter = Incoming(to=begins, contact=contact, text=text, written_from=address.lower()[:320])
            [message] = receive_all([letter])
            Sent.objects.create(once=key, message=message)
            confirm.later(conversation_id=message.conversation_id)
    except IntegrityError:  # it came twice at once
        if (earlier := _sent(key)) is None:
            raise
        return earlier.conversation
    return message.conversation


def subject_of(text: str) -> str:
    """How what they wrote begins, in one line."""
    line = " ".join(text.split())
    if len(line) <= SUBJECT_LETTERS:
        return line or pgettext("subject of a conversation", "Chat")
    return line[:SUBJECT_LETTERS].rsplit(" ", 1)[0] + "…"


def _write(
    known: Known, text: str, files: Sequence[NewFile], language: str, number: int | None, page: Page | None
) -> Message:
    visitor, now = known.visitor, timezone.now()
    size = len(text.encode()) + sum(len(file.content) for file in files)
    check_budget(visitor, size=size, now=now)
    visit = visit_of(known, number) if number is not None else None
    if number is not None and visit is None:
        raise Refused(_("This conversation is no longer here. Begin another one."))
    follows = None
    if visit is not None and is_another_browsers(known, visit):
        follows, visit = visit.conversation, None
    elif visit is not None and _is_part_of_anothers(known, visit.conversation):
        visit = None
    to: Conversation | Beginning
    if visit is None:
        check_conversations(visitor, now)
        subject = subject_of(text)
        spoken = language or None
        to = Beginning(visitor.widget.inbox, subject, language=spoken, channel=CHANNEL, follows=follows)
    else:
        to = visit.conversation
    [message] = receive_here([Incoming(to=to, contact=known.contact, text=text, files=files, at=now)])
    if visit is None or _goes_on(known, visit.conversation, message.conversation):
        Visit.objects.get_or_create(conversation=message.conversation, defaults={"visitor": visitor})
    if visit is None:
        _tell(message.conversation, now)
    spend(visitor, size=size, now=now)
    visitor.seen_at, visitor.is_typing = now, False
    if page is not None:
        visitor.page_url, visitor.page_title = page.url[:500], page.title[:200]
    ask(KEEP, [getattr(visitor, column) for column in KEPT] + [visitor.pk])
    return message


def _goes_on(known: Known, before: Conversation, now: Conversation) -> bool:
    """Whether their conversation goes on as another one of theirs: as the follow-up that this message begins, or where
    it is confirmed who they are, as one of the same contact. Any other it was merged into would show them all that is
    said there to somebody whom they may only claim to be."""
    if now.pk == before.pk or now.contact_id != known.contact.pk:
        return False
    return known.is_confirmed or (now.follows_id == before.pk and now.message_count == 1)


def _is_part_of_anothers(known: Known, conversation: Conversation) -> bool:
    """Whether it was merged into one that they may not see: no answer to what they write would reach them there, so
    that it begins another one."""
    kept = conversation
    while kept.merged_into is not None:
        kept = kept.merged_into
    return kept != conversation and not (known.is_confirmed and kept.contact_id == known.contact.pk)


def _tell(conversation: Conversation, now: datetime) -> None:
    """What their browser says of the wait from here on is kept, to be judged by how long it was."""
    found = there(conversation.team, conversation.region, now)
    ahead, wait = found.place(now)
    if found.is_here and wait is not None:
        tell(conversation, ahead, wait, now)


def _held(widget: Widget, secret: str) -> Known | None:
    """Nobody else writes in their name until the transaction ends. None where the secret is new."""
    row = HELD.first(widget=widget.pk, secret=digest_of(secret))
    return Known(row, current(row.contact)) if row else None


def _key(widget: Widget, sender: str, once: str) -> str:
    return hashlib.sha256(f"{widget.key}\0{sender}\0{once}".encode()).hexdigest()


def _sent(key: str) -> Message | None:
    row = SENT.first(once=key)
    return row.message if row else None


MET = Standing(
    lambda: Visitor.objects.select_related("contact__merged_into").filter(
        widget=Given("widget"), secret_digest=Given("secret")
    )
)
HELD = Standing(
    lambda: (
        Visitor.objects.select_for_update(of=("self",))
        .select_related("widget__inbox__team", "contact__merged_into")
        .filter(widget=Given("widget"), secret_digest=Given("secret"))
    )
)
KEPT = ("seen_at", "is_typing", "page_url", "page_title", "window_began_at", "window_messages", "window_bytes")
KEEP = f"UPDATE chat_visitor SET {', '.join(f'{column} = %s' for column in KEPT)} WHERE id = %s"  # noqa: S608
SEND = "INSERT INTO chat_sent (once, message_id) VALUES (%s, %s)"
SENT = Standing(lambda: Sent.objects.filter(once=Given("once")).select_related("message__conversation"))
