"""The waits that customers were told, against those they had: one more card of the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from answerable.core.foretold import MEANT, Tally, Truth, truth
from answerable.desk.routing.told import OUTCOMES, Those, tallies
from answerable.insight.cards import NONE, Card, Line
from answerable.measure.words import duration, number

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.insight.cards import Words
    from answerable.insight.question import Question

DEFINITION = gettext_lazy(
    "Who begins a chat is told how long an answer takes. How far that lay from the wait they then had, on average, "
    "whether too long or too short was told. The bias is what is left when both are set against each other: below "
    "zero, customers waited longer than they were told. Who went without an answer is left out of both."
)
PARTS = {
    "all": OUTCOMES,
    "answered": ("within", "outside"),
    "within": ("within",),
    "waiting": ("waiting", "overdue"),
    "overdue": ("overdue",),
    "left": ("left",),
}
"""Which customers a list shows."""


@dataclass(frozen=True)
class Told:
    """A period and the one before it."""

    tally: Tally
    before: Tally

    @property
    def is_used(self) -> bool:
        """Whether anybody was told anything: without a chat nobody is."""
        return bool(self.tally.told or self.before.told)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values under stable keys."""
        found, tally = truth(self.tally), self.tally
        counts = {name: getattr(tally, name) for name in OUTCOMES}
        estimates = {"error": found.error, "bias": found.bias, "within": found.within}
        return {name: each.as_dict() for name, each in estimates.items()} | {"counts": counts}


def told(question: Question) -> Told:
    """In the reader's teams. One query, and one for a team with those below it."""
    before, tally = tallies(*asked(question, with_period_before=True))
    return Told(tally, before)


def asked(question: Question, *, with_period_before: bool = False) -> tuple[Those, datetime]:
    """Who is asked about, and from when on the period is."""
    from answerable.measure.period import Period

    period = Period(question.since, question.until, question.zone)
    start, end = (datetime.fromtimestamp(each, UTC) for each in period.instants)
    first = datetime.fromtimestamp(period.before().instants[0], UTC) if with_period_before else start
    filters = question.filters
    teams = filters.pop("team_id", question.visible_teams)
    return Those(
        [int(each) for each in teams], first, end, {name: str(each[0]) for name, each in filters.items()}
    ), start


def card(words: Words, told: Told) -> Card:
    """The error, and beside it the bias and how many waited as told."""
    found, question = truth(told.tally), words.question
    change, changed, moved = _change(words, found, truth(told.before))
    return Card(
        label=_("Error of the wait that was told"),
        value=_value(words, found.error),
        definition=str(DEFINITION),
        interval=_interval(words, found.error),
        sample=_sample(words, told.tally),
        period=words.period(),
        source=f"{found.error.definition.name}, v{found.error.definition.version}; {found.error.method}",
        href=_href(question, "answered") if told.tally.answered else "",
        change=change,
        changed=changed,
        moved=moved,
        target="",
        verdict="",
        objective="",
        lines=tuple(_lines(words, told.tally, found)),
        promises=(),
    )


def _lines(words: Words, tally: Tally, found: Truth) -> list[Line]:
    meant = {"share": number(MEANT, "share", words.locale, 0)}
    within = Line(
        _("Waited as long as told (%(share)s if all is well)") % meant,
        words.value(found.within),
        _href(words.question, "within") if tally.within else "",
        words.interval(found.within),
    )
    parts = (
        ("answered", _("Answered"), tally.answered),
        ("waiting", _("Still without an answer"), tally.waiting + tally.overdue),
        ("overdue", _("Waiting longer than told"), tally.overdue),
        ("left", _("Went without an answer"), tally.left),
    )
    return [
        Line(_bias(found.bias), _value(words, found.bias, sign=True), "", _interval(words, found.bias, sign=True)),
        within,
        *(Line(label, words.count(n), _href(words.question, part) if n else "") for part, label, n in parts),
    ]


def _bias(bias: Estimate) -> str:
    """What may be said of it: nothing, where the interval holds zero."""
    if bias.high is not None and bias.high < 0:
        return _("Bias: told too short")
    if bias.low is not None and bias.low > 0:
        return _("Bias: told too long")
    return _("Bias: none distinguishable")


def _value(words: Words, estimate: Estimate, *, sign: bool = False) -> str:
    """To the second: what is told is minutes, and what it is off is part of one."""
    return NONE if estimate.value is None else _seconds(words, estimate.value, sign=sign)


def _interval(words: Words, estimate: Estimate, *, sign: bool = False) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return " – ".join(_seconds(words, each, sign=sign) for each in (estimate.low, estimate.high))


def _seconds(words: Words, value: float, *, sign: bool) -> str:
    whole = round(value)
    before = "\N{MINUS SIGN}" if whole < 0 else "+" if whole > 0 and sign else ""
    return before + duration(abs(whole), words.locale)


def _sample(words: Words, tally: Tally) -> str:
    said = {"told": words.count(tally.told), "answered": words.count(tally.answered)}
    return (
        ngettext(
            "%(told)s customer was told a wait; answered: %(answered)s",
            "%(told)s customers were told a wait; answered: %(answered)s",
            tally.told,
        )
        % said
    )


def _change(words: Words, found: Truth, before: Truth) -> tuple[str, str, str]:
    """Against the period before, claiming only what the interval bears."""
    from answerable.core.estimates import difference

    if not (found.error.known and before.error.known):
        return _("The period before has nothing to compare with."), "", ""
    was, change = _value(words, before.error), difference(found.error, before.error)
    if not change.distinguishable or change.value is None:
        return _("Not distinguishable from the period before (%s).") % was, "", ""
    said = {"change": _seconds(words, abs(change.value), sign=False), "was": was}
    if change.value < 0:
        return _("%(change)s less than in the period before (%(was)s), distinguishable.") % said, "better", "down"
    return _("%(change)s more than in the period before (%(was)s), distinguishable.") % said, "worse", "up"


def _href(question: Question, part: str) -> str:
    query = {"first": question.since.isoformat(), "last": question.last.isoformat(), **question.filter_query()}
    return f"{reverse('report-waits')}?{urlencode({**query, 'part': part})}"
