"""What became of words on the board, in words: who said them, changed them, took them back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from answerable.events.models import Event, noun
from answerable.people.models import Lesson, Praise

SUGGESTED = "lesson.suggested"


@dataclass(frozen=True)
class Happening:
    """One step. `before` are the words as they were until then."""

    at: datetime
    sentence: str
    before: str


def history_of(row: Praise | Lesson) -> list[Happening]:
    """From the newest to the oldest. One query."""
    events = Event.objects.filter(root=noun(row)).select_related("actor").order_by("-id")
    return [Happening(event.at, _sentence(event), _before(event)) for event in events]


def suggested(lessons: Collection[Lesson]) -> set[int]:
    """The numbers of those from which a change of the policy was suggested. One query; none without lessons."""
    roots = {noun(lesson): lesson.pk for lesson in lessons}
    if not roots:
        return set()
    rows = Event.objects.filter(root__in=roots, verb=SUGGESTED).values_list("root", flat=True)
    return {roots[root] for root in rows}


def _sentence(event: Event) -> str:
    who = {"who": event.actor or _("The system")}
    past = event.verb.partition(".")[2]
    if past == "given" and event.particulars.get("said_by"):
        return _("%(who)s pinned it") % who
    if past in ("given", "noted"):
        return _("%(who)s wrote it") % who
    if past == "withdrawn":
        return _("%(who)s took it back") % who
    if past == "restored":
        return _("%(who)s put it back") % who
    if past == "suggested":
        return _("%(who)s suggested a change of the policy from it") % who
    return (
        _("%(who)s changed it; before it said") % who if _before(event) else _("%(who)s changed what it is about") % who
    )


def _before(event: Event) -> str:
    before = event.particulars.get("before")
    return str(before.get("text", "")) if isinstance(before, dict) else ""
