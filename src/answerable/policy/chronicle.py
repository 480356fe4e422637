"""Who did what to a version, and why: from the events it left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from answerable.core.policy.touched import Kind, Part, Touched
from answerable.events.models import Event, noun
from answerable.policy.comparing import touched_words
from answerable.policy.models import Version

MOST_ENTRIES = 100
TOLD = ("policy.drafted", "policy.draft_changed", "policy.draft_discarded", "policy.put_in_force")
"""What was done to the document; who has read it, and what was said of it, stands elsewhere."""


@dataclass(frozen=True)
class Entry:
    """One thing that was done. `details` are sentences; `reason` is in the words of who did it."""

    at: datetime
    who: str
    sentence: str
    details: tuple[str, ...]
    reason: str


def chronicle(version: Version) -> tuple[Entry, ...]:
    """What happened to a version, the newest first."""
    told = Event.objects.filter(root=noun(version), verb__in=TOLD).select_related("actor")
    events = told.order_by("-id")[:MOST_ENTRIES]
    return tuple(
        Entry(
            at=event.at,
            who=str(event.actor or ""),
            sentence=_sentence(event),
            details=tuple(_details(event.particulars.get("changes", ()))),
            reason=event.particulars.get("reason", ""),
        )
        for event in events
    )


def _sentence(event: Event) -> str:
    about = event.particulars
    match event.verb:
        case "policy.drafted" if about.get("based_on"):
            return _("began the draft from version %(number)s") % {"number": about["based_on"]}
        case "policy.drafted":
            return _("began the draft")
        case "policy.draft_changed":
            return _("changed the draft")
        case "policy.draft_discarded":
            return _("discarded the draft")
    return _("put it in force")


def _details(changes: Iterable[tuple[str, str | None, str]]) -> Iterable[str]:
    for kind, part, key in changes:
        yield touched_words(Touched(Kind(kind), Part(part) if part else None, key))
