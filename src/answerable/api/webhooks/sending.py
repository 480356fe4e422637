"""Sending what is due. One delivery of a webhook at a time, oldest first; the webhooks beside one another.

An attempt is counted and written down, and committed, before it is made; what came back is written down after. Who
sends for a webhook holds a lease of it: a worker that is killed in between leaves the delivery waiting, and when the
lease is over it is sent again, with the same id. So a receiver has each at least once.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from answerable import __version__
from answerable.api.webhooks import health
from answerable.api.webhooks.models import Attempt, Delivery, Webhook
from answerable.api.webhooks.signing import headers
from answerable.api.webhooks.waits import GIVE_UP_AFTER, after
from answerable.channels import vault
from answerable.web import outward
from answerable.web.outward import Answer, Forbidden, Unreachable

AT_ONCE = 8
"""Webhooks that one worker sends for at the same time."""
LEASE = timedelta(seconds=outward.TIMEOUT_SECONDS + 30)
KEPT_BYTES = 4096
"""Of an answer, for the log."""
LONGEST_RETRY_AFTER = timedelta(hours=1)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claimed:
    """A delivery whose attempt has been counted."""

    delivery: Delivery
    attempt: Attempt
    lease: str


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt. `is_final`: another would end the same."""

    answer: Answer | None = None
    error: str = ""
    is_final: bool = False

    @property
    def is_taken(self) -> bool:
        return self.answer is not None and 200 <= self.answer.status < 300

    @property
    def is_gone(self) -> bool:
        """The receiver asks to be told nothing any more (410)."""
        return self.answer is not None and self.answer.status == 410


class Courier:
    """A thread for each webhook that has something due, as long as it has."""

    def __init__(self) -> None:
        self._threads: dict[int, threading.Thread] = {}

    def send_due(self) -> float | None:
        """Begin. Seconds until the next delivery is due (None: nothing waits)."""
        self._threads = {pk: thread for pk, thread in self._threads.items() if thread.is_alive()}
        now = timezone.now()
        wanted = []
        for pk, due_at in due():
            if pk in self._threads:
                continue
            if due_at > now or len(self._threads) >= AT_ONCE:
                wanted.append(max(0.2, (due_at - now).total_seconds()))
                continue
            thread = threading.Thread(target=_work_off, args=(pk,), name=f"webhook-{pk}", daemon=True)
            self._threads[pk] = thread
            thread.start()
        return min(wanted, default=None)

    def join(self) -> None:
        """Wait for those who are sending."""
        for thread in self._threads.values():
            thread.join()


def due() -> list[tuple[int, datetime]]:
    """Webhooks in use that have something to send, and when the first of it is due."""
    rows = Delivery.objects.filter(
        state=Delivery.State.WAITING, webhook__stopped_at=None, webhook__removed_at=None
    ).values("webhook")
    soonest = rows.annotate(soonest=Min("due_at")).values_list(
        "webhook", Greatest(F("soonest"), F("webhook__rests_until"), F("webhook__leased_until"))
    )
    return sorted(soonest, key=lambda row: row[1])


def work_off(webhook_id: int, *, let_go: Callable[[], None] = lambda: None) -> int:
    """Send what is due for one webhook, until nothing is or somebody else does. How many attempts were made.

    `let_go` gives the connection to the database back while the other side takes its time.
    """
    lease, count = token_hex(8), 0
    while claimed := claim(webhook_id, lease):
        let_go()
        note(claimed, carry(claimed.delivery))
        count += 1
    Webhook.objects.filter(pk=webhook_id, lease=lease).update(lease="", leased_until=None)
    return count


def _work_off(webhook_id: int) -> None:
    try:
        work_off(webhook_id, let_go=connections.close_all)
    except Exception:  # the thread's end: nobody waits for it who could be told otherwise
        logger.exception("webhook %s: sending stopped, and goes on when its lease is over", webhook_id)
    finally:
        connections.close_all()


def claim(webhook_id: int, lease: str) -> Claimed | None:
    """The oldest delivery that is due, its attempt counted; None where there is none, or another worker is at it."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(lease=lease)
    rested = Q(rests_until=None) | Q(rests_until__lte=now)
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update(skip_locked=True).on().filter(free, rested, pk=webhook_id).first()
        if webhook is None:
            return None
        rows = Delivery.objects.select_for_update().filter(webhook=webhook, state=Delivery.State.WAITING)
        delivery = rows.filter(due_at__lte=now).order_by("due_at", "event_id", "id").first()
        if delivery is None:
            return None
        Webhook.objects.filter(pk=webhook.pk).update(lease=lease, leased_until=now + LEASE)
        delivery.webhook = webhook
        delivery.attempts += 1
        delivery.save(update_fields=["attempts"])
        return Claimed(delivery, Attempt.objects.create(delivery=delivery, at=now), lease)


def carry(delivery: Delivery) -> Outcome:
    """Send it now. Nothing is read or written but the other side."""
    webhook, body, now = delivery.webhook, delivery.body.encode(), timezone.now()
    try:
        signed = headers(secrets_of(webhook), delivery.key, int(now.timestamp()), body)
        about = {"Content-Type": "application/json", "User-Agent": f"Answerable/{__version__} (+{settings.SITE_URL})"}
        return Outcome(
            outward.request("POST", webhook.url, body=body, headers={**about, **signed}, most_bytes=KEPT_BYTES)
        )
    except (Forbidden, vault.Locked) as error:
        return Outcome(error=str(error), is_final=True)
    except Unreachable as error:
        return Outcome(error=str(error))


def secrets_of(webhook: Webhook) -> list[str]:
    """Those that sign now: the present one, and the one before it for a while. Raises vault.Locked."""
    sealed = [webhook.sealed_secret]
    if webhook.sealed_previous and webhook.previous_until and webhook.previous_until > timezone.now():
        sealed.append(webhook.sealed_previous)
    return [vault.unseal(one) for one in sealed]


def note(claimed: Claimed, outcome: Outcome) -> None:
    """Write down what came back, and when it is tried again."""
    answer, now = outcome.answer, timezone.now()
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().select_related("webhook").get(pk=claimed.delivery.pk)
        Attempt.objects.filter(pk=claimed.attempt.pk).update(
            status=answer.status if answer else None,
            took_ms=answer.took_ms if answer else int((now - claimed.attempt.at).total_seconds() * 1000),
            address=answer.address if answer else "",
            answer=_text(answer.body) if answer else "",
            error=outcome.error[:2000],
        )
        if outcome.is_taken:
            delivery.state = Delivery.State.DELIVERED
        elif outcome.is_final or outcome.is_gone or now - delivery.begun_at > GIVE_UP_AFTER:
            delivery.state = Delivery.State.FAILED
        else:
            delivery.due_at = now + max(after(delivery.attempts), _asked_for(answer))
        delivery.save(update_fields=["state", "due_at"])
        if outcome.is_taken:
            health.note_well(delivery.webhook)
        else:
            health.note_failing(
                delivery.webhook, outcome.error or f"HTTP {answer.status if answer else ''}", outcome.is_gone
            )


def _asked_for(answer: Answer | None) -> timedelta:
    """How long a receiver wants to be left alone (Retry-After in seconds, RFC 9110, 10.2.3), within reason."""
    said = answer.headers.get("retry-after", "") if answer else ""
    seconds = int(said) if said.isascii() and said.isdigit() and len(said) < 8 else 0
    return min(timedelta(seconds=seconds), LONGEST_RETRY_AFTER)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace").replace("\x00", "\ufffd")
