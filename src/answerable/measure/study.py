"""Anyone's files into a report: what was asked, what was read, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from answerable.measure.period import Cut
from answerable.measure.promises import Promises, read_promises
from answerable.measure.question import DUCKDB, Nothing, Question
from answerable.measure.spans import SPANS, cut_of, groups_of, period_of
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from answerable.measure.cluster import Cluster
    from answerable.measure.costs import Costs
    from answerable.measure.drivers import Driving
    from answerable.measure.facts import Facts
    from answerable.measure.kpi.conversations import Conversations
    from answerable.measure.reading import Reading
    from answerable.measure.report import Report
    from answerable.measure.shapes import Distribution

Progress = Callable[[str, float], None]
_MEASURING = gettext_noop("measuring")


@dataclass(slots=True)
class Study:
    """A report with what it was made of; `waits` by indicator and clock, `by` the groups of the report.

    `remarks` are what is to be said of the files as a whole. `dated`: the period is the files', or was asked for; else
    they hold no date, and everything in them counts.
    """

    question: Question
    reading: Reading
    facts: Facts
    report: Report
    promises: Promises
    waits: dict[str, Distribution]
    arrivals: list[list[int]] | None
    cut: Cut
    by: tuple[str, ...]
    driving: Driving | None = None
    costs: Costs | None = None
    remarks: tuple[str, ...] = ()
    dated: bool = True
    _held: ExitStack = field(default_factory=ExitStack, repr=False)

    def close(self) -> None:
        """Forget the tables."""
        self._held.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def study(question: Question, progress: Progress | None = None) -> Study:
    """Read the files and measure them.

    Raises Unreadable, MappingError (reading), NoPolicy (hours, targets), WrongCosts, NoCluster (engine), Refused when
    nothing can be measured.
    """
    from answerable.measure.cluster import Cluster
    from answerable.measure.reading import read

    say = progress or _silent
    promises = read_promises(question.hours, question.targets)
    zone = question.zone or promises.zone or "UTC"
    with ExitStack() as held:
        cluster = None
        if question.engine != DUCKDB:
            say(gettext_noop("waiting for Spark"), 0.0)
            cluster = held.enter_context(Cluster.connect(question.engine, question.exchange))
        say(gettext_noop("reading"), 0.0)
        reading = held.enter_context(
            read(
                question.files, question.map, progress,
                zone=zone, first=question.first, activities=question.activities or None,
            )
        )  # fmt: skip
        found = _measure(question, reading, cluster, promises, zone, say)
        found._held = held.pop_all()
        return found


def _measure(
    question: Question, reading: Reading, cluster: Cluster | None, promises: Promises, zone: str, say: Progress
) -> Study:
    from answerable.measure.benchmarks import published
    from answerable.measure.business import count_business, knows_business
    from answerable.measure.costs import costs_of, read_rates
    from answerable.measure.crossing import cross, pairs
    from answerable.measure.drivers import of_satisfaction
    from answerable.measure.kpi.quality import REOPENED
    from answerable.measure.measuring import EVERY, Options
    from answerable.measure.remarks import nothing, remarks, whole_days
    from answerable.measure.report import build_report, waiting_times

    if not any(name in reading.tables for name in SPANS):
        named = any(file.rows or (file.mapping.kind == "ignore" and len(file.columns) > 1) for file in reading.files)
        raise Nothing(nothing(reading.files), reading.map if named else "")
    others, rates = published(question.benchmarks), read_rates(question.costs)
    period, has_before, dated = period_of(question, reading, zone)
    by, cut = groups_of(question, reading), cut_of(period)
    crossed = pairs(by) if question.by is not None else ()
    say(_MEASURING, 0.0)
    conversations = "conversations" in reading.tables
    days = whole_days(reading, zone)
    if conversations and promises.calendar is not None and not days:
        count_business(reading.con, promises.calendar, reading.as_of)
    some, every = knows_business(reading.con) if conversations else (False, False)
    clock: Literal["business", "calendar"] = "business" if every else "calendar"
    before = period.base() if has_before else None
    facts = cross(reading.facts(cluster), crossed)
    waits = waiting_times(facts, period, before, (cut, *by, *crossed)) if conversations else None
    unknown = () if reading.tells("conversations", "reopened_count") else (REOPENED,)
    report = build_report(
        facts, since=period.since, until=period.until, zone=zone, clock=clock, group_by=(cut, *by, *crossed),
        compare_to=before, targets=promises.targets(clock), waits=waits,
        measures=[each for each in EVERY if each not in unknown], benchmarks=others,
        scopes=question.scopes, judged=True,
        options=Options(unanswerable={each.kpi: each.needs for each in reading.missing}),
    )  # fmt: skip
    say(_MEASURING, 1.0)
    shapes = _shapes(report, waits) if waits else {}
    week = _arrivals(report, waits) if waits else None
    driving = of_satisfaction(facts, period, clock)
    said = remarks(reading, days, promises.calendar is not None, partly=some and not every)
    return Study(
        question,
        reading,
        facts,
        report,
        promises,
        shapes,
        week,
        cut,
        by,
        driving,
        costs_of(facts, report, rates),
        said,
        dated,
    )


def _shapes(report: Report, waits: Conversations) -> dict[str, Distribution]:
    """How long waits were, by each clock that is known."""
    from answerable.measure.shapes import distribution

    clocks = ("business", "calendar") if report.clock == "business" else ("calendar",)
    counted = [name for name in ("first_response", "resolution") if _counts(report, name)]
    return {f"{name}-{clock}": distribution(waits, name, clock) for name in counted for clock in clocks}


def _arrivals(report: Report, waits: Conversations) -> list[list[int]] | None:
    """When customers write; None where nobody wrote."""
    from answerable.measure.shapes import arrivals

    return arrivals(waits) if report.population.get("counted") else None


def _counts(report: Report, name: str) -> bool:
    indicator = report.indicators.get(name)
    return indicator is not None and bool(indicator.total.counts.get("ended"))


def _silent(_what: str, _share: float) -> None:
    """Says nothing."""
