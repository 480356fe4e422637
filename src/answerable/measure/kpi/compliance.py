"""Compliance with the standard: of all that fell due, the share answered or solved in time.

Rows: clocks that are not cancelled and whose promise is decided or due when the facts were taken. One met
early, before it is due, waits for its due time too: else the quick would be counted before the slow.
See docs/measures/compliance.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from answerable.core.estimates import Definition, share
from answerable.measure.figure import Figure, select
from answerable.measure.frame import BEFORE, TOTAL, Frame
from answerable.measure.kpi.waiting import local_day, within

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

KINDS = ("first_response", "next_response", "resolution")
NAMES = {f"{kind}_compliance": kind for kind in KINDS}
OUTCOMES = ("all", "due", "met", "missed", "not_due")


def definition(kind: str) -> Definition:
    """Such as compliance.first_response, version 1."""
    return Definition(f"compliance.{kind}", 1)


def population(facts: Facts) -> ir.Table:
    """Clocks that are not cancelled and not in error."""
    assert facts.clocks is not None
    return facts.clocks.filter(facts.clocks.error == 0)


def fetch(facts: Facts, period: Period, before: Period | None, dimensions: list[str]) -> Frame:
    """Counts of due, met and all clocks per day, kind and group."""
    periods = [each for each in (period, before) if each]
    rows = within(population(facts), periods)
    cells = rows.group_by("kind", *dimensions, day=local_day(rows, periods)).agg(
        due=rows.due.cast("int32").sum(), met=rows.met.cast("int32").sum(), clocks=rows.count()
    )
    return Frame(facts.fetch(cells), period, before)


def of_kind(frame: Frame, kind: str) -> Frame:
    """The cells of one kind of clock."""
    import pyarrow.compute as pc

    rows = frame.rows.filter(pc.equal(frame.rows.column("kind").cast("string"), kind))
    return Frame(rows, frame.period, frame.before)


def figures(frame: Frame, name: str, dimensions: list[str]) -> dict[str, list[tuple[Any, Figure]]]:
    """The figures of each group of each dimension. Coverage is the share of clocks that have fallen due."""
    kind = NAMES[name]
    found: dict[str, list[tuple[Any, Figure]]] = {}
    for dimension in dimensions:
        found[dimension] = []
        for key, sums in frame.sums(dimension, ("due", "met", "clocks")):
            period = frame.before if dimension == BEFORE and frame.before else frame.period
            coverage = sums["due"] / sums["clocks"] if sums["clocks"] else None
            estimate = share(sums["met"], sums["due"], definition(kind), coverage=coverage)
            counts = {
                "met": sums["met"],
                "missed": sums["due"] - sums["met"],
                "not_due": sums["clocks"] - sums["due"],
            }
            narrowed = None if dimension in (TOTAL, BEFORE) else dimension
            selection = select(period, name, narrowed, key, "due")
            found[dimension].append((key, Figure(estimate, selection, counts=counts)))
    return found


def outcomes(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """The parts of the population that can be looked at."""
    return {"due": rows.due, "met": rows.met, "missed": rows.due & ~rows.met, "not_due": ~rows.due}
