"""What the worker does for webhooks: `run_once` in a loop."""

import time

from answerable.api.webhooks.following import follow
from answerable.api.webhooks.keeping import forget_old
from answerable.api.webhooks.models import Webhook
from answerable.api.webhooks.sending import Courier

TIDY_EVERY_SECONDS = 3600.0
_courier = Courier()
_tidied_at = -TIDY_EVERY_SECONDS


def tell_webhooks() -> float | None:
    """Write deliveries of what happened, and send what is due. Seconds until the next call is wanted.

    One query where there is no webhook.
    """
    webhooks = list(Webhook.objects.on().values_list("pk", flat=True))
    if not webhooks:
        return None
    is_behind = [pk for pk in webhooks if follow(pk)]
    wanted = _courier.send_due()
    _tidy()
    return 0.0 if is_behind else wanted


def _tidy() -> None:
    global _tidied_at
    if time.monotonic() - _tidied_at >= TIDY_EVERY_SECONDS and not forget_old():
        _tidied_at = time.monotonic()
