"""Whether mailboxes can be read: kept for the pages, and said aloud when they can't for a while."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from answerable.channels.email.jobs import mail_failure
from answerable.channels.email.models import Mailbox
from answerable.events.record import record
from answerable.people.models import User

ALARM_AFTER = timedelta(minutes=15)


def note_well(mailbox: Mailbox) -> None:
    """It could be read just now."""
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        if row.alarmed_at:
            record("mailbox.recovered", subject=row, by=None, team_id=row.inbox.team_id)
        row.checked_at, row.failing_since, row.alarmed_at, row.error = timezone.now(), None, None, ""
        row.save(update_fields=["checked_at", "failing_since", "alarmed_at", "error"])


def note_failing(mailbox: Mailbox, reason: str) -> None:
    """It could not. After ALARM_AFTER the administrators get a mail, once for each failure."""
    now = timezone.now()
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().select_related("inbox").get(pk=mailbox.pk)
        row.failing_since = row.failing_since or now
        row.error = reason[:2000].replace("\x00", "")
        if row.alarmed_at is None and now - row.failing_since >= ALARM_AFTER:
            row.alarmed_at = now
            record("mailbox.failed", subject=row, by=None, team_id=row.inbox.team_id, reason=row.error)
            for person in User.objects.administrators():
                mail_failure.later(person_id=person.pk, mailbox_id=row.pk)
        row.save(update_fields=["failing_since", "error", "alarmed_at"])


def failing() -> list[Mailbox]:
    """Mailboxes that cannot be read now, for the banner."""
    return list(
        Mailbox.objects.filter(retired_at=None, failing_since__isnull=False).select_related("inbox").order_by("pk")
    )
