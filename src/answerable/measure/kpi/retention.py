"""Retention: of the customers active in the base window, how many are active in the period.

Rows: what customers did, by customer and local day. The base window is the one just before the period: as many
months before whole months, else as many days. New are those of the period who were not active in the base
window. Everything comes from one row per customer: first and last day, and which windows they were active in,
as bits of whole numbers. See docs/measures/retention.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from answerable.core.estimates import (
    Cohorts,
    Definition,
    Difference,
    Estimate,
    cohort_table,
    difference,
    kaplan_meier,
    repeat_purchase,
    retention,
)
from answerable.measure.figure import Figure, select
from answerable.measure.frame import BEFORE, TOTAL
from answerable.measure.groups import Figures, Raw
from answerable.measure.kpi.dated import bucket
from answerable.measure.period import CUTS, DAY, EPOCH, Cut, Period, piece_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir
    import pyarrow as pa

    from answerable.measure.facts import Facts

NAME = "retention"
CUT: Cut = "month"
MOST = 60  # windows that fit one whole number
SURVIVAL = Definition("retention.survival", 1)


@dataclass(frozen=True, slots=True)
class Curve:
    """Who is still a customer so many days after the first: share, limits; only at days on which somebody left."""

    days: tuple[int, ...]
    share: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    median: Estimate


@dataclass(frozen=True, slots=True)
class RetentionDetail:
    """What stands behind the rate. `base` is the window before `measured`, which is the report's period, or its
    last whole piece where nothing is known from before the period.

    `cohorts` numbers its months as places in `cohort_starts`, their first days. `survival`
    takes a customer as lost who was not seen for `lapse_days` before the period's end; the rest are censored.
    `repeat` is of all customers up to then.
    """

    base: Period
    measured: Period
    cohort_starts: tuple[date, ...]
    cohorts: Cohorts
    survival: Curve
    lapse_days: int
    repeat: Estimate


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows customers are looked for in: `pieces` are months in order, the last clipped to the period's end;
    `spans` the base of the base, the base and the period."""

    pieces: tuple[Period, ...]
    spans: tuple[Period, Period, Period]


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of customers. `spans` by group: activity in base and period; `pieces` by first window and age."""

    windows: Windows
    by: dict[str, list[tuple[Any, dict[str, int]]]]
    pieces: list[dict[str, int]]
    lives: tuple[Any, Any, Any]
    customers: int
    again: int
    lapse_days: int


def population(facts: Facts) -> ir.Table:
    """Activity that is not in error."""
    assert facts.activity is not None
    return facts.activity.filter(facts.activity.error == 0)


def windows(period: Period, first_day: int) -> Windows:
    """The months from the first activity, at most 60, to the period's end.

    Where nothing is known from before the period, nobody was there at its start: then the last whole piece of
    the period is measured against the one before it.
    """
    day = min(EPOCH + timedelta(days=first_day), period.since)
    starts: list[Period] = []
    until = period.until
    while until > day and len(starts) < MOST:
        start = piece_start(until - timedelta(days=1), CUT)
        starts.append(Period(start, until, period.zone))
        until = start
    pieces = tuple(reversed(starts))
    measured = period
    if first_day >= period.first_day:
        whole = [each for each in pieces if piece_start(each.until, CUT) == each.until]
        measured = whole[-1] if len(whole) > 1 else period
    base = measured.base()
    return Windows(pieces, (base.base(), base, measured))


def fetch(facts: Facts, period: Period, dimensions: list[str], lapse_days: int | None = None) -> Kept:
    """One row per customer in the engine, and its counts from there."""
    rows = population(facts)
    rows = rows.filter(rows.day < (period.until - EPOCH).days)
    first = facts.fetch(rows.agg(first=rows.day.min())).column(0).to_pylist()[0]
    of = windows(period, period.first_day if first is None else first)
    lapse = lapse_days or period.days
    each = _customers(rows, of, dimensions)
    kept = facts.keep(each)
    base, now, end = 2, 4, (period.until - EPOCH).days
    by: dict[str, list[tuple[Any, dict[str, int]]]] = {}
    sums = {
        "earlier": _count(kept.spans, 1), "earlier_kept": _count(kept.spans, 1 | base),
        "start": _count(kept.spans, base), "kept": _count(kept.spans, base | now), "end": _count(kept.spans, now),
    }  # fmt: skip
    for dimension in (TOTAL, *dimensions):
        grouped = kept.agg(**sums) if dimension == TOTAL else kept.group_by(dimension).agg(**sums)
        by[dimension] = [
            (row.get(dimension), {name: int(row[name] or 0) for name in sums})
            for row in facts.fetch(grouped).to_pylist()
        ]
    ages = {f"active_{number}": _count(kept.pieces, 1 << number) for number in range(len(of.pieces))}
    ages |= {
        f"kept_{number}": _count(kept.pieces, (1 << number) | (1 << (number - 1)))
        for number in range(1, len(of.pieces))
    }
    cohorts = facts.fetch(kept.group_by("cohort").agg(size=kept.count(), **ages)).to_pylist()
    alive = kept.mutate(
        days=(kept.last - kept.first).cast("int64"), lost=(end - 1 - kept.last) >= lapse, again=kept.last > kept.first
    )
    watched = alive.lost.ifelse(alive.days, end - 1 - alive.first)
    lives = facts.fetch(
        alive.group_by(days=watched.cast("int64")).agg(
            lost=alive.lost.cast("int64").sum(), n=alive.count(), again=alive.again.cast("int64").sum()
        )
    ).sort_by("days")
    days, lost, n, again = (np.array(lives.column(name).to_pylist(), dtype=np.int64) for name in lives.column_names)
    return Kept(of, by, cohorts, (days, lost, n - lost), int(n.sum()), int(again.sum()), lapse)


def _customers(rows: ir.Table, of: Windows, dimensions: Sequence[str]) -> ir.Table:
    """One row per customer: first and last day, cohort, groups, and the windows they were active in as bits."""
    import ibis

    @ibis.udf.agg.builtin(name="bit_or")  # type: ignore[untyped-decorator]
    def union(bits: int) -> int:  # type: ignore[empty-body]
        """Every bit that a row has: both engines know it, Ibis of Spark does not."""

    # One number says of a day which piece and which span it is in: customers are gone through once.
    starts, bits = _bits(of)
    each = rows.group_by("customer").agg(
        first=rows.day.min(), last=rows.day.max(), bits=union(bucket(rows.day, starts, bits, "int64")),
        **{name: rows[name].max() for name in dimensions},
    )  # fmt: skip
    firsts = [piece.first_day for piece in of.pieces]
    return each.mutate(
        cohort=bucket(each.first, firsts, [-1, *range(len(firsts))]),
        pieces=each.bits & ((1 << MOST) - 1),
        spans=each.bits >> MOST,
    )


def _bits(of: Windows) -> tuple[list[int], list[int]]:
    """The days on which a window begins, in order, and the bits of the days before the first, and from each on:
    that of the piece, and beyond MOST that of the span."""

    def place(periods: Sequence[Period], day: int, shift: int) -> int:
        begun = sum(each.first_day <= day for each in periods)
        return 1 << (shift + begun - 1) if begun else 0

    starts = sorted({each.first_day for each in (*of.pieces, *of.spans)})
    return starts, [0, *(place(of.pieces, day, 0) | place(of.spans, day, MOST) for day in starts)]


def _count(column: ir.IntegerValue, bits: int) -> ir.IntegerScalar:
    """How many rows have all these bits."""
    return ((column & bits) == bits).cast("int64").sum()


def figures(kept: Kept, period: Period, dimensions: list[str], *, judged: bool = True) -> Raw:
    """Headline: the retention rate of the period."""
    found: Figures = {}
    apart: dict[str, list[Difference]] = {}
    measured = kept.windows.spans[2]
    for dimension in dimensions:
        if dimension == TOTAL:
            found[dimension] = [(None, _figure(measured, None, None, _rate(kept.by[TOTAL][0][1])))]
        elif dimension == BEFORE:
            sums = kept.by[TOTAL][0][1]
            earlier = {"start": sums["earlier"], "kept": sums["earlier_kept"], "end": sums["start"]}
            found[dimension] = [(None, _figure(kept.windows.spans[1], None, None, _rate(earlier)))]
        elif dimension == CUT:
            found[dimension] = _trend(kept, period)
        elif dimension not in CUTS:
            pieces = kept.by[dimension]
            found[dimension] = [(key, _figure(measured, dimension, key, _rate(sums))) for key, sums in pieces]
            if judged and len(pieces) > 1:
                whole = {name: sum(sums[name] for _, sums in pieces) for name in pieces[0][1]}
                apart[dimension] = [
                    difference(_rate(sums)[0], _rate({name: whole[name] - sums[name] for name in whole})[0])
                    for _, sums in pieces
                ]
    return Raw(found, apart, counted=True)


def lost(facts: Facts, of: RetentionDetail, limit: int) -> pa.Table:
    """The customers of the base window who did not come again in the period, those who came most often first:
    `customer`, `last` (days since 1970) and `times`, the days on which they came in the base window."""
    rows = population(facts)
    rows = rows.filter(rows.day < of.measured.first_day + of.measured.days)
    before = (rows.day >= of.base.first_day) & (rows.day < of.base.first_day + of.base.days)
    rows = rows.mutate(base_day=before.ifelse(rows.day, None), again=rows.day >= of.measured.first_day)
    each = rows.group_by("customer").agg(
        last=rows.day.max(), times=rows.base_day.nunique(), again=rows.again.cast("int32").max()
    )
    each = each.filter((each.times > 0) & (each.again == 0))
    page = each.order_by(each.times.desc(), each["last"].desc(), "customer").limit(limit)
    return facts.fetch(page.select("customer", "last", "times"))


def _rate(sums: dict[str, int]) -> tuple[Estimate, dict[str, int]]:
    """The rate, and S, E, N."""
    counts = {"start": sums["start"], "end": sums["end"], "new": sums["end"] - sums["kept"]}
    return retention(counts["start"], counts["end"], counts["new"]), counts


def _figure(period: Period, dimension: str | None, key: Any, rate: tuple[Estimate, dict[str, int]]) -> Figure:
    return Figure(rate[0], select(period, NAME, dimension, key), counts=rate[1])


def _trend(kept: Kept, period: Period) -> list[tuple[Any, Figure]]:
    """Each month of the period against the one before it; the first of all has none before, and one that the
    period cuts short is left out."""
    found = []
    for number, piece in enumerate(kept.windows.pieces):
        if piece.until <= period.since or piece_start(piece.until, CUT) != piece.until:
            continue
        days = (max(piece.since, period.since), piece.until)
        if number == 0:
            sums = {"start": 0, "kept": 0, "end": _over(kept, "active_0")}
        else:
            names = {"start": f"active_{number - 1}", "kept": f"kept_{number}", "end": f"active_{number}"}
            sums = {name: _over(kept, column) for name, column in names.items()}
        rate, counts = _rate(sums)
        found.append((days, Figure(rate, select(period, NAME, CUT, days), counts=counts)))
    return found


def _over(kept: Kept, column: str) -> int:
    return sum(int(row[column] or 0) for row in kept.pieces)


def detail(kept: Kept) -> RetentionDetail:
    """Cohorts, survival and repeat purchase of all that was seen up to the period's end."""
    of = kept.windows
    rows = {int(row["cohort"]): row for row in kept.pieces if row["cohort"] is not None and row["cohort"] >= 0}
    last = len(of.pieces) - 1
    active = {
        (cohort, age): int(row[f"active_{cohort + age}"])
        for cohort, row in rows.items()
        for age in range(last - cohort + 1)
    }
    cohorts = cohort_table({cohort: int(row["size"]) for cohort, row in rows.items()}, active, last)
    starts = tuple(piece.since for piece in of.pieces)
    again = repeat_purchase(kept.again, kept.customers)
    return RetentionDetail(of.spans[1], of.spans[2], starts, cohorts, _curve(kept), kept.lapse_days, again)


def _curve(kept: Kept) -> Curve:
    """The survival curve at the days on which somebody left."""
    days, lost, still = kept.lives
    curve = kaplan_meier(days * DAY, lost, still)
    points = [curve.at(float(time), SURVIVAL) for time in curve.times]
    median = curve.percentiles((0.5,), (Definition(f"{SURVIVAL.name}.p50", 1),), "seconds")[0]
    return Curve(
        tuple(round(time / DAY) for time in curve.times),
        tuple(point.value or 0.0 for point in points),
        tuple(point.low for point in points),
        tuple(point.high for point in points),
        median,
    )
