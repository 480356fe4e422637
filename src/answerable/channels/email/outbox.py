"""Sending what is due. A delivery is written in the transaction of its message; here it leaves, once.

Attempts are counted before they are made, so that nobody takes back what may be on its way. The row is held while
the letter is handed over, and the answer is written down in the same transaction: a worker that is killed in
between leaves the row free, and the letter is tried again under the same Message-ID.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from answerable.channels.email import restraint
from answerable.channels.email.composing import compose, message_id_of
from answerable.channels.email.relays import Post
from answerable.desk.actions.arriving import give_up, record_sent, report
from answerable.desk.models import Delivery
from answerable.events.falling_due import fallen_due
from answerable.events.jobs import Later, Never
from answerable.events.prepared import tell
from answerable.events.setbacks import OUTAGE, Setbacks
from answerable.web.standing import Given, Standing

CHANNEL = "email"
BATCH = 50
GIVE_UP_AFTER = timedelta(days=2)
WAITS = (30, 60, 120, 300, 900, 1800, 3600, 7200, 14400)  # seconds, the last one again and again
MOST_ATTEMPTS = 100
# Those that nobody else has now or has sent, with what a letter is made of.
FREE = (
    Delivery.objects.select_for_update(skip_locked=True, of=("self",))
    .filter(state=Delivery.State.WAITING)
    .select_related("message__user", "message__conversation__inbox__manners", "message__conversation__contact")
)
HELD = Standing(lambda: FREE.filter(pk=Given("number"), due_at__lte=Given("now")))
COUNT = "UPDATE desk_delivery SET attempts = attempts + 1 WHERE id = %s"
NAME = "UPDATE desk_message SET external_id = %s WHERE id = %s"
SENT = "UPDATE desk_delivery SET state = 'sent', sent_at = %s, error = %s WHERE id = %s"
_setbacks = Setbacks("delivery")
logger = logging.getLogger(__name__)


def send_due() -> float | None:
    """Send what is due. Seconds until the next delivery is (None: nothing waits)."""
    waiting = Delivery.objects.filter(channel=CHANNEL, state=Delivery.State.WAITING).order_by("due_at", "id")
    due, upcoming = fallen_due(waiting.exclude(pk__in=_setbacks.resting()), "due_at", BATCH)
    begun = _begin_together(due)
    with Post() as post:
        for number in due:
            _setbacks.attempt(number, partial(_attempt, number, post, number in begun))
    if len(due) == BATCH:
        return 0.0
    if due:
        upcoming = waiting.exclude(pk__in=_setbacks.resting()).values_list("due_at", flat=True).first()
    wanted = None if upcoming is None else max(0.1, (upcoming - timezone.now()).total_seconds())
    return _setbacks.sooner(wanted)


def _begin_together(numbers: Sequence[int]) -> set[int]:
    """In one transaction; none where one of them cannot be begun: each is by itself, then."""
    try:
        return _begin(numbers) if numbers else set()
    except OUTAGE:
        raise
    except Exception as error:
        logger.info("%d deliveries failed together (%s); each goes on alone", len(numbers), error)
        return set()


def _attempt(number: int, post: Post, is_begun: bool) -> None:
    if is_begun or _begin([number]):
        _send(number, post)


def _begin(numbers: Sequence[int]) -> set[int]:
    """Count an attempt of each that is free, and give the messages the names they will leave under. Those begun."""
    with transaction.atomic():
        held = list(FREE.filter(pk__in=numbers, due_at__lte=timezone.now()).order_by("pk"))
        tell(COUNT, [[delivery.pk] for delivery in held])
        nameless = [delivery.message for delivery in held if not delivery.message.external_id]
        tell(NAME, [[message_id_of(one, one.conversation.inbox), one.pk] for one in nameless])
    return {delivery.pk for delivery in held}


def _send(number: int, post: Post) -> None:
    with transaction.atomic():
        delivery = HELD.first(number=number, now=timezone.now())
        if delivery is None or restraint.holds_back(delivery):
            return
        try:
            refused = post.carry(compose(delivery), delivery.message.conversation.inbox)
        except Later as reason:
            _try_again_or_give_up(delivery, str(reason))
        except Never as reason:
            give_up(delivery, str(reason))
        except OUTAGE:
            raise
        except Exception as error:  # a mistake of ours over one letter holds up none of the others
            logger.exception("delivery %s cannot be composed", delivery.pk)
            give_up(delivery, f"{type(error).__name__}: {error}")
        else:
            _sent(delivery, refused=[f"{address}: {reason}" for address, reason in refused.items()])


def _sent(delivery: Delivery, *, refused: list[str]) -> None:
    delivery.error = "; ".join(refused)
    tell(SENT, [[timezone.now(), delivery.error, delivery.pk]])
    record_sent(delivery)
    if refused:
        report("refused", delivery, delivery.message.conversation, delivery.error)


def _try_again_or_give_up(delivery: Delivery, reason: str) -> None:
    now = timezone.now()
    if now - delivery.created_at > GIVE_UP_AFTER or delivery.attempts >= MOST_ATTEMPTS:
        give_up(delivery, reason)
        return
    delivery.due_at = now + timedelta(seconds=WAITS[min(delivery.attempts, len(WAITS)) - 1])
    delivery.error = reason
    delivery.save(update_fields=["due_at", "error"])
