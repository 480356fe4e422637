"""Each promise by itself: how often it was kept, against the time before, and from week to week.

The rows and the rule are those of compliance (kpi/compliance.py, docs/measures/compliance.md), so that a promise says
of itself what the report says of it. A standard's key is what counts: versions that keep the key keep the figure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from answerable.core.estimates import Difference, difference
from answerable.measure.frame import BEFORE, TOTAL, Frame
from answerable.measure.groups import counted
from answerable.measure.kpi import compliance

if TYPE_CHECKING:
    from datetime import date

    from answerable.core.estimates import Estimate
    from answerable.measure.facts import Facts
    from answerable.measure.figure import Figure
    from answerable.measure.period import Cut, Period


class Promise(NamedTuple):
    """Which promise: the kind of its clocks, and the standard's key."""

    kind: str
    standard: str


class Piece(NamedTuple):
    """A piece of the period, `until` not included, and the share kept in it."""

    since: date
    until: date
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise over a period. `figure` has the counts met, missed and not_due; `change` is against the period of
    as many days before, `trend` has a piece for each week (or other cut) of the period, empty ones too."""

    figure: Figure
    before: Estimate
    change: Difference
    trend: tuple[Piece, ...]

    @property
    def estimate(self) -> Estimate:
        """The share kept."""
        return self.figure.estimate


def kept_promises(facts: Facts, period: Period, cut: Cut = "week") -> dict[Promise, Kept]:
    """Every promise that had a clock in the period or in the one before. One query, whatever the number of promises."""
    frame, _ = compliance.fetch(facts, period, period.before(), ["standard"], [cut])
    return {
        promise: _kept(part, f"{promise.kind}_compliance", promise.standard, cut)
        for promise, part in _apart(frame).items()
    }


def _apart(frame: Frame) -> dict[Promise, Frame]:
    """The cells of each promise. A clock without a standard is none's."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds, standards = (frame.rows.column(name).cast(pa.string()) for name in Promise._fields)
    pairs = sorted({pair for pair in zip(kinds.to_pylist(), standards.to_pylist(), strict=True) if None not in pair})
    return {
        Promise(kind, standard): Frame(
            frame.rows.filter(pc.and_(pc.equal(kinds, kind), pc.equal(standards, standard))), frame.period, frame.before
        )
        for kind, standard in pairs
        if kind in compliance.KINDS
    }


def _kept(frame: Frame, name: str, standard: str, cut: Cut) -> Kept:
    raw = counted(frame, compliance.compliance(name), [TOTAL, BEFORE, cut], judged=False)
    figure, before = (raw.figures[end][0][1] for end in (TOTAL, BEFORE))
    narrowed = replace(figure, selection=replace(figure.selection, dimension="standard", key=standard))
    trend = tuple(Piece(since, until, each.estimate) for (since, until), each in raw.figures[cut])
    return Kept(narrowed, before.estimate, difference(figure.estimate, before.estimate), trend)
