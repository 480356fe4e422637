"""Running what is owed: each reaction at least once, none in another's way."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from answerable.events.falling_due import fallen_due
from answerable.events.models import PendingReaction
from answerable.events.record import Reaction, dotted, reactions

BATCH = 100
LONGEST_WAIT_SECONDS = 3600
logger = logging.getLogger(__name__)


def dispatch() -> float | None:
    """Run a batch of owed reactions. Seconds until the next call is wanted (None: when something happens).

    Each is claimed with SKIP LOCKED in a transaction of its own, which also ends its row: several workers share the
    load, a slow reaction holds no other, and a worker killed in the middle leaves one to be run again, not a batch.
    A reaction that fails keeps its row, with the error, and waits twice as long each time.
    """
    known = {dotted(function): function for functions in reactions().values() for function in functions}
    due, upcoming = fallen_due(PendingReaction.objects.all(), "due_at", BATCH)
    for pk in due:
        _run(pk, known)
    if len(due) == BATCH:
        return 0.0
    if due:
        upcoming = PendingReaction.objects.order_by("due_at").values_list("due_at", flat=True).first()
    return None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())


def _run(pk: int, known: Mapping[str, Reaction]) -> None:
    """Unless another worker has it, or has done it."""
    claimed = PendingReaction.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
    with transaction.atomic():
        row = claimed.filter(pk=pk, due_at__lte=timezone.now()).first()
        if row and _ran(known.get(row.reaction), row):
            row.delete()


def _ran(reaction: Reaction | None, row: PendingReaction) -> bool:
    if reaction is None:
        logger.warning("%s no longer exists; event %s goes without it", row.reaction, row.event_id)
        return True
    try:
        with transaction.atomic():
            reaction(row.event)
    except Exception as error:
        row.attempts += 1
        wait = min(2**row.attempts, LONGEST_WAIT_SECONDS)
        row.due_at = timezone.now() + timedelta(seconds=wait)
        # In letters that can be kept: could the failure not be written down, it would hold up all others.
        row.error = f"{type(error).__name__}: {error}".replace("\x00", "?").encode("utf-8", "replace").decode()
        row.save(update_fields=["attempts", "due_at", "error"])
        logger.exception("%s failed for event %s; again in %s s", row.reaction, row.event_id, wait)
        return False
    return True
