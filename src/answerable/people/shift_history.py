"""What happened to a shift, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from answerable.core.calendar import Interval
from answerable.events.models import Event, noun
from answerable.people.models import Shift, User
from answerable.people.rota_words import span_words


@dataclass(frozen=True)
class Happening:
    at: datetime
    sentence: str


def history_of(shift: Shift) -> list[Happening]:
    """From the newest to the oldest. Two queries."""
    events = list(Event.objects.filter(subject=noun(shift)).select_related("actor").order_by("-id"))
    before = [_before(event).get("user") for event in events]
    people = User.objects.in_bulk([pk for pk in [*before, *(each.particulars.get("user") for each in events)] if pk])
    return [Happening(event.at, _sentence(event, people)) for event in events]


def _sentence(event: Event, people: Mapping[int, User]) -> str:
    told, before = event.particulars, _before(event)
    said = {
        "who": event.actor or _("The system"),
        "before": people.get(before.get("user", 0), _("somebody")),
        "after": people.get(told.get("user", 0), _("somebody")),
    }
    if event.verb == "shift.added":
        return _("%(who)s added it for %(after)s") % said
    if event.verb == "shift.cancelled":
        return _("%(who)s took it out of the rota") % said
    if event.verb == "shift.handed_over":
        return _("It went from %(before)s to %(after)s by a swap that %(who)s confirmed") % said
    said["when"] = span_words(
        Interval(datetime.fromisoformat(before["begins_at"]), datetime.fromisoformat(before["ends_at"]))
    )
    return _("%(who)s changed it; before it was %(before)s, %(when)s") % said


def _before(event: Event) -> dict[str, Any]:
    """What it was: all of it where it was changed, whose it was where it was handed over."""
    before = event.particulars.get("before") or {}
    return before if isinstance(before, dict) else {"user": before}
