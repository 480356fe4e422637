"""What rules say and did, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from answerable.core.criteria import DATES, SPANS, Check, Node, group_of
from answerable.core.rules.span import Span
from answerable.core.rules.trigger import ANSWERED, DUE, UNANSWERED, OnEvent, OnSchedule, OnTime, Trigger
from answerable.desk.rules.fields import OPERATORS, Kind, asked
from answerable.desk.steps.names import Named
from answerable.desk.steps.words import span_words
from answerable.web.words import reader

EVENTS = {
    "opened": gettext_lazy("A conversation begins"),
    "received": gettext_lazy("The customer writes"),
    "answered": gettext_lazy("A colleague answers"),
    "noted": gettext_lazy("A note is added"),
    "status": gettext_lazy("The status changes"),
    "priority": gettext_lazy("The priority changes"),
    "assigned": gettext_lazy("It is assigned to somebody, or to nobody"),
    "moved": gettext_lazy("It moves to another team"),
    "tagged": gettext_lazy("Its tags change"),
    "detailed": gettext_lazy("Its fields change"),
    "snoozed": gettext_lazy("It is put aside"),
    "woken": gettext_lazy("It comes back into the queues"),
    "rated": gettext_lazy("The customer rates it"),
    "complained": gettext_lazy("The customer complains"),
    "breached": gettext_lazy("A promise is broken"),
}
SINCE = {
    "new": gettext_lazy("It has been new for"),
    "open": gettext_lazy("It has been open for"),
    "pending": gettext_lazy("It has been pending for"),
    "on_hold": gettext_lazy("It has been on hold for"),
    "solved": gettext_lazy("It has been solved for"),
    UNANSWERED: gettext_lazy("The customer has waited for"),
    ANSWERED: gettext_lazy("The customer has not answered for"),
    DUE: gettext_lazy("A promise falls due within"),
}
MODES = {
    "all": pgettext_lazy("conditions", "All of these hold"),
    "any": pgettext_lazy("conditions", "One of these holds"),
    "none": pgettext_lazy("conditions", "None of these holds"),
}
CAUSES = {"schedule": gettext_lazy("A set time came"), "due": gettext_lazy("A promise was about to fall due")}


def trigger_words(trigger: Trigger) -> str:
    """ "The priority changes"; "It has been pending for: 3 business days"."""
    match trigger:
        case OnEvent(events):
            return " · ".join(str(EVENTS[event]) for event in events)
        case OnTime(since, span):
            return _("%(since)s: %(span)s") % {"since": SINCE[since], "span": span_words(span)}
        case OnSchedule(days, at):
            named = ", ".join(str(WEEKDAYS[day]) for day in days)
            return _("At %(time)s on %(days)s") % {"time": reader().time_of_day(at), "days": named}
    return ""


def condition_lines(node: Node, named: Named, depth: int = 0) -> list[tuple[int, str]]:
    """The tree, a line each, with how deep it stands."""
    if isinstance(node, Check):
        return [(depth, check_words(node.field, node.operator, node.values, named))]
    joins, parts = group_of(node)
    if not parts:
        return [] if depth == 0 else [(depth, str(MODES[joins]))]
    inner = [line for part in parts for line in condition_lines(part, named, depth + 1)]
    if joins == "all" and depth == 0:
        return [(level - 1, words) for level, words in inner]
    return [(depth, str(MODES[joins])), *inner]


def check_words(field: str, operator: str, values: Sequence[str], named: Named) -> str:
    """ "Priority is one of: High, Urgent"."""
    found = asked(field, named)
    if found is None:
        return _("A field that is gone")
    kind = found.kind if operator in OPERATORS[found.kind] else Kind.TEXT
    said = time_words(operator, values[0]) or ", ".join(value_words(field, value, named) for value in values)
    return _("%(field)s %(operator)s: %(values)s") % {
        "field": found.label,
        "operator": OPERATORS[kind].get(operator, operator),
        "values": said,
    }


def time_words(operator: str, value: str) -> str:
    """A date or a span as readers see it; nothing for other questions."""
    if operator in SPANS:
        return span_words(Span.of(value))
    return date_format(date.fromisoformat(value), "DATE_FORMAT") if operator in DATES else ""


def value_words(field: str, value: str, named: Named) -> str:
    """A value as readers see it."""
    found = asked(field, named)
    choices = dict(found.choices(named)) if found and found.choices else {}
    return str(choices.get(value, value)) or _("nothing")


def seen_words(seen: Mapping[str, Any], named: Named) -> str:
    """What a check saw: "it was: Urgent"."""
    saw = ", ".join(value_words(seen["field"], value, named) for value in seen["saw"]) or _("nothing")
    return _("it was: %(value)s") % {"value": saw}
