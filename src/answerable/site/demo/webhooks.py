"""The warehouse's own program was told what customers ask, for a while: switched off, since nothing leaves a demo."""

from datetime import datetime, timedelta

from answerable.api.webhooks.actions import add_webhook
from answerable.api.webhooks.following import write_down
from answerable.api.webhooks.models import Attempt, Delivery, Webhook
from answerable.events.models import Event
from answerable.people.models import User

ADDRESS = "https://warehouse.ambermoon.example/answerable"
TOLD = ("conversation.opened", "conversation.solved", "message.received")
MOST_TOLD = 12


def tell_the_warehouse(*, by: User, now: datetime) -> None:
    """A webhook with a log: nearly all arrived, one only after a while, one never."""
    row, _secret = add_webhook(name="Warehouse", url=ADDRESS, groups=("conversations", "messages"), teams=(), by=by)
    numbers = Event.objects.filter(verb__in=TOLD, at__lt=now).order_by("-pk").values_list("pk", flat=True)[:MOST_TOLD]
    write_down(row, list(numbers))
    tries = []
    for place, delivery in enumerate(Delivery.objects.filter(webhook=row).select_related("event").order_by("event")):
        at = (delivery.event.at if delivery.event else now) + timedelta(seconds=1)
        is_lost = place == MOST_TOLD // 2
        if is_lost or place == 2:
            tries.append(Attempt(delivery=delivery, at=at, status=503, took_ms=412, answer="Stock-taking until noon"))
        if not is_lost:
            later = at + timedelta(seconds=33 if place == 2 else 0)
            tries.append(Attempt(delivery=delivery, at=later, status=200, took_ms=84 + 7 * place, answer="ok"))
        delivery.state = Delivery.State.FAILED if is_lost else Delivery.State.DELIVERED
        delivery.created_at, delivery.attempts = at, 2 if place == 2 else 1
        delivery.save(update_fields=["state", "created_at", "attempts"])
    Attempt.objects.bulk_create(tries)
    Webhook.objects.filter(pk=row.pk).update(created_at=now - timedelta(days=20), stopped_at=now - timedelta(hours=2))
