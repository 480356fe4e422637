"""Reminders that are due: of what somebody has to read, and of reviews. Each is sent once.

Each row says when its next reminder is. Whoever finds it due takes it in one transaction, which also plans the one
after it and asks for the mail; what was missed while nothing ran is one reminder, not several.
"""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from answerable.events.setbacks import Setbacks
from answerable.policy.actions import lessons, reviews
from answerable.policy.models import Acknowledgement, Review

BATCH = 200
_lessons, _reviews = Setbacks("acknowledgement"), Setbacks("review")


def remind_due() -> float | None:
    """Remind whoever is to be reminded by now. Seconds until the next instant (none: nothing is planned)."""
    now = timezone.now()
    reviews.plan_forgotten()
    for pk in list(_to_read().filter(remind_at__lte=now).values_list("pk", flat=True)[:BATCH]):
        _lessons.attempt(pk, partial(_remind_to_read, pk))
    for pk in list(_to_review().filter(remind_at__lte=now).values_list("pk", flat=True)[:BATCH]):
        _reviews.attempt(pk, partial(_remind_to_review, pk))
    instants = [rows.values_list("remind_at", flat=True).first() for rows in (_to_read(), _to_review())]
    upcoming = min((instant for instant in instants if instant), default=None)
    wanted = None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())
    return _lessons.sooner(_reviews.sooner(wanted))


def _to_read() -> QuerySet[Acknowledgement]:
    rows = Acknowledgement.objects.open().filter(user__is_active=True, remind_at__isnull=False)
    return rows.exclude(pk__in=_lessons.resting()).order_by("remind_at", "id")


def _to_review() -> QuerySet[Review]:
    rows = Review.objects.open().filter(remind_at__isnull=False)
    return rows.exclude(pk__in=_reviews.resting()).order_by("remind_at", "id")


def _remind_to_read(pk: int) -> None:
    """Unless another worker has, or it has been read meanwhile."""
    with transaction.atomic():
        now = timezone.now()
        held = Acknowledgement.objects.open().select_for_update(skip_locked=True, of=("self",))
        row = held.select_related("version").filter(pk=pk, remind_at__lte=now).first()
        if row is not None:
            lessons.note_reminder(row, at=now, by=None)


def _remind_to_review(pk: int) -> None:
    """Unless another worker has, or it has been decided meanwhile."""
    with transaction.atomic():
        now = timezone.now()
        held = Review.objects.open().select_for_update(skip_locked=True, of=("self",))
        row = held.select_related("version", "owner").filter(pk=pk, remind_at__lte=now).first()
        if row is not None:
            reviews.note_reminder(row, at=now)
