"""Compliance with the standard: of all that fell due, the share answered or solved in time.

Rows: clocks that are not cancelled and whose promise is decided or due when the facts were taken. One met
early, before it is due, waits for its due time too: else the quick would be counted before the slow.
See docs/measures/compliance.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from answerable.core.estimates import Definition, share
from answerable.measure.frame import Frame, without_errors
from answerable.measure.groups import Counted, Reckoned, Sums
from answerable.measure.kpi.dated import Dating, dated, dating

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


def population(rows: ir.Table) -> ir.Table:
    """Clocks that are not cancelled and not in error."""
    return rows.filter(rows.error == 0)


def fetch(
    facts: Facts, period: Period, before: Period | None, dimensions: list[str], cuts: list[str]
) -> tuple[Frame, dict[int, int]]:
    """Counts of due, met and all clocks per kind, group and piece of time; and those of the period with each error."""
    assert facts.clocks is not None
    cells = facts.ask(_cells, facts.clocks, dating(period, before, cuts), tuple(dimensions))
    return without_errors(cells, period, before)


def _cells(rows: ir.Table, when: Dating, dimensions: tuple[str, ...]) -> ir.Table:
    rows, day = dated(rows, when)
    return rows.group_by("kind", "error", *dimensions, day=day).agg(
        due=rows.due.cast("int32").sum(), met=rows.met.cast("int32").sum(), n=rows.count()
    )


def of_kind(frame: Frame, kind: str) -> Frame:
    """The cells of one kind of clock."""
    import pyarrow.compute as pc

    rows = frame.rows.filter(pc.equal(frame.rows.column("kind").cast("string"), kind))
    return Frame(rows, frame.period, frame.before)


def compliance(name: str) -> Counted:
    """One kind of clock. Coverage is the share of clocks that have fallen due."""
    of = definition(NAMES[name])

    def reckon(sums: Sums) -> Reckoned:
        due, met, clocks = sums["due"], sums["met"], sums["n"]
        estimate = share(met, due, of, coverage=due / clocks if clocks else None)
        return Reckoned(estimate, counts={"met": met, "missed": due - met, "not_due": clocks - due})

    return Counted(name, ("due", "met", "n"), reckon, outcome="due")


def outcomes(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """The parts of the population that can be looked at."""
    return {"due": rows.due, "met": rows.met, "missed": rows.due & ~rows.met, "not_due": ~rows.due}
