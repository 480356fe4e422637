"""Asking people to read what changed in the policy, and their answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.policy.audience import Audience, staff
from answerable.policy.jobs import mail_lesson
from answerable.policy.models import Acknowledgement, Attempt, Version

REMINDED_AFTER = (timedelta(days=3), timedelta(days=7))
"""When whoever has not acknowledged is reminded by itself, counted from when they were asked."""
NOT_AGAIN_WITHIN = timedelta(days=1)
"""A lead reminds the same person once in this time."""


def assign(
    version: Version, *, people: Iterable[User] | None = None, at: datetime | None = None
) -> list[Acknowledgement]:
    """Ask everybody concerned (or those of `people` who are) to read what changed since what they acknowledged last.

    What they had not read yet is superseded: it is part of that. Who put the version in force has read it. Again is no
    harm; for a version that is not in force any more nothing happens.
    """
    with transaction.atomic():
        version = Version.objects.select_for_update().get(pk=version.pk)
        if version.state != Version.State.IN_FORCE:
            return []
        at = at or timezone.now()
        chosen = None if people is None else {person.pk for person in people}
        everybody = [person for person in staff() if chosen is None or person.pk in chosen]
        rows = Acknowledgement.objects.filter(user__in=everybody)
        asked = set(rows.filter(version=version).values_list("user_id", flat=True))
        known = rows.exclude(acknowledged_at=None).order_by("version__number").values_list("user_id", "version_id")
        last, audience = dict(known), Audience(version)
        new = [
            _row(person, version, last.get(person.pk), at=at, is_read=person.pk == version.by_id)
            for person in everybody
            if person.pk not in asked and audience.concerns(person, last.get(person.pk))
        ]
        rows.open().exclude(version=version).update(superseded_at=at, remind_at=None)
        Acknowledgement.objects.bulk_create(new)
        if new:
            told = [row.user_id for row in new]
            record("policy.assigned", subject=version, by=None, at=at, number=version.number, people=told)
    return new


def _row(person: User, version: Version, since: int | None, *, at: datetime, is_read: bool) -> Acknowledgement:
    return Acknowledgement(
        user=person,
        version=version,
        since_id=since,
        assigned_at=at,
        read_at=at if is_read else None,
        acknowledged_at=at if is_read else None,
        remind_at=None if is_read else at + REMINDED_AFTER[0],
    )


def begin_reading(row: Acknowledgement, *, by: User) -> None:
    """Note when they opened it first."""
    if row.user_id == by.pk and row.read_at is None:
        row.read_at = timezone.now()
        Acknowledgement.objects.filter(pk=row.pk, read_at=None).update(read_at=row.read_at)


def acknowledge(row: Acknowledgement, *, answers: Mapping[int, Iterable[int]], by: User) -> Attempt:
    """Answer the questions (places of the choices by the question's number). With all right, it is acknowledged.

    Every attempt is kept. Raises Refused for what is done or superseded, PermissionDenied for another's.
    """
    if row.user_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        row = Acknowledgement.objects.select_for_update(of=("self",)).select_related("version").get(pk=row.pk)
        if row.acknowledged_at is not None:
            raise Refused(_("You have acknowledged this version already."))
        if row.superseded_at is not None:
            raise Refused(_("A later version is in force by now. Read that one: it says what changed in both."))
        now = timezone.now()
        taken = {question.pk: sorted(set(answers.get(question.pk, ()))) for question in row.version.questions.all()}
        right = dict(row.version.questions.values_list("pk", "right"))
        wrong = [pk for pk, places in taken.items() if places != sorted(right[pk])]
        attempt = Attempt.objects.create(acknowledgement=row, at=now, answers=taken, wrong=wrong)
        row.read_at = row.read_at or now
        if not wrong:
            row.acknowledged_at, row.remind_at = now, None
        row.save(update_fields=["read_at", "acknowledged_at", "remind_at"])
        verb = "policy.answered" if wrong else "policy.acknowledged"
        record(verb, subject=row, root=row.version, by=by, at=now, number=row.version.number, wrong=len(wrong))
    return attempt


def remind(row: Acknowledgement, *, by: User) -> None:
    """A lead's reminder, by mail. Raises Refused when there is nothing to remind of, or it was done a moment ago."""
    with transaction.atomic():
        row = Acknowledgement.objects.select_for_update(of=("self",)).select_related("user", "version").get(pk=row.pk)
        if not row.is_open:
            raise Refused(_("%(name)s has nothing left to read here.") % {"name": row.user})
        now = timezone.now()
        if row.reminded_at is not None and now - row.reminded_at < NOT_AGAIN_WITHIN:
            raise Refused(_("%(name)s has been reminded within the last day.") % {"name": row.user})
        note_reminder(row, at=now, by=by)


def note_reminder(row: Acknowledgement, *, at: datetime, by: User | None) -> None:
    """Count a reminder of a row that is held, plan the next one, and have it mailed; all of it or nothing."""
    row.reminders += 1
    row.reminded_at = at
    row.remind_at = next((row.assigned_at + after for after in REMINDED_AFTER if row.assigned_at + after > at), None)
    row.save(update_fields=["reminders", "reminded_at", "remind_at"])
    record("policy.reminded", subject=row, root=row.version, by=by, at=at, person=row.user_id, times=row.reminders)
    mail_lesson.later(acknowledgement_id=row.pk, times=row.reminders)
