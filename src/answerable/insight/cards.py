"""The report's figures in the reader's words: what stands on each card, and what is one click behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from babel.dates import format_interval
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from answerable.measure.conclusions import SENTENCES
from answerable.measure.report import against
from answerable.measure.words import INDICATORS, is_business, number, of_estimate, percent_points
from answerable.web.words import duration as duration_words
from answerable.web.words import reader_locale

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.insight.question import Question
    from answerable.insight.targets import Targets
    from answerable.measure.conclusions import Conclusion
    from answerable.measure.figure import Figure, Group, Indicator
    from answerable.measure.report import Report

NONE = "–"
WAITS = ("first_response", "resolution")
DEFINITIONS = MappingProxyType(
    {
        "first_response": gettext_lazy(
            "Half of the customers had their first answer from a person within this time. Customers who still wait "
            "are counted with the time they have waited so far, so that leaving questions unanswered cannot make "
            "the figure better (Kaplan-Meier); those whose matter was solved without an answer waited until then. "
            "Counted in business hours from the customer's first message, on the "
            "day the customer wrote."
        ),
        "resolution": gettext_lazy(
            "Half of the conversations were solved within this time. Those still open are counted with the time "
            "they have been open so far (Kaplan-Meier). Counted in business hours from the customer's first "
            "message; a conversation that came back counts until it was solved last."
        ),
        "first_response_compliance": gettext_lazy(
            "Of all first answers that fell due, the share given in time. One that never came is missed; one that "
            "is not due yet waits outside, even if it was given early."
        ),
        "next_response_compliance": gettext_lazy(
            "Of all further answers that fell due, the share given in time, counted from the customer's oldest "
            "message without an answer."
        ),
        "resolution_compliance": gettext_lazy(
            "Of all solutions that fell due, the share given in time. Time while it was the customer's turn does "
            "not count where the promise says so."
        ),
        "csat": gettext_lazy(
            "Of the customers who rated a conversation from 1 to 5, the share who gave 4 or 5 (top two box)."
        ),
    }
)


@dataclass(frozen=True)
class Line:
    """A smaller figure beside the main one."""

    label: str
    value: str
    href: str = ""
    interval: str = ""


@dataclass(frozen=True)
class Card:
    """One indicator. `tone` is bad where its target is missed; `verdict` says how it stands to the target."""

    label: str
    value: str
    definition: str
    interval: str
    sample: str
    period: str
    source: str
    href: str
    change: str
    changed: str  # better, worse, or empty where nothing may be claimed
    moved: str  # up or down, as the figure itself has gone; empty where nothing may be claimed
    target: str
    verdict: str  # met, missed, open, or empty without a target
    objective: str
    lines: tuple[Line, ...]
    promises: tuple[Line, ...]

    @property
    def tone(self) -> str:
        """The figure's tone."""
        return "bad" if self.verdict == "missed" else ""


