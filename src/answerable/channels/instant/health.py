"""Whether messengers can be reached: kept for the pages, and said aloud when they can't for a while."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from answerable.channels.instant.jobs import mail_failure
from answerable.channels.instant.messenger import messengers
from answerable.channels.instant.models import Arrival, Chat, Gateway
from answerable.desk.models import Delivery
from answerable.events.jobs import Later
from answerable.events.record import record
from answerable.people.models import User

ALARM_AFTER = timedelta(minutes=15)
CHECK_EVERY = timedelta(minutes=10)
NOTED_EVERY = timedelta(minutes=1)
logger = logging.getLogger(__name__)


def note_well(gateway: Gateway) -> None:
    """It could be spoken to just now. Written down once a minute, or when that is news."""
    now = timezone.now()
    if gateway.failing_since is None and gateway.checked_at and now - gateway.checked_at < NOTED_EVERY:
        return
    with transaction.atomic():
        row = Gateway.objects.select_for_update(no_key=True).get(pk=gateway.pk)
        if row.alarmed_at:
            record("messenger.recovered", subject=row, by=None)
        if row.failing_since:
            _send_what_waits(row)
        row.checked_at, row.failing_since, row.alarmed_at, row.error = now, None, None, ""
        row.save(update_fields=["checked_at", "failing_since", "alarmed_at", "error"])
    gateway.checked_at, gateway.failing_since = now, None


def note_failing(gateway: Gateway, reason: str) -> None:
    """It could not. After ALARM_AFTER the administrators get a mail, once for each failure."""
    now = timezone.now()
    with transaction.atomic():
        row = Gateway.objects.select_for_update(no_key=True).get(pk=gateway.pk)
        row.failing_since = row.failing_since or now
        row.error = reason[:2000].replace("\x00", "")
        if row.alarmed_at is None and now - row.failing_since >= ALARM_AFTER:
            row.alarmed_at = now
            record("messenger.failed", subject=row, by=None, reason=row.error)
            for person in User.objects.administrators():
                mail_failure.later(person_id=person.pk, gateway_id=row.pk)
        row.save(update_fields=["failing_since", "error", "alarmed_at"])


def check_due() -> float | None:
    """Ask those that nothing was heard of for a while whether they are there."""
    names = messengers()
    silent = Gateway.objects.current().exclude(base_url="").exclude(checked_at__gt=timezone.now() - CHECK_EVERY)
    for gateway in silent.filter(channel__in=names).order_by("pk"):
        try:
            names[gateway.channel].check(gateway)
        except Later as reason:
            logger.warning("%s: %s", gateway, reason)
            note_failing(gateway, str(reason))
        else:
            note_well(gateway)
    return None


def _send_what_waits(gateway: Gateway) -> None:
    """It is back: what could not leave need not wait for its turn to be tried again."""
    now = timezone.now()
    chats = Chat.objects.filter(gateway=gateway, conversation__isnull=False)
    waiting = Delivery.objects.filter(channel=gateway.channel, state=Delivery.State.WAITING, attempts__gt=0)
    late = waiting.filter(message__conversation__in=chats.values("conversation"), due_at__gt=now)
    free = late.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    Delivery.objects.filter(pk__in=list(free)).update(due_at=now)
    Arrival.objects.filter(gateway=gateway, outcome="", due_at__gt=now).update(due_at=now)
