"""A clock accounted for: every stretch of time, counted or not, and why; which promise, and why that one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from answerable.core.clock import Explanation, SpanKind
from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, Standard
from answerable.core.policy.words import reason_words, within_words
from answerable.desk import happenings
from answerable.desk.actions.planning import arithmetic_of
from answerable.desk.happenings import outcome_words
from answerable.desk.hours import promised
from answerable.desk.models import Clock
from answerable.events.models import Event, noun
from answerable.policy.names import SPANS, Names, hours_name, step_words
from answerable.policy.running import compiled

MOVED = "clock.moved"
CAME = _("It was promised in conversation #%(number)s, which was merged into this one; it fell due first and goes on.")
CAME_BACK = _("It came back from conversation #%(number)s, since that was undone.")
ENDED: Mapping[str, Promise] = {
    "merged": _("It ended as two conversations became one: the other promise of its kind fell due first, and counts."),
    "split": _("It ended as its message went to another conversation, where it is promised anew."),
    "move": _("It ended as its message went to another conversation, where it is promised anew."),
    "undone": _("It ended as what it had begun by was undone."),
    "spam": _("It ended as the conversation was marked as spam."),
    "solved_without_an_answer": _("It ended as the conversation was solved without an answer."),
    "the_answer_before_was_taken_back": _(
        "It ended as the answer before it was taken back: the older promise goes on."
    ),
}
"""Why a promise counts nowhere: see `clocks.cancel`."""


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
class Turn:
    """Where it ended without counting, or went along with the messages that it began with."""

    at: datetime
    words: str


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
    turns: tuple[Turn, ...]


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
        turns=tuple(_turns(clock)),
    )


def _turns(clock: Clock) -> Iterator[Turn]:
    """In the order they happened. Of a clock that went on after all the last word counts."""
    told = Event.objects.filter(root=noun(clock.conversation), subject=noun(clock), verb__in=("clock.cancelled", MOVED))
    for event in told.order_by("id"):
        because = str(event.particulars.get("because"))
        if event.verb == MOVED:
            number = {"number": event.particulars.get("source")}
            words = CAME_BACK if because == "undone" else CAME
            yield Turn(event.at, str(words) % number)
        elif clock.state == Clock.State.CANCELLED and because in ENDED:
            yield Turn(event.at, str(ENDED[because]))