class Words:
    """Values of one report for one reader."""

    def __init__(self, question: Question, report: Report, targets: Targets) -> None:
        self.question, self.report, self.targets = question, report, targets
        self.locale = str(reader_locale())

    def cards(self) -> list[Card]:
        """Every indicator in the report's order."""
        return [self.card(indicator) for indicator in self.report.indicators.values()]

    def card(self, indicator: Indicator) -> Card:
        """One indicator."""
        name, estimate = indicator.name, indicator.total.estimate
        change, changed, moved = self._change(indicator)
        target, verdict = self._target(indicator)
        return Card(
            label=_(INDICATORS[name]),
            value=self.value(estimate),
            definition=str(DEFINITIONS[name]),
            interval=self.interval(estimate),
            sample=self._sample(indicator),
            period=self.period(),
            source=f"{estimate.definition.name}, v{estimate.definition.version}; {estimate.method}",
            href=self.href(indicator.total) if estimate.n else "",
            change=change,
            changed=changed,
            moved=moved,
            target=target,
            verdict=verdict,
            objective=self.targets.sentences.get(name, ""),
            lines=tuple(self._lines(indicator)),
            promises=tuple(self._promise(group) for group in indicator.groups.get("standard", [])),
        )

    def value(self, estimate: Estimate) -> str:
        """The value; “longer than” where fewer than half have ended."""
        if estimate.value is not None:
            return self.said(estimate.value, estimate)
        if estimate.n and estimate.low is not None and estimate.unit == "seconds":
            return f"> {self.said(estimate.low, estimate)}"
        return NONE

    def said(self, value: float, estimate: Estimate, digits: int = 1) -> str:
        """A value as the estimate's kind is said: business time in hours, since a day of it is nobody's day."""
        if estimate.unit == "seconds" and not is_business(estimate):
            return duration_words(timedelta(seconds=value))
        return of_estimate(value, estimate, self.locale, digits)

    def sentence(self, conclusion: Conclusion) -> str:
        """One of the report's conclusions."""
        name = conclusion.indicator
        estimate = self.report.indicators[name].total.estimate
        low = "" if conclusion.low is None else self.said(conclusion.low, estimate)
        change = "" if conclusion.change is None else self._size(conclusion.change, estimate)
        target = self.targets.said.get(name, "")
        words = _(SENTENCES[conclusion.code])
        return words.format(name=_(INDICATORS[name]), change=change, target=target, low=low)

    def _size(self, change: float, estimate: Estimate) -> str:
        """How large a change is, without its sign."""
        if estimate.unit == "seconds":
            return self.said(abs(change), estimate)
        return percent_points(change, self.locale)

    def interval(self, estimate: Estimate) -> str:
        """From low to high, open where the data do not bound it."""
        if estimate.value is None:
            return ""
        low, high = (None if end is None else self.said(end, estimate) for end in (estimate.low, estimate.high))
        if low and high:
            return f"{low} – {high}"
        if low:
            return _("%s or more") % low
        return _("up to %s") % high if high else ""

    def period(self) -> str:
        """First and last day."""
        return period_words(self.question.since, self.question.last)

    def href(self, figure: Figure, outcome: str = "") -> str:
        """Where the conversations behind a figure are listed; those of one outcome, if given."""
        if outcome:
            figure = replace(figure, selection=replace(figure.selection, outcome=outcome))
        return behind(self.question, figure)

    def count(self, n: int) -> str:
        """A count by the reader's locale."""
        return number(n, "count", self.locale)

    def _sample(self, indicator: Indicator) -> str:
        """How many, and of how many."""
        estimate, counts = indicator.total.estimate, indicator.total.counts
        n = self.count(estimate.n)
        if indicator.name in WAITS:
            if not counts["waiting"]:
                return ngettext("%s conversation", "%s conversations", estimate.n) % n
            waiting = self.count(counts["waiting"])
            if estimate.n == 1:
                return _("1 conversation, not ended yet")
            return ngettext(
                "%(n)s conversation, %(waiting)s of them not ended yet",
                "%(n)s conversations, %(waiting)s of them not ended yet",
                estimate.n,
            ) % {"n": n, "waiting": waiting}
        if indicator.name == "csat":
            rate = NONE if estimate.coverage is None else number(estimate.coverage, "share", self.locale)
            words = ngettext(
                "%(n)s rating; %(rate)s of those asked answered",
                "%(n)s ratings; %(rate)s of those asked answered",
                estimate.n,
            )
            return words % {"n": n, "rate": rate}
        words = ngettext("%s promise that fell due", "%s promises that fell due", estimate.n)
        return words % n

    def _change(self, indicator: Indicator) -> tuple[str, str, str]:
        """Against the period before, claiming only what the interval bears."""
        change, before = indicator.change, indicator.before
        if change is None or before is None or change.value is None:
            return _("The period before has nothing to compare with."), "", ""
        was = self.value(before.estimate)
        if not change.distinguishable:
            return _("Not distinguishable from the period before (%s).") % was, "", ""
        waits = change.unit == "seconds"
        better = (change.value < 0) == waits
        if waits:
            words = _("%(change)s longer than in the period before (%(was)s), distinguishable.")
            if change.value < 0:
                words = _("%(change)s shorter than in the period before (%(was)s), distinguishable.")
        else:
            words = _("%(change)s percentage points higher than in the period before (%(was)s), distinguishable.")
            if change.value < 0:
                words = _("%(change)s percentage points lower than in the period before (%(was)s), distinguishable.")
        size = self._size(change.value, indicator.total.estimate)
        said = words % {"change": size, "was": was}
        return said, "better" if better else "worse", "down" if change.value < 0 else "up"

    def _target(self, indicator: Indicator) -> tuple[str, str]:
        """The policy's target and how the figure, by the clock the target means, stands to it."""
        name, verdict = indicator.name, indicator.against_target
        if name not in self.targets.said:
            return "", ""
        if name in self.targets.calendar:
            verdict = against(name, self.report.other_clock[name].estimate, self.targets.calendar[name])
        return self.targets.said[name], {"met": "met", "missed": "missed", None: ""}.get(verdict, "open")

    def _lines(self, indicator: Indicator) -> list[Line]:
        """What qualifies the main figure."""
        if indicator.name in WAITS:
            return self._waits(indicator)
        counts = indicator.total.counts
        if indicator.name == "csat":
            mean = indicator.total.beside["mean"]
            satisfied = counts["score_4"] + counts["score_5"]
            rated = sum(counts[f"score_{score}"] for score in range(1, 6))
            return [
                Line(_("Mean of 1 to 5"), *self._score(mean)),
                self._part(indicator.total, "satisfied", _("Satisfied (4 and 5)"), satisfied),
                self._part(indicator.total, "dissatisfied", _("Others (1 to 3)"), rated - satisfied),
                self._part(indicator.total, "unanswered", _("Asked, no answer"), counts["unanswered"]),
            ]
        return [
            self._part(indicator.total, "met", _("In time"), counts["met"]),
            self._part(indicator.total, "missed", _("Missed"), counts["missed"]),
            self._part(indicator.total, "not_due", _("Not due yet"), counts["not_due"]),
        ]

    def _waits(self, indicator: Indicator) -> list[Line]:
        beside, total = indicator.total.beside, indicator.total
        calendar = self.report.other_clock[indicator.name].estimate
        answered = _("Answered") if indicator.name == "first_response" else _("Solved")
        waiting = _("Still without an answer") if indicator.name == "first_response" else _("Still open")
        without = total.counts.get("settled", 0)
        settled = [self._part(total, "settled", _("Solved without an answer"), without)] if without else []
        return [
            Line(_("By the calendar"), self.value(calendar), interval=self.interval(calendar)),
            Line(_("Nine of ten within"), self.value(beside["p90"]), interval=self.interval(beside["p90"])),
            Line(_("Naive median, ended ones only"), self.value(beside["naive_p50"])),
            self._part(total, "ended", answered, total.counts["ended"]),
            *settled,
            self._part(total, "waiting", waiting, total.counts["waiting"]),
        ]

    def _part(self, figure: Figure, outcome: str, label: str, n: int) -> Line:
        """A part of a figure's conversations, leading to them."""
        return Line(label, self.count(n), self.href(figure, outcome) if n else "")

    def _promise(self, group: Group) -> Line:
        """A promise's sentence and the share kept."""
        estimate = group.figure.estimate
        label = group.label or str(group.key)
        return Line(label, self.value(estimate), self.href(group.figure), self.interval(estimate))

    def _score(self, estimate: Estimate) -> tuple[str, str, str]:
        """A mean score, no address, and its interval, with two decimals."""
        value, low, high = (
            NONE if each is None else self.said(each, estimate, 2)
            for each in (estimate.value, estimate.low, estimate.high)
        )
        return value, "", f"{low} – {high}" if NONE not in (low, high) else ""


def period_words(first: date, last: date) -> str:
    """First and last day, such as Nov 1, 2026 – Nov 21, 2026."""
    return str(format_interval(first, last, "yMMMd", locale=reader_locale()))


def behind(question: Question, figure: Figure) -> str:
    """The address of the conversations a figure is made of, by days, filters, indicator, group and outcome."""
    selection = figure.selection
    last = selection.until - timedelta(days=1)
    query = {"first": selection.since.isoformat(), "last": last.isoformat(), **question.filter_query()}
    query |= {"kpi": selection.kpi, "outcome": selection.outcome}
    if selection.dimension is not None:
        query["by"] = selection.dimension
        if selection.key is not None:
            query["key"] = str(selection.key)
    return f"{reverse('report-conversations')}?{urlencode(query)}"
