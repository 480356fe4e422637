"""Promises that were broken, and whom an escalation reached."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.desk.happenings.names import Names
from answerable.desk.happenings.saying import Told, choice, label, said
from answerable.desk.models import Clock
from answerable.events.models import Event

TOLD_BY_ITSELF = {"before", "team", "assignee"}
"""What an escalation changed: the priority, the team or the assignee, each an event of its own."""


def _escalated(event: Event, names: Names) -> str:
    outcome = event.particulars.get("outcome") or {}
    clock = label(Clock.Kind, event.particulars.get("kind"))
    told = acting_words(outcome.get("told", ()), outcome, names)
    if told:
        return _("%(clock)s needs attention; told so: %(names)s") % {"clock": clock, "names": told}
    if TOLD_BY_ITSELF & outcome.keys():
        return ""
    return _("%(clock)s needs attention; the next step of the escalation was taken") % {"clock": clock}


def outcome_words(outcome: Mapping[str, Any], names: Names) -> str:
    """Whom a step of an escalation reached; nothing where it reached nobody."""
    if told := acting_words(outcome.get("told", ()), outcome, names):
        return _("told %(names)s") % {"names": told}
    if "assignee" in outcome:
        return _("handed over to %(names)s") % {"names": acting_words([outcome["assignee"]], outcome, names)}
    return ""


def acting_words(people: Iterable[int], outcome: Mapping[str, Any], names: Names) -> str:
    """ "Carol; Bob, who stands in for Alice": people by their numbers, and for whom they act."""
    instead_of = dict(outcome.get("instead_of", ()))
    found = [
        _("%(name)s, who stands in for %(absent)s") % {"name": names.user(pk), "absent": names.user(instead_of[pk])}
        if pk in instead_of
        else names.user(pk)
        for pk in people
    ]
    return ("; " if instead_of else ", ").join(found)


PROMISES: Told = {
    "clock.breached": (
        "alarm-clock",
        said(gettext_lazy("A promise was broken: %(clock)s is late"), clock=choice(Clock.Kind, "kind")),
    ),
    "clock.escalated": ("chevrons-up", _escalated),
}
