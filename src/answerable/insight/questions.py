"""What the process that measures is asked, and what it answers: plain values that travel between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from answerable.insight.facts import Source

if TYPE_CHECKING:
    from answerable.measure.facts import Facts
    from answerable.measure.figure import Selection
    from answerable.measure.kept import Kept, Promise
    from answerable.measure.period import Cut
    from answerable.measure.report import Report
    from answerable.measure.shapes import Distribution


@dataclass(frozen=True)
class ReportQuestion:
    """A report of these local days (`until` not included), of the facts that pass every filter (column: values)."""

    source: Source
    since: date
    until: date
    zone: str
    group_by: tuple[str, ...]
    targets: Mapping[str, float]
    filters: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)

    def answer(self, facts: Facts) -> Measured:
        """Measure."""
        from answerable.measure.period import Period
        from answerable.measure.report import build_report, waiting_times
        from answerable.measure.shapes import arrivals, distribution

        facts, period = _filtered(facts, self.filters), Period(self.since, self.until, self.zone)
        waits = waiting_times(facts, period, period.before(), self.group_by)
        report = build_report(
            facts,
            since=self.since,
            until=self.until,
            zone=self.zone,
            group_by=self.group_by,
            targets=self.targets,
            waits=waits,
        )
        shapes = {name: distribution(waits, name) for name in ("first_response", "resolution")}
        return Measured(report, shapes, arrivals(waits))


@dataclass(frozen=True)
class Measured:
    """A report and what only charts need: how long waits were, and when customers write."""

    report: Report
    waits: dict[str, Distribution]
    arrivals: list[list[int]]


@dataclass(frozen=True)
class BehindQuestion:
    """A page of the conversations a figure is made of, `after` (instant, id) of the page before."""

    source: Source
    selection: Selection
    after: tuple[int, int] | None
    limit: int
    filters: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)

    def answer(self, facts: Facts) -> list[dict[str, Any]]:
        """Rows with `conversation_id`, `at` and what was measured. ValueError for a selection of nothing there is."""
        from answerable.measure.behind import conversations

        rows = conversations(_filtered(facts, self.filters), self.selection, limit=self.limit, after=self.after)
        found: list[dict[str, Any]] = rows.to_pylist()
        return found


@dataclass(frozen=True)
class KeptQuestion:
    """How often each promise was kept in these local days (`until` not included)."""

    source: Source
    since: date
    until: date
    zone: str
    cut: Cut = "week"

    def answer(self, facts: Facts) -> dict[Promise, Kept]:
        """By promise, with a trend by `cut`."""
        from answerable.measure.kept import kept_promises
        from answerable.measure.period import Period

        return kept_promises(facts, Period(self.since, self.until, self.zone), self.cut)


Question = ReportQuestion | BehindQuestion | KeptQuestion


class Refused(ValueError):
    """The question cannot be answered as it is; the message says why."""


def _filtered(facts: Facts, filters: Mapping[str, tuple[int | str, ...]]) -> Facts:
    """The facts whose columns have one of the values given."""
    return facts.only(filters) if filters else facts
