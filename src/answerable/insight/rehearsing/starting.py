"""What can be done to a rehearsal: begin one, cancel it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from answerable.events.record import record
from answerable.insight.jobs import rehearse
from answerable.insight.models import Rehearsal, may_rehearse
from answerable.people.models import User
from answerable.policy.models import Version


@dataclass(frozen=True)
class Days:
    """The desk's own history: begun on these days, both included, in teams that the one who asks may see."""

    first: date
    last: date


@dataclass(frozen=True)
class Upload:
    """An export or a log of another desk, and what it does not say itself."""

    name: str
    content: bytes
    reading: Mapping[str, object]


def begin(*, draft: Version, against: Version, on: Days | Upload, by: User) -> Rehearsal:
    """Ask for a rehearsal. The worker does it."""
    if not may_rehearse(by):
        raise PermissionDenied
    with transaction.atomic():
        rehearsal = Rehearsal.objects.create(
            draft=draft,
            draft_name=name_of(draft),
            draft_document=draft.document,
            against=against,
            against_name=name_of(against),
            against_document=against.document,
            by=by,
            **_what(on, by),
        )
        record("rehearsal.begun", subject=rehearsal, by=by, draft=draft.number, against=against.number)
        rehearse.later(rehearsal_id=rehearsal.pk)
    return rehearsal


def cancel(rehearsal: Rehearsal, *, by: User) -> None:
    """It stops at its next step; what has ended stays as it is."""
    if not may_rehearse(by):
        raise PermissionDenied
    going_on = Rehearsal.objects.filter(pk=rehearsal.pk, state__in=(Rehearsal.State.WAITING, Rehearsal.State.RUNNING))
    with transaction.atomic():
        if going_on.update(state=Rehearsal.State.CANCELLED, ended_at=timezone.now(), upload=None):
            record("rehearsal.cancelled", subject=rehearsal, by=by)


def name_of(version: Version) -> str:
    """A version by title and number."""
    return f"{version.title} v{version.number}"[:250]


def _what(on: Days | Upload, by: User) -> dict[str, object]:
    if isinstance(on, Upload):
        return {"file_name": on.name[:250], "upload": on.content, "reading": dict(on.reading)}
    return {"first_on": on.first, "last_on": on.last, "teams": sorted(by.team_ids)}
