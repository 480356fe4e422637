"""How a webhook's receiver does: left alone while it fails, given up after days, and the administrators told."""

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.api.webhooks.models import Webhook
from answerable.api.webhooks.waits import after
from answerable.channels.email.relays import Later, Never
from answerable.events.record import record
from answerable.people.models import Role, User

RESTS_FROM = 5
"""Failures in a row, whatever the delivery, from which on it is left alone between attempts."""
STOPS_AFTER = timedelta(days=3)
logger = logging.getLogger(__name__)


def is_well(webhook: Webhook) -> None:
    """It took a delivery just now."""
    if webhook.failing_since is not None:
        Webhook.objects.filter(pk=webhook.pk).update(failures=0, failing_since=None, rests_until=None)


def is_failing(webhook: Webhook, reason: str, is_gone: bool) -> None:
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
        transaction.on_commit(partial(_tell, row))
    row.save(update_fields=["failures", "failing_since", "rests_until", "stopped_at", "stopped_because"])


def _tell(webhook: Webhook) -> None:
    administrators = User.objects.active().filter(memberships__role=Role.ADMINISTRATOR).distinct()
    for person in administrators:
        with translation.override(person.language):
            subject = _("The webhook %(webhook)s was switched off") % {"webhook": webhook}
            text = _(
                "Answerable could not deliver to %(url)s any more:\n\n%(reason)s\n\n"
                "Nothing is sent there until somebody switches it on again:\n%(page)s"
            ) % {
                "url": webhook.url,
                "reason": webhook.stopped_because,
                "page": settings.SITE_URL + reverse("settings-webhook", args=[webhook.pk]),
            }
        try:
            send_mail(subject, text, None, [person.email])
        except (Later, Never) as error:
            logger.warning("%s could not be told that a webhook was switched off: %s", person, error)
