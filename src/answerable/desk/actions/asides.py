"""Beside a conversation, by mail with a third party: a supplier, a carrier, a colleague of the customer's.

Each is a conversation of its own, with its own thread, names and people: what stands in the one is never part of the
other, so no mail of the one can carry what belongs to the other. It is in no queue, has no promises and counts in no
figure; it is shown with the conversation that it stands beside.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.actions import contact_for_address
from answerable.customers.models import Address
from answerable.desk.actions.answering import send, take_draft
from answerable.desk.actions.changes import change_status
from answerable.desk.actions.conversations import new_conversation
from answerable.desk.actions.deliveries import addresses_of
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.held import Held, hold, hold_all, keep_all
from answerable.desk.actions.previews import preview_of
from answerable.desk.actions.search import introduction
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Inbox, Kind, Message, Status
from answerable.people.models import User

CHANNEL = "email"


def open_aside(
    conversation: Conversation,
    *,
    to: str,
    subject: str,
    text: str,
    by: User,
    name: str = "",
    attachments: Iterable[NewFile] = (),
    on_hold: bool = False,
    at: datetime | None = None,
) -> Conversation:
    """Ask somebody else about it. With `on_hold` the conversation waits for them, by the policy's rule for that."""
    at = at or timezone.now()
    if not text.strip():
        raise Refused(_("Write something first."))
    with transaction.atomic():
        held = hold(conversation)
        parent = held.conversation
        check_can_handle(by, parent)
        if parent.is_shut or parent.status == Status.BESIDE:
            raise Refused(_("Nobody can be asked from here: it is closed, or stands beside another itself."))
        _check_is_somebody_else(parent, to)
        contact = contact_for_address(to, name)
        if contact.pk == parent.contact_id:
            raise Refused(_("%(address)s is in this conversation already. Write to them there.") % {"address": to})
        aside = new_conversation(inbox=_inbox(parent), contact=contact, subject=subject, by=by, at=at)
        aside.team, aside.beside, aside.status = parent.team, parent, Status.BESIDE
        beside = Held(aside)
        beside.insert()
        _write(beside, text=text, by=by, at=at, recipients=[to], files=attachments, words=introduction(aside))
        held.record("conversation.aside_opened", by=by, at=at, other=aside.pk, to=str(contact))
        if on_hold:
            change_status(held, to=Status.ON_HOLD, by=by, at=at)
        keep_all([held, beside])
    return aside


def write_aside(
    aside: Conversation, *, text: str, by: User, attachments: Iterable[NewFile] = (), on_hold: bool = False
) -> Message:
    """Write to the third party again; what was closed goes on."""
    if not text.strip():
        raise Refused(_("Write something first."))
    with transaction.atomic():
        held, beside = _both(aside, by)
        recipients = addresses_of(beside.conversation)[:1]
        if not recipients:
            raise Refused(_("There is no address to send this to."))
        beside.conversation.closed_at = None
        message = _write(beside, text=text, by=by, at=timezone.now(), recipients=recipients, files=attachments)
        take_draft(message)
        if on_hold and not held.conversation.is_shut:
            change_status(held, to=Status.ON_HOLD, by=by, at=message.created_at)
        keep_all([held, beside])
    return message


def close_aside(aside: Conversation, *, by: User) -> Conversation:
    """Nothing more is waited for from them. What they write all the same opens it again."""
    with transaction.atomic():
        held, beside = _both(aside, by)
        if beside.conversation.closed_at is None:
            beside.conversation.closed_at = timezone.now()
            beside.conversation.unanswered_since = None
            held.record("conversation.aside_closed", by=by, other=aside.pk, to=str(beside.conversation.contact))
            beside.record("conversation.closed", by=by)
            keep_all([held, beside])
    return beside.conversation


def _both(aside: Conversation, by: User) -> tuple[Held, Held]:
    """What it stands beside, and itself."""
    if aside.beside_id is None:
        raise Refused(_("This is no conversation with a third party."))
    held = hold_all([aside.pk, aside.beside_id])
    check_can_handle(by, held[aside.beside_id].conversation)
    return held[aside.beside_id], held[aside.pk]


def _write(
    beside: Held,
    *,
    text: str,
    by: User,
    at: datetime,
    recipients: list[str],
    files: Iterable[NewFile],
    words: Iterable[str] = (),
) -> Message:
    conversation = beside.conversation
    message = Message(conversation=conversation, kind=Kind.OUTBOUND, user=by, text=text, created_at=at)
    conversation.unanswered_since = None
    conversation.last_message_at, conversation.preview, conversation.preview_by_id = at, preview_of(text), by.pk
    conversation.message_count += 1
    send(message, recipients=recipients, files=files, words=words)
    beside.record("message.sent", subject=message, by=by, at=at, automatic=False)
    return message


def _check_is_somebody_else(parent: Conversation, to: str) -> None:
    """Neither the customer nor one on copy, whom the words would reach by both ways; nor ourselves."""
    own = Address.objects.filter(contact=parent.contact_id, value__iexact=to).exists()
    if own or to.lower() in {each.lower() for each in parent.copied}:
        raise Refused(_("%(address)s is in this conversation already. Write to them there.") % {"address": to})
    if Inbox.objects.filter(address__iexact=to).exists():
        raise Refused(_("%(address)s is an inbox of ours. Move the conversation there instead.") % {"address": to})


def _inbox(parent: Conversation) -> Inbox:
    """Whose address it leaves from: the conversation's own, where that has one for mail."""
    if settings.ANSWERED_BY.get(parent.inbox.channel, parent.inbox.channel) == CHANNEL:
        return parent.inbox
    found = Inbox.objects.filter(channel=CHANNEL, team=parent.team, retired_at=None).order_by("pk").first()
    if found is None:
        raise Refused(_("Your team has no address to send mail from."))
    return found
