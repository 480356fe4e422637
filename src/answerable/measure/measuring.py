"""Which indicators there are, what each needs, and the figures of those that the facts can answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answerable.core.engagement import FLOOR
from answerable.measure.figure import Absent, Figure
from answerable.measure.frame import BEFORE, TOTAL, Frame
from answerable.measure.groups import Counted, Raw, counted, together
from answerable.measure.kpi import answers, compliance, csat, engagement, quality, retention, servqual, waiting
from answerable.measure.kpi.conversations import Conversations
from answerable.measure.period import CUTS
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

SIX = ("csat", "nps", "first_response", "retention", "servqual", "engagement")
DESK = ("first_response", "resolution", *compliance.NAMES, "csat")
EVERY = tuple(dict.fromkeys((*SIX, "ces", *DESK, *quality.NAMES)))

NEEDS = {
    "csat": gettext_noop("ratings from 1 to 5"),
    "nps": gettext_noop("answers from 0 to 10 to the question of recommending"),
    "ces": gettext_noop("answers from 1 to 7 to how easy it was"),
    "first_response": gettext_noop("when each conversation began and when it was first answered"),
    "resolution": gettext_noop("when each conversation was solved"),
    "retention": gettext_noop("what customers did on which day: customer and date"),
    "servqual": gettext_noop("pairs of expectation and perception"),
    "engagement": gettext_noop("answers of an engagement survey, 1 to 5"),
    **dict.fromkeys(compliance.NAMES, gettext_noop("what was promised, and when it fell due")),
    quality.REOPENED: gettext_noop("when conversations were solved and how often they were opened again"),
    quality.REFUNDS: gettext_noop("amounts, with refunds below zero"),
    quality.RETURNED: gettext_noop("a column that says whether something was sent back"),
    quality.REFUNDED: gettext_noop("a column of money given back"),
}
MADE = {"first_response": {"first_response"}, "resolution": {"resolution", quality.REOPENED}}
"""What is made of each wait."""
REASON = gettext_noop("these facts do not have it")

Detail = retention.RetentionDetail | servqual.ServqualDetail | engagement.EngagementDetail


@dataclass(frozen=True, slots=True)
class Options:
    """What the facts do not tell about themselves.

    `scale` is SERVQUAL's (guessed where None), `weights` points per dimension that sum to 100 (else those of the
    respondents), `reverse` the engagement items where disagreeing is good, `floor` the size of group under which
    engagement is hidden, `hard_is_high` the polarity of CES, `lapse_days` after how long a customer is lost
    (the period's length where None). `unanswerable` says of indicators why the facts cannot answer them though
    their table is there: no column said when conversations were answered.
    """

    scale: tuple[float, float] | None = None
    weights: Mapping[str, float] | None = None
    reverse: frozenset[str] = frozenset()
    floor: int = FLOOR
    hard_is_high: bool = False
    lapse_days: int | None = None
    unanswerable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of every indicator that could be measured, and the conversations they are of.

    Waiting times are still being counted: `waits()` has their figures, and those by the other clock, when they are.
    """

    found: dict[str, Raw]
    details: dict[str, Detail]
    conversations: Conversations | None
    waits: Callable[[], tuple[dict[str, Raw], dict[str, Figure]]]


def absent(measures: Iterable[str], found: Collection[str], options: Options) -> dict[str, Absent]:
    """The measures wanted and not found."""
    return {
        name: Absent(name, options.unanswerable.get(name, REASON), NEEDS[name])
        for name in measures
        if name not in found
    }


def measure(of: Measuring, measures: Collection[str], clock: str, waits: Conversations | None = None) -> Measured:
    """The figures of the indicators wanted. Raises ValueError on one that there is none of."""
    unknown = [name for name in measures if name not in NEEDS]
    if unknown:
        raise ValueError(f"There is no indicator {unknown[0]!r}.")
    of.wanted = frozenset(measures) - set(of.options.unanswerable)
    others = (Measuring.surveys, Measuring.customers, Measuring.scores, Measuring.promises, Measuring.returns)
    with ThreadPoolExecutor(2) as beside:
        begun = [beside.submit(of.beside, each) for each in others] if of.facts.shared else []
        rows = waits or of.conversations([name for name, made in MADE.items() if not made.isdisjoint(measures)])
        finish = of.waits(clock, rows)
        of.reopened(rows)
        for each in begun:
            each.result()
        for ask in () if begun else others:
            ask(of)
    return Measured(of.found, of.details, rows, finish)


@dataclass(slots=True)
class Measuring:
    """One report in the making: each method adds the figures of some indicators to `found`, and to `errors` how many
    rows of the period have which error, where it came to know."""

    facts: Facts
    period: Period
    before: Period | None
    group_by: tuple[str, ...]
    options: Options
    judged: bool = False
    wanted: frozenset[str] = frozenset()
    found: dict[str, Raw] = field(default_factory=dict)
    details: dict[str, Detail] = field(default_factory=dict)
    errors: dict[str, dict[int, int]] = field(default_factory=dict)

    def beside(self, ask: Callable[[Measuring], None]) -> None:
        """Add what `ask` does by a connection of its own, while others ask: binding and planning a question, of which a
        small report mostly consists, take one processor each."""
        with self.facts.beside() as facts:
            ask(replace(self, facts=facts))

    @property
    def ends(self) -> list[str]:
        """The period, and the one before."""
        return [TOTAL, BEFORE] if self.before else [TOTAL]

    def split(self, columns: Sequence[str], *more: str) -> tuple[list[str], list[str], list[str]]:
        """The dimensions that a table can be grouped by, those among them that are its columns, and the cuts."""
        wanted = dict.fromkeys((*self.group_by, *more))
        dimensions = [each for each in wanted if each in CUTS or each in columns]
        columns = [each for each in dimensions if each not in CUTS]
        return dimensions, columns, [each for each in dimensions if each in CUTS]

    def conversations(self, waits: Collection[str], *, hours: bool = False) -> Conversations | None:
        """The conversations of both periods, with these waits, and `hours` where it is asked when customers write."""
        if self.facts.conversations is None:
            return None
        _, columns, _ = self.split(self.facts.conversations.columns)
        return Conversations(self.facts, self.period, self.before, columns, waits, hours=hours)

    def waits(self, clock: str, rows: Conversations | None) -> Callable[[], tuple[dict[str, Raw], dict[str, Figure]]]:
        """Begin to reckon the waiting times: numpy counts while the engine goes on. Call the result to have them."""
        names = [name for name in waiting.WAITS if name in self.wanted]
        if self.facts.conversations is None or rows is None:
            return lambda: ({}, {})
        dimensions, _, _ = self.split(self.facts.conversations.columns)
        other = "calendar" if clock == "business" else "business"
        asked = [(clock, dimension) for dimension in (*(dimensions or [TOTAL]), *self.ends[1:])] + [(other, TOTAL)]
        pool = ThreadPoolExecutor(2)
        running = {
            name: [
                pool.submit(
                    waiting.figures, rows, waiting.WAITS[name], by, dimension,
                    total=bool(dimensions) and number == 0, judged=self.judged,
                )
                for number, (by, dimension) in enumerate(asked)
            ]
            for name in names
        }  # fmt: skip
        pool.shutdown(wait=False)

        def finish() -> tuple[dict[str, Raw], dict[str, Figure]]:
            ended = {name: [each.result() for each in parts] for name, parts in running.items()}
            return (
                {name: together(parts[:-1]) for name, parts in ended.items()},
                {name: parts[-1].figures[TOTAL][0][1] for name, parts in ended.items()},
            )

        return finish

    def promises(self) -> None:
        """Compliance with the standard."""
        names = [name for name in compliance.NAMES if name in self.wanted]
        if self.facts.clocks is None or not names:
            return
        dimensions, columns, cuts = self.split(self.facts.clocks.columns, "standard")
        frame, self.errors["compliance"] = compliance.fetch(self.facts, self.period, self.before, columns, cuts)
        for name in names:
            cells = compliance.of_kind(frame, compliance.NAMES[name])
            self._count(cells, compliance.compliance(name), dimensions)

    def scores(self) -> None:
        """CSAT: of ratings, and of surveys."""
        if self.facts.ratings is None or csat.NAME not in self.wanted:
            return
        dimensions, columns, cuts = self.split(self.facts.ratings.columns)
        frame, errors = csat.fetch(self.facts, self.period, self.before, columns, cuts)
        if errors is not None:
            self.errors[csat.NAME] = errors
        asked = self.facts.asked and csat.NAME not in self.facts.instruments
        self._count(frame, csat.csat(asked=asked), dimensions)

    def surveys(self) -> None:
        """NPS, CES, SERVQUAL and engagement, of those instruments that were asked."""
        if self.facts.answers is None:
            return
        dimensions, columns, cuts = self.split(self.facts.answers.columns)
        asked = [name for name in self.wanted if name in self.facts.instruments]
        around = (self.facts, self.period, self.before, columns, cuts)
        for name, of in (("nps", answers.nps()), ("ces", answers.ces(hard=self.options.hard_is_high))):
            if name in asked:
                frame = answers.fetch(self.facts, name, self.period, self.before, columns, cuts)
                self._count(frame, of, dimensions)
        if servqual.NAME in asked:
            pairs = servqual.fetch(*around, scale=self.options.scale, weights=self.options.weights)
            if pairs is not None:
                self.found[servqual.NAME] = servqual.figures(pairs, [*self.ends, *dimensions], judged=self.judged)
                self.details[servqual.NAME] = servqual.detail(pairs)
        if engagement.NAME in asked:
            reverse, floor = self.options.reverse, self.options.floor
            staff = engagement.fetch(*around, reverse)
            self.found[engagement.NAME] = engagement.figures(
                staff, [*self.ends, *dimensions], floor=floor, judged=self.judged
            )
            self.details[engagement.NAME] = engagement.detail(staff, reverse, floor)

    def customers(self) -> None:
        """Retention, by month whatever the cut of the others: few customers come every day."""
        if self.facts.activity is None or retention.NAME not in self.wanted:
            return
        _, columns, _ = self.split(self.facts.activity.columns)
        dimensions = [retention.CUT, *columns]
        kept = retention.fetch(self.facts, self.period, columns, self.options.lapse_days)
        self.found[retention.NAME] = retention.figures(kept, self.period, [*self.ends, *dimensions], judged=self.judged)
        self.details[retention.NAME] = retention.detail(kept)

    def reopened(self, rows: Conversations | None) -> None:
        """Conversations that came back after they were solved."""
        if self.facts.conversations is not None and rows is not None and quality.REOPENED in self.wanted:
            dimensions, _, _ = self.split(self.facts.conversations.columns)
            self.found[quality.REOPENED] = quality.figures(rows, [*self.ends, *dimensions], judged=self.judged)

    def returns(self) -> None:
        """What came back of what was sold: refunds, returns."""
        around = (self.period, self.before)
        if self.facts.activity is not None and quality.REFUNDS in self.wanted:
            dimensions, columns, cuts = self.split(self.facts.activity.columns)
            frame = quality.fetch_refunds(self.facts, *around, columns, cuts)
            if frame.rows.num_rows and frame.numbers("defects").sum():
                self._count(frame, quality.quality(quality.REFUNDS), dimensions)

        if self.facts.returns is not None:
            dimensions, columns, cuts = self.split(self.facts.returns.columns)
            for name in (quality.RETURNED, quality.REFUNDED):
                if name in self.wanted:
                    frame = quality.fetch_returns(self.facts, name, *around, columns, cuts)
                    if frame.rows.num_rows:
                        self._count(frame, quality.quality(name), dimensions)

    def _count(self, frame: Frame, of: Counted, dimensions: list[str]) -> None:
        self.found[of.name] = counted(frame, of, [*self.ends, *dimensions], judged=self.judged)
