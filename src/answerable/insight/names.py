"""What readers call the groups of a report: keys of the facts in, words out."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, When
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from answerable.customers.models import Segment
from answerable.desk.models import Priority
from answerable.measure.words import INDICATORS
from answerable.people.models import Team
from answerable.policy.models import Version
from answerable.policy.running import compiled
from answerable.web.channels import channel_names

if TYPE_CHECKING:
    from answerable.insight.question import Question
    from answerable.measure.figure import Group, Selection
    from answerable.measure.report import Report

OUTCOMES = MappingProxyType(
    {
        "ended": _("only those that ended"),
        "waiting": _("only those that still wait"),
        "settled": _("solved without an answer"),
        "due": _("fell due"),
        "met": _("in time"),
        "missed": _("missed"),
        "not_due": _("not due yet"),
        "rated": _("rated"),
        "satisfied": _("satisfied"),
        "dissatisfied": _("not satisfied"),
        "not_applicable": _("not applicable"),
        "unanswered": _("asked, no answer"),
    }
)
_NEWEST_VERSIONS = 20


def channels() -> list[str]:
    """Keys of those that conversations come in by."""
    return [*settings.CHANNELS, *settings.ANSWERED_BY]


def narrowed(question: "Question", selection: "Selection") -> list[str]:
    """What the conversations behind a figure are narrowed to, in words."""
    found = filters_in_words(question)
    if selection.outcome != "all":
        found.append(str(OUTCOMES.get(selection.outcome, selection.outcome)))
    if selection.dimension is not None:
        key = "" if selection.key is None else str(selection.key)
        found.append(names_of(selection.dimension).get(key, key) or str(_("none")))
    return found


def filters_in_words(question: "Question") -> list[str]:
    """What the reader has chosen besides days."""
    found = [str(question.team)] if question.team is not None else []
    for name in ("channel", "segment", "language"):
        field: Any = question.form.fields[name]
        found += [str(label) for key, label in field.choices if key and key == getattr(question, name)]
    return found


def names_of(dimension: str) -> Mapping[str, str]:
    """What the keys of a dimension are called in the reader's language; empty where they are their own names."""
    if dimension == "team_id":
        return {str(pk): name for pk, name in Team.objects.values_list("pk", "name")}
    if dimension == "segment":
        return dict(Segment.objects.values_list("key", "name"))
    if dimension == "standard":
        return promises()
    if dimension == "channel":
        return channel_names()
    if dimension == "language":
        return {key: str(name) for key, name in settings.LANGUAGES}
    return {each.name.lower(): str(each.label) for each in Priority} if dimension == "priority" else {}


def measure_name(measure: str) -> str:
    """What the measure of a data error is called."""
    return gettext(INDICATORS[measure]) if measure in INDICATORS else gettext("The promises")


def promises() -> dict[str, str]:
    """The sentence of each standard, in the reader's language: as the policy in force says it, else as the newest."""
    found: dict[str, str] = {}
    is_tried = Case(When(state=Version.State.IN_FORCE, then=False), default=True)
    versions = Version.objects.that_ran().order_by(is_tried, "-number")
    for pk in versions.values_list("pk", flat=True)[:_NEWEST_VERSIONS]:
        policy = compiled(pk)
        for key, standard in policy.standards.items():
            found.setdefault(key, standard.promise_in(get_language() or policy.language))
    return found


def named(report: "Report") -> "Report":
    """The report with its groups called as the reader calls them."""
    dimensions = {by for indicator in report.indicators.values() for by in indicator.groups if by != "team_id"}
    names = {dimension: names_of(dimension) for dimension in dimensions}
    indicators = {
        name: replace(
            indicator, groups={by: _named(groups, names.get(by, {})) for by, groups in indicator.groups.items()}
        )
        for name, indicator in report.indicators.items()
    }
    return replace(report, indicators=indicators)


def _named(groups: "list[Group]", names: Mapping[Any, str]) -> "list[Group]":
    return [replace(group, label=names.get(group.key, group.label)) for group in groups]
