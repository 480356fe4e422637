"""How long the log is kept."""

from datetime import timedelta

from django.utils import timezone

from answerable.api.webhooks.models import Delivery

KEPT = timedelta(days=30)
PORTION = 5000


def forget_old() -> int:
    """Delete a portion of what was delivered or given up more than KEPT ago, with its attempts. How many rows."""
    old = Delivery.objects.exclude(state=Delivery.State.WAITING).filter(created_at__lt=timezone.now() - KEPT)
    numbers = list(old.values_list("pk", flat=True)[:PORTION])
    if numbers:
        Delivery.objects.filter(pk__in=numbers).delete()
    return len(numbers)
