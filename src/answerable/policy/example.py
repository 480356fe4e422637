"""What a version promises to an example conversation: which standards, due when, who is told, what agents do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext as _

from answerable.core.calendar import NeverOpen
from answerable.core.clock import SpanKind
from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, Considered, Match, Policy, Verdict
from answerable.core.policy.words import reason_words, within_words
from answerable.policy.editing.line import Deed, Line, line_of
from answerable.policy.forms.parts.conditions import LABELS
from answerable.policy.names import CLOCKS, SPANS, Names, hours_name, step_words
from answerable.web.words import reader

MOST_STRETCHES = 24


@dataclass(frozen=True)
class Stretch:
    """A span between the beginning and the due time. `name` is a holiday's."""

    start: datetime
    end: datetime
    counts: bool
    words: str
    name: str
    length: timedelta


@dataclass(frozen=True)
class Due:
    """One clock that would begin. Without a standard nothing is promised; `others` say why not they."""

    clock: str
    key: str
    sentence: str
    within: str
    hours: str
    time_zone: str
    due_at: datetime | None
    reason: str
    stretches: tuple[Stretch, ...]
    line: Line
    others: tuple[tuple[str, str], ...]
    """Promises of the same clock that don't apply, each with the reason."""


@dataclass(frozen=True)
class Steps:
    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    dues: tuple[Due, ...]
    procedures: tuple[Steps, ...]
    region: str
    tone: str


def example_of(policy: Policy, facts: Facts, at: datetime, names: Names) -> Example:
    """Everything that would follow if such a conversation began at `at`, in the reader's language."""
    language = get_language() or policy.language
    region = policy.region(facts.region)
    return Example(
        dues=tuple(_due(policy, kind, facts, at, names) for kind in ClockKind),
        procedures=tuple(
            Steps(each.title_in(language), each.steps_in(language)) for each in policy.procedures_for(facts)
        ),
        region=region.title_in(language) if region else "",
        tone=region.tone_in(language) if region else "",
    )


def _due(policy: Policy, kind: ClockKind, facts: Facts, at: datetime, names: Names) -> Due:
    match = policy.standard_for(kind, facts)
    clock = str(CLOCKS[kind])
    if match is None:
        others = tuple(
            (each.promise_in(get_language() or ""), _not_for(each.when.failing(facts) or ""))
            for each in policy.standards.values()
            if each.clock == kind
        )
        return Due(clock, "", "", "", "", "", None, "", (), line_of(()), others)
    standard, language = match.standard, get_language() or policy.language
    arithmetic = policy.clock(standard, at)
    try:
        due_at = arithmetic.due_at
    except NeverOpen:
        due_at = None
    spans = arithmetic.explain(due_at).spans if due_at else ()
    return Due(
        clock=clock,
        key=standard.key,
        sentence=standard.promise_in(language),
        within=within_words(standard.within, ngettext=ngettext),
        hours=hours_name(policy, standard.hours),
        time_zone=policy.calendar(standard).time_zone,
        due_at=due_at,
        reason=reason_words(match, language=language, gettext=gettext, say=names.say),
        stretches=tuple(
            Stretch(span.start, span.end, span.kind is SpanKind.COUNTED, str(SPANS[span.kind]), span.name, span.length)
            for span in spans[:MOST_STRETCHES]
        ),
        line=_line(policy, match, at, names),
        others=tuple((each.standard.promise_in(language), _why_not(each)) for each in match.others),
    )


def _line(policy: Policy, match: Match, at: datetime, names: Names) -> Line:
    """The escalation in the order of time, each step at the moment it would come."""
    clock = policy.clock(match.standard, at)

    def moment(percent: int) -> str:
        try:
            reached = clock.reached_at(percent / 100)
        except NeverOpen:
            reached = None
        return reader().moment(reached) if reached else _("never")

    steps = policy.escalations(match.standard)
    return line_of((Deed(step.percent, str(step.do), step_words(step, names)) for step in steps), moment)


def _why_not(considered: Considered) -> str:
    match considered.verdict:
        case Verdict.OTHER_FACTS:
            return _not_for(considered.field)
        case Verdict.LESS_SPECIFIC:
            return _("it is less specific")
    return _("it comes later in the document")


def _not_for(field: str) -> str:
    label = str(LABELS[field]) if field in LABELS else field
    return _("it is for another %(field)s") % {"field": label.lower()}
