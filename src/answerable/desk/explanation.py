"""A clock accounted for: every stretch of time, counted or not, and why; which promise, and why that one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext, ngettext

from answerable.core.clock import Explanation, SpanKind
from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, Standard
from answerable.core.policy.words import reason_words, within_words
from answerable.desk import happenings
from answerable.desk.actions.planning import arithmetic_of
from answerable.desk.happenings import outcome_words
from answerable.desk.hours import promised
from answerable.desk.models import Clock
from answerable.policy.names import SPANS, Names, hours_name, step_words
from answerable.policy.running import compiled


@dataclass(frozen=True)
class Stretch:
    """One span of the clock's life. `name` is a holiday's."""

    start: datetime
    end: datetime
    counts: bool
    words: str
    name: str
    length: timedelta


@dataclass(frozen=True)
class Rung:
    """A step of the escalation: planned, fired, or no longer needed."""

    percent: int
    words: str
    planned_at: datetime | None
    fired_at: datetime | None
    outcome: str  # whom it reached


@dataclass(frozen=True)
class Account:
    """Everything about one clock that its page shows."""

    standard: Standard
    sentence: str
    within: str
    hours: str
    time_zone: str
    reason: str
    explanation: Explanation
    stretches: tuple[Stretch, ...]
    rungs: tuple[Rung, ...]


def account_of(clock: Clock, *, at: datetime) -> Account:
    """Account for the clock until `at`, or until it stopped."""
    policy = compiled(clock.version_id)
    standard = promised(clock)
    match = policy.standard_for(ClockKind(clock.kind), Facts(**clock.facts))
    explanation = arithmetic_of(clock).explain(at)
    steps, names = policy.escalations(standard), Names()
    planned, people = list(clock.escalations.order_by("step")), happenings.Names()
    for row in planned:
        people.note_outcome(row.outcome)
    language = get_language() or policy.language
    return Account(
        standard=standard,
        sentence=standard.promise_in(language),
        within=within_words(standard.within, ngettext=ngettext),
        hours=hours_name(policy, standard.hours),
        time_zone=policy.calendar(standard).time_zone,
        reason=reason_words(match, language=language, gettext=gettext, say=names.say) if match else "",
        explanation=explanation,
        stretches=tuple(
            Stretch(span.start, span.end, span.kind is SpanKind.COUNTED, str(SPANS[span.kind]), span.name, span.length)
            for span in explanation.spans
        ),
        rungs=tuple(
            Rung(
                percent=int(row.share * 100),
                words=step_words(steps[row.step], names),
                planned_at=row.fires_at,
                fired_at=row.fired_at,
                outcome=outcome_words(row.outcome, people),
            )
            for row in planned
            if row.step < len(steps)
        ),
    )
