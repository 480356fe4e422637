"""Whether mailboxes can be read: kept for the pages, and said aloud when they can't for a while."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.channels.email.models import Mailbox
from answerable.channels.email.relays import Later, Never
from answerable.events.record import record
from answerable.people.models import Role, User

ALARM_AFTER = timedelta(minutes=15)
logger = logging.getLogger(__name__)


def is_well(mailbox: Mailbox) -> None:
    """It could be read just now."""
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        if row.alarmed_at:
            record("mailbox.recovered", subject=row, by=None, team_id=row.inbox.team_id)
        row.checked_at, row.failing_since, row.alarmed_at, row.error = timezone.now(), None, None, ""
        row.save(update_fields=["checked_at", "failing_since", "alarmed_at", "error"])


def is_failing(mailbox: Mailbox, reason: str) -> None:
    """It could not. After ALARM_AFTER the administrators get a mail, once for each failure."""
    now = timezone.now()
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().select_related("inbox").get(pk=mailbox.pk)
        row.failing_since = row.failing_since or now
        row.error = reason[:2000].replace("\x00", "")
        alarming = row.alarmed_at is None and now - row.failing_since >= ALARM_AFTER
        if alarming:
            row.alarmed_at = now
            record("mailbox.failed", subject=row, by=None, team_id=row.inbox.team_id, reason=row.error)
        row.save(update_fields=["failing_since", "error", "alarmed_at"])
    if alarming:
        _tell(row)


def _tell(mailbox: Mailbox) -> None:
    administrators = User.objects.active().filter(memberships__role=Role.ADMINISTRATOR).distinct()
    for person in administrators:
        with translation.override(person.language):
            subject = _("No mail from %(mailbox)s") % {"mailbox": mailbox}
            text = _(
                "Answerable has not been able to fetch the mail of %(inbox)s for a quarter of an hour:\n\n"
                "%(reason)s\n\nSee %(url)s"
            ) % {"inbox": mailbox.inbox, "reason": mailbox.error, "url": f"{settings.SITE_URL}/settings/inboxes/"}
        try:
            send_mail(subject, text, None, [person.email])
        except (Later, Never) as error:
            logger.warning("%s could not be told that a mailbox fails: %s", person, error)


def failing() -> list[Mailbox]:
    """Mailboxes that cannot be read now, for the banner."""
    return list(
        Mailbox.objects.filter(retired_at=None, failing_since__isnull=False).select_related("inbox").order_by("pk")
    )
