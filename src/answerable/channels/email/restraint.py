"""What keeps machines of ours from flooding anybody: a limit for each person, and a breaker for each inbox.

Answers by people are never held back.
"""

import logging
import time
from collections import defaultdict, deque
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.models import Delivery

MOST_A_DAY = 6
"""Automatic mails to one contact in 24 hours."""
MOST_AT_ONCE = 300
WINDOW_SECONDS = 600.0
"""Automatic mails of one inbox; more than MOST_AT_ONCE in this time smell of a loop, and wait."""
logger = logging.getLogger(__name__)
_recent: defaultdict[int, deque[float]] = defaultdict(deque)


def holds_back(delivery: Delivery) -> bool:
    """Whether an automatic message must not leave now: too many to this person (never), or at once (later)."""
    if not delivery.message.automatic:
        return False
    if _too_many_to(delivery):
        delivery.state = Delivery.State.FAILED
        delivery.error = _("Not sent: %(most)s automatic messages a day are enough for anybody.") % {"most": MOST_A_DAY}
        delivery.save(update_fields=["state", "error"])
        return True
    if _breaks(delivery.message.conversation.inbox_id):
        logger.warning("inbox %s sends too much by itself; it waits", delivery.message.conversation.inbox)
        delivery.due_at = timezone.now() + timedelta(seconds=WINDOW_SECONDS)
        delivery.save(update_fields=["due_at"])
        return True
    return False


def _too_many_to(delivery: Delivery) -> bool:
    sent = Delivery.objects.filter(
        message__conversation__contact=delivery.message.conversation.contact_id,
        message__automatic=True,
        state=Delivery.State.SENT,
        sent_at__gt=timezone.now() - timedelta(days=1),
    )
    return sent.count() >= MOST_A_DAY


def _breaks(inbox: int) -> bool:
    """Counts what this process has let through; with several workers each has its share."""
    now, recent = time.monotonic(), _recent[inbox]
    while recent and now - recent[0] > WINDOW_SECONDS:
        recent.popleft()
    if len(recent) >= MOST_AT_ONCE:
        return True
    recent.append(now)
    return False
