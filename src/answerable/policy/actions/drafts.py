"""Versions before they are in force: begun, changed by one person after another, discarded."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.policy.touched import title_of, touched
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.policy.actions.versions import next_number, one_at_a_time
from answerable.policy.models import Revision, Version

LONGEST_TITLE = 200
MOST_NAMED = 40
"""How many changes of one revision its event names."""


class Stale(Exception):
    """Somebody else has saved the draft since. `draft` is as it is now; `since` is what the writer had before them."""

    def __init__(self, draft: Version, since: str) -> None:
        self.draft = draft
        self.since = since
        super().__init__(f"The draft is at revision {draft.revision}.")


def begin_draft(
    *, based_on: Version | None, document: str, by: User | None, reason: str = "", at: datetime | None = None
) -> Version:
    """A new version that is not in force, to be changed. The document may be wrong."""
    at = at or timezone.now()
    with transaction.atomic():
        one_at_a_time()
        draft = Version.objects.create(
            number=next_number(),
            title=_title(document),
            document=document,
            based_on=based_on,
            reason=reason,
            by=by,
            created_at=at,
            changed_at=at,
        )
        Revision.objects.create(version=draft, number=1, document=document, by=by, at=at)
        record(
            "policy.drafted",
            subject=draft,
            by=by,
            at=at,
            number=draft.number,
            based_on=based_on.number if based_on else None,
            reason=reason,
        )
    return draft


def save_draft(draft: Version, *, document: str, revision: int, by: User | None, at: datetime | None = None) -> Version:
    """Write a draft's next revision, in place of the one the writer had before them.

    Raises Stale when somebody else was faster, Refused for what is no draft any more.
    """
    at = at or timezone.now()
    with transaction.atomic():
        draft = _held(draft)
        if draft.revision != revision:
            seen = draft.revisions.filter(number=revision).values_list("document", flat=True).first()
            raise Stale(draft, draft.document if seen is None else seen)
        if draft.document == document:
            return draft
        changes = touched(draft.document, document)
        draft.document, draft.title = document, _title(document)
        draft.revision += 1
        draft.changed_at = at
        draft.save(update_fields=["document", "title", "revision", "changed_at"])
        Revision.objects.create(version=draft, number=draft.revision, document=document, by=by, at=at)
        record(
            "policy.draft_changed",
            subject=draft,
            by=by,
            at=at,
            number=draft.number,
            revision=draft.revision,
            changes=[[change.kind, change.part, change.key] for change in changes[:MOST_NAMED]],
        )
    return draft


def discard_draft(draft: Version, *, by: User | None, reason: str = "", at: datetime | None = None) -> Version:
    """Put a draft away. It is kept, and may be drafted from again. Raises Refused for what is no draft."""
    at = at or timezone.now()
    with transaction.atomic():
        draft = _held(draft)
        draft.state = Version.State.DISCARDED
        draft.changed_at = at
        draft.reason = reason or draft.reason
        draft.save(update_fields=["state", "changed_at", "reason"])
        record("policy.draft_discarded", subject=draft, by=by, at=at, number=draft.number, reason=reason)
    return draft


def _held(draft: Version) -> Version:
    held = Version.objects.select_for_update().get(pk=draft.pk)
    if not held.is_draft:
        raise Refused(_("This version is no draft any more. Draft a new one from it to change it."))
    return held


def _title(document: str) -> str:
    return title_of(document)[:LONGEST_TITLE] or _("Untitled")
