"""Answers on their way by messengers. A delivery is written in the transaction of its message; here it leaves.

Each piece leaves in a transaction of its own, and under a key of its own that is the same however often it is tried:
a worker that is killed after the messenger has said yes says it again under that key. In one chat, what was written
first leaves first.
"""

import logging
import time
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.instant import health
from answerable.channels.instant.messenger import Messenger, Piece
from answerable.channels.instant.models import Arrival, Chat, Part, Template
from answerable.channels.instant.pieces import key_of, pieces_of
from answerable.desk.actions.arriving import give_up, record_sent
from answerable.desk.models import Delivery, Kind, Message
from answerable.events.falling_due import fallen_due
from answerable.events.jobs import Later, Never
from answerable.events.live.signals import signal
from answerable.events.setbacks import OUTAGE, Setbacks

BATCH = 50
GIVE_UP_AFTER = timedelta(days=1)
WAITS = (2, 5, 15, 60, 120, 300, 900, 1800)  # seconds, the last one again and again
MOST_ATTEMPTS = 100
State = Delivery.State
_setbacks = Setbacks("delivery by messenger")
_left_alone: dict[int, float] = {}
"""Gateways that want to be left alone, and until when (monotonic)."""
logger = logging.getLogger(__name__)


def send_due(messenger: Messenger) -> float | None:
    """Send what is due. Seconds until the next delivery is (None: nothing waits)."""
    waiting = _next_of_their_chats(messenger).exclude(pk__in=_setbacks.resting())
    due, upcoming = fallen_due(waiting, "due_at", BATCH)
    for number in due:
        _setbacks.attempt(number, partial(_attempt, messenger, number))
    if due:
        return 0.0
    wanted = None if upcoming is None else max(0.1, (upcoming - timezone.now()).total_seconds())
    return _setbacks.sooner(wanted)


def _next_of_their_chats(messenger: Messenger) -> "QuerySet[Delivery]":
    """Those before which nothing else waits in their conversation."""
    waiting = Delivery.objects.filter(channel=messenger.name, state=State.WAITING)
    before = waiting.filter(message__conversation=OuterRef("message__conversation"), message__lt=OuterRef("message"))
    return waiting.filter(~Exists(before)).order_by("due_at", "id")


def _attempt(messenger: Messenger, number: int) -> None:
    free = Delivery.objects.filter(pk=number, state=State.WAITING, due_at__lte=timezone.now())
    if free.update(attempts=F("attempts") + 1):
        while _one_piece(messenger, number):
            pass


def _one_piece(messenger: Messenger, number: int) -> bool:
    """Send the next piece of it, and write that down. Whether there may be another."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        rows = rows.select_related("message__conversation__inbox", "message__user")
        delivery = rows.filter(pk=number, state=State.WAITING, due_at__lte=timezone.now()).first()
        if delivery is None:
            return False
        try:
            return _say(messenger, delivery)
        except Later as reason:
            _try_again(delivery, reason)
        except Never as reason:
            give_up(delivery, str(reason))
        except OUTAGE:
            raise
        except Exception as error:  # a mistake of ours over one answer holds up none of the others
            logger.exception("delivery %s cannot be sent", delivery.pk)
            give_up(delivery, f"{type(error).__name__}: {error}")
    return False


def _say(messenger: Messenger, delivery: Delivery) -> bool:
    message = delivery.message
    chat = chat_of(delivery)
    if chat is None or chat.parted_at:
        raise Never(_("They are no longer in the chat."))
    template = Template.objects.filter(message=message).first()
    if template is None and (refusal := messenger.refusal(chat)):
        raise Never(refusal)
    if (wait := _left_alone.get(chat.gateway_id, 0.0) - time.monotonic()) > 0:
        raise Later(_("The messenger wants to be left alone for a while."), timedelta(seconds=wait))
    pieces = [_approved(template)] if template else _pieces(messenger, message)
    gone = set(message.messenger_parts.values_list("place", flat=True))
    rest = [piece for piece in pieces if piece.place not in gone]
    if rest:
        _send(messenger, chat, message, rest[0])
    if len(rest) > 1:
        return True
    _sent(delivery, chat)
    return False


def _send(messenger: Messenger, chat: Chat, message: Message, piece: Piece) -> None:
    try:
        name = messenger.send(chat, piece)
    except Later as reason:
        if reason.after:
            _left_alone[chat.gateway_id] = time.monotonic() + reason.after.total_seconds()
        else:
            health.note_failing(chat.gateway, str(reason))
        raise
    health.note_well(chat.gateway)
    Part.objects.get_or_create(message=message, place=piece.place, defaults={"chat": chat, "external_id": name})


def _approved(template: Template) -> Piece:
    return Piece(0, key_of(template.message, 0), template=(template.name, template.language))


def _pieces(messenger: Messenger, message: Message) -> list[Piece]:
    files = list(message.attachments.select_related("file").order_by("id"))
    if large := [file.name for file in files if file.size > messenger.largest_file]:
        raise Never(_("%(name)s is too large for this messenger.") % {"name": large[0]})
    return pieces_of(message, files, messenger)


def _sent(delivery: Delivery, chat: Chat) -> None:
    message = delivery.message
    delivery.state, delivery.sent_at, delivery.error = State.SENT, timezone.now(), ""
    delivery.save(update_fields=["state", "sent_at", "error"])
    first = message.messenger_parts.order_by("place").values_list("external_id", flat=True).first()
    Message.objects.filter(pk=message.pk, external_id="").update(external_id=first or "")
    record_sent(delivery)


def chat_of(delivery: Delivery) -> Chat | None:
    """Where an answer goes: the chat by which whoever gets it last wrote in its conversation."""
    wrote = Arrival.objects.filter(
        message__conversation=delivery.message.conversation_id,
        message__kind=Kind.INBOUND,
        message__written_from__in=delivery.recipients,
    )
    last = wrote.select_related("chat__gateway", "chat__line").order_by("-id").first()
    return last.chat if last else None


def _try_again(delivery: Delivery, reason: Later) -> None:
    now = timezone.now()
    if now - delivery.created_at > GIVE_UP_AFTER or delivery.attempts >= MOST_ATTEMPTS:
        give_up(delivery, str(reason))
        return
    wait = reason.after or timedelta(seconds=WAITS[min(delivery.attempts, len(WAITS)) - 1])
    if delivery.error != str(reason):
        conversation = delivery.message.conversation
        signal(f"conversation-{conversation.pk}", "message.delayed", team_id=conversation.team_id)
    delivery.due_at, delivery.error = now + wait, str(reason)
    delivery.save(update_fields=["due_at", "error"])
