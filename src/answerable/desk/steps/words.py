"""What a step does, in words: as it was written, and as it went."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext, pgettext_lazy

from answerable.core.rules.span import Span, Unit
from answerable.core.rules.step import ASSIGNEE, LEAD, ME, NOBODY, SOLVER, TEAM, Do, Step
from answerable.desk.details import said
from answerable.desk.happenings import Names, acting_words
from answerable.desk.models import Field, Priority, Status
from answerable.desk.steps.names import Named

LABELS = {
    Do.ASSIGN: pgettext_lazy("a step", "Assign it to"),
    Do.MOVE: pgettext_lazy("a step", "Move it to the team"),
    Do.SET_PRIORITY: pgettext_lazy("a step", "Set the priority"),
    Do.RAISE_PRIORITY: pgettext_lazy("a step", "Raise the priority"),
    Do.SET_STATUS: pgettext_lazy("a step", "Set the status"),
    Do.SNOOZE: pgettext_lazy("a step", "Put it aside for"),
    Do.ADD_TAGS: pgettext_lazy("a step", "Add tags"),
    Do.REMOVE_TAGS: pgettext_lazy("a step", "Take tags off"),
    Do.SET_FIELD: pgettext_lazy("a step", "Fill in a field"),
    Do.COPY: pgettext_lazy("a step", "Put on copy"),
    Do.REPLY: pgettext_lazy("a step", "Write to the customer"),
    Do.NOTE: pgettext_lazy("a step", "Add an internal note"),
    Do.NOTIFY: pgettext_lazy("a step", "Notify"),
    Do.ASK_FOR_RATING: pgettext_lazy("a step", "Ask for a rating"),
    Do.MARK_SPAM: pgettext_lazy("a step", "Mark it as spam"),
}
ICONS = {
    Do.ASSIGN: "user-check",
    Do.MOVE: "users",
    Do.SET_PRIORITY: "flag",
    Do.RAISE_PRIORITY: "chevrons-up",
    Do.SET_STATUS: "circle-dot",
    Do.SNOOZE: "hourglass",
    Do.ADD_TAGS: "tag",
    Do.REMOVE_TAGS: "tag",
    Do.SET_FIELD: "pencil",
    Do.COPY: "users",
    Do.REPLY: "send",
    Do.NOTE: "sticky-note",
    Do.NOTIFY: "bell",
    Do.ASK_FOR_RATING: "star",
    Do.MARK_SPAM: "ban",
    Do.REASSIGN: "forward",
}
WHO = {
    ME: pgettext_lazy("whom a step means", "who applies it"),
    NOBODY: pgettext_lazy("whom a step means", "nobody"),
    SOLVER: pgettext_lazy("whom a step means", "who solved it last"),
    LEAD: pgettext_lazy("whom a step means", "the team’s lead"),
    ASSIGNEE: pgettext_lazy("whom a step means", "its assignee"),
    TEAM: pgettext_lazy("whom a step means", "everybody in its team"),
}
SPANS = {
    Unit.MINUTES: ngettext_lazy("%(n)d minute", "%(n)d minutes", "n"),
    Unit.HOURS: ngettext_lazy("%(n)d hour", "%(n)d hours", "n"),
    Unit.DAYS: ngettext_lazy("%(n)d day", "%(n)d days", "n"),
    Unit.BUSINESS_HOURS: ngettext_lazy("%(n)d business hour", "%(n)d business hours", "n"),
    Unit.BUSINESS_DAYS: ngettext_lazy("%(n)d business day", "%(n)d business days", "n"),
}
UNITS = {
    Unit.MINUTES: gettext_lazy("minutes"),
    Unit.HOURS: gettext_lazy("hours"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.BUSINESS_HOURS: gettext_lazy("business hours"),
    Unit.BUSINESS_DAYS: gettext_lazy("business days"),
}


def span_words(span: Span) -> str:
    """ "3 business days"."""
    return str(SPANS[span.unit] % {"n": span.amount})


def who_words(to: str, named: Named) -> str:
    """Whom a step means."""
    if to.startswith("user:"):
        return named.person(to.removeprefix("user:"))
    if to.startswith("team:"):
        return _("everybody in %(team)s") % {"team": named.team(to.removeprefix("team:"))}
    return str(WHO.get(to, to))


def step_words(step: Step, named: Named) -> str:
    """ "Set the priority: Urgent"."""
    label = str(LABELS[step.do])
    value = _value(step, named)
    return _("%(step)s: %(value)s") % {"step": label, "value": value} if value else label


def _value(step: Step, named: Named) -> str:
    match step.do:
        case Do.ASSIGN:
            return who_words(step.to, named)
        case Do.NOTIFY:
            whom = who_words(step.to, named)
            return _("%(whom)s, saying “%(words)s”") % {"whom": whom, "words": step.text} if step.text else whom
        case Do.MOVE:
            return named.team(step.to)
        case Do.SET_PRIORITY:
            return _priority(step.to)
        case Do.SET_STATUS:
            return _status(step.to)
        case Do.SNOOZE:
            return span_words(Span.of(step.to))
        case Do.SET_FIELD:
            field = named.fields.get(step.to)
            return f"{named.field(step.to)} = {field_words(field, step.text)}"
    return step.text


def field_words(field: Field | None, value: str) -> str:
    """A field's value as readers see it; a dash for none."""
    if not value:
        return "—"
    return said(field, value, "") if field else value


def outcome_words(outcome: Mapping[str, Any], names: Names) -> str:
    """What a step did: "Priority: Normal, now Urgent". `names` have noted the outcome."""
    try:
        do = Do(outcome["do"])
    except (KeyError, ValueError):
        return ""
    label = str(LABELS.get(do, ""))
    if "error" in outcome:
        return _("%(step)s: not done. %(why)s") % {"step": label, "why": outcome["error"]}
    if outcome.get("nothing"):
        return _("%(step)s: nothing to do, it is so already") % {"step": label}
    if "nobody" in outcome:
        return _("%(step)s: there is nobody who could take it") % {"step": label}
    if "no_address" in outcome:
        return _("%(step)s: there is no address to write to") % {"step": label}
    value = _outcome(outcome, names)
    return _("%(step)s: %(value)s") % {"step": label, "value": value} if value else label


def _outcome(outcome: Mapping[str, Any], names: Names) -> str:
    if "told" in outcome:
        return acting_words(outcome["told"], outcome, names) or _("nobody")
    if "assignee" in outcome:
        whom = outcome["assignee"]
        return acting_words([whom], outcome, names) if whom else pgettext("whom a step means", "nobody")
    if "team" in outcome:
        return names.team(outcome["team"])
    if "before" in outcome:
        before, after = Priority(outcome["before"]).label, Priority(outcome["to"]).label
        return _("%(after)s, it was %(before)s") % {"after": after, "before": before}
    if "status" in outcome:
        return _status(outcome["status"])
    if "until" in outcome:
        until = timezone.localtime(datetime.fromisoformat(outcome["until"]))
        return _("until %(time)s") % {"time": date_format(until, "DATETIME_FORMAT")}
    if "field" in outcome:
        return f"{outcome['field']} = {outcome['value'] or '—'}"
    return ", ".join(outcome.get("added") or outcome.get("removed") or outcome.get("copied") or ())


def _priority(key: str) -> str:
    return str(Priority[key.upper()].label) if key.upper() in Priority.names else key


def _status(key: str) -> str:
    return str(Status(key).label) if key in Status.values else key
