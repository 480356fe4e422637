"""What becomes of answers that nobody looks at: who has left is written to by mail, where we know an address.

An answer in a chat is there as soon as it is written; its delivery waits until it was on the visitor's screen, which
their browser says (actions/signs.py). Here wait those whose browser is gone, and those that go to who wrote by mail
meanwhile, of whom it is not confirmed that the browser is theirs.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import BigIntegerField, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.chat.models import Visit, Visitor
from answerable.channels.chat.visits import CHANNEL, MAILED_BEFORE, mails_before
from answerable.desk.actions.writing_first import address_of
from answerable.desk.models import Delivery
from answerable.events.falling_due import fallen_due
from answerable.events.live.signals import signal
from answerable.events.prepared import ask
from answerable.events.setbacks import Setbacks

BATCH = 100
GONE_AFTER = timedelta(minutes=2)
"""Without a sign of life: a reload of their page, or a tunnel, takes less."""
GIVE_UP_AFTER = timedelta(days=14)
BY_MAIL = "email"
# Answers to those who are here, and have not asked for mail, are seen after again when they may be gone.
PUT_OFF = f"""
WITH here AS (
    SELECT due.id, greatest(visitor.seen_at + %s, %s + (%s - due.created_at) / 4) AS until
    FROM desk_delivery AS due
    JOIN desk_message AS message ON message.id = due.message_id
    JOIN chat_visit AS visit ON visit.conversation_id = coalesce(message.origin_id, message.conversation_id)
    JOIN chat_visitor AS visitor ON visitor.id = visit.visitor_id
    WHERE due.channel = 'chat' AND due.state = 'waiting' AND due.due_at <= %s
    AND visitor.seen_at > %s AND visitor.mails_since IS NULL AND due.created_at > %s
    AND (visitor.confirmed_at IS NOT NULL OR NOT {MAILED_BEFORE})
    FOR NO KEY UPDATE OF due SKIP LOCKED
)
UPDATE desk_delivery SET due_at = here.until FROM here WHERE desk_delivery.id = here.id
"""  # noqa: S608 - our own words


_setbacks = Setbacks("answer in a chat")


def send_due() -> float | None:
    """Look after those that are due. Seconds until the next one is (None: all have been seen)."""
    waiting = Delivery.objects.filter(channel=CHANNEL, state=Delivery.State.WAITING).order_by("due_at", "id")
    able = waiting.exclude(pk__in=_setbacks.resting())
    due, upcoming = fallen_due(able, "due_at", BATCH)
    if due:
        now = timezone.now()
        ask(PUT_OFF, [GONE_AFTER, now, now, now, now - GONE_AFTER, now - GIVE_UP_AFTER])
        due, upcoming = fallen_due(able, "due_at", BATCH)
    for number in due:
        _setbacks.attempt(number, partial(_attempt, number))
    if len(due) == BATCH:
        return 0.0
    if due:
        upcoming = waiting.exclude(pk__in=_setbacks.resting()).values_list("due_at", flat=True).first()
    return _setbacks.sooner(None if upcoming is None else max(0.5, (upcoming - timezone.now()).total_seconds()))


def _attempt(number: int) -> None:
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=number, channel=CHANNEL)
        delivery = (
            rows.filter(state=Delivery.State.WAITING)
            .select_related("message__conversation__contact", "message__origin__contact")
            .first()
        )
        if delivery is not None:
            _decide(delivery, timezone.now())


def _decide(delivery: Delivery, now: datetime) -> None:
    conversation = delivery.message.conversation
    began = delivery.message.origin or conversation  # to whom it was written, wherever it stands by now
    visit = Visit.objects.select_related("visitor").filter(conversation=began).first()
    visitor = visit.visitor if visit else None  # none of a chat that another system had
    address = (visitor.address if visitor else "") or address_of(began.contact) or ""
    if visitor is None and not address:
        _give_up(delivery, _("Nobody is at the other end of this chat."))
        return
    gone_at = visitor.seen_at + GONE_AFTER if visitor else now
    if address and (gone_at <= now or (visitor and _is_answered_by_mail(visitor, delivery))):
        delivery.channel, delivery.recipients, delivery.due_at = BY_MAIL, [address], now
        delivery.save(update_fields=["channel", "recipients", "due_at"])
        signal(f"conversation-{conversation.pk}", "message.mailed", team_id=conversation.team_id)
    elif now - delivery.created_at > GIVE_UP_AFTER:
        _give_up(delivery, _("The visitor has not come back, and left no address."))
    else:
        delivery.due_at = max(gone_at, now + max(timedelta(seconds=30), (now - delivery.created_at) / 4))
        delivery.save(update_fields=["due_at"])


def _is_answered_by_mail(visitor: Visitor, delivery: Delivery) -> bool:
    """They asked for it, or they do not see it: somebody wrote by mail, and it is not confirmed that this is they."""
    if visitor.mails_since is not None:
        return True
    message = delivery.message
    mails = mails_before(
        message=message.pk, conversation=message.conversation_id, origin=Value(message.origin_id, BigIntegerField())
    )
    return visitor.confirmed_at is None and mails.exists()


def _give_up(delivery: Delivery, reason: str) -> None:
    delivery.state, delivery.error = Delivery.State.FAILED, reason
    delivery.save(update_fields=["state", "error"])
