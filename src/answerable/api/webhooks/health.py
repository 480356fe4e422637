"""How a webhook's receiver does: left alone while it fails, given up after days, and the administrators told."""

from datetime import timedelta

from django.utils import timezone

from answerable.api.webhooks.jobs import mail_stop
from answerable.api.webhooks.models import Webhook
from answerable.api.webhooks.waits import after
from answerable.events.record import record
from answerable.people.models import User

RESTS_FROM = 5
"""Failures in a row, whatever the delivery, from which on it is left alone between attempts."""
STOPS_AFTER = timedelta(days=3)


def note_well(webhook: Webhook) -> None:
    """It took a delivery just now."""
    if webhook.failing_since is not None:
        Webhook.objects.filter(pk=webhook.pk).update(failures=0, failing_since=None, rests_until=None)


def note_failing(webhook: Webhook, reason: str, is_gone: bool) -> None:
    """It did not. Failing for STOPS_AFTER, or at its own wish, it is switched off. In the caller's transaction."""
    now = timezone.now()
    row = Webhook.objects.select_for_update().get(pk=webhook.pk)
    row.failures += 1
    row.failing_since = row.failing_since or now
    if row.failures >= RESTS_FROM:
        row.rests_until = now + after(row.failures - RESTS_FROM + 1)
    if row.stopped_at is None and (is_gone or now - row.failing_since > STOPS_AFTER):
        row.stopped_at, row.stopped_because = now, reason[:2000].replace("\x00", "")
        record("webhook.stopped", subject=row, by=None, reason=row.stopped_because)
        for person in User.objects.administrators():
            mail_stop.later(person_id=person.pk, webhook_id=row.pk)
    row.save(update_fields=["failures", "failing_since", "rests_until", "stopped_at", "stopped_because"])
