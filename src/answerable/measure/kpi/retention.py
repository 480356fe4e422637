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
from answerable.measure.frame import BEFORE, TOTAL, coded
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
_DAYS = 1 << 31  # that fit 32 bits
SURVIVAL = Definition("retention.survival", 1)
SPANS = {"earlier": 1, "earlier_kept": 1 | 2, "start": 2, "kept": 2 | 4, "end": 4}
"""What is counted of customers, as bits of the base of the base, the base and the period."""


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


def population(rows: ir.Table) -> ir.Table:
    """Activity that is not in error: who gave something back on a day, and bought nothing, was no customer on it."""
    return rows.filter((rows.error == 0) & ~(rows.amount < 0).fill_null(False))


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
    import pyarrow as pa

    assert facts.activity is not None
    end, lapse = period.first_day + period.days, lapse_days or period.days
    first = facts.ask(_first, facts.activity, end).column(0).to_pylist()[0]
    first = period.first_day if first is None else first
    of = windows(period, first)
    starts, bits = _bits(of)
    known, size = of.pieces[0].first_day, "int32" if first >= -_DAYS and end < _DAYS else "int64"
    asked = end, tuple(starts), tuple(bits), tuple(dimensions), size
    with facts.held(_customers, facts.activity, *asked, key="customer") as customers:
        shapes = facts.ask(_shapes, customers, known, tuple(dimensions))
        lives = facts.ask(_lives, customers, end - 1, lapse).sort_by("days")
    days, lost, n, again = (lives.column(name).cast(pa.int64()).to_numpy() for name in ("days", "lost", "n", "again"))
    return Kept(
        of, _by(shapes, dimensions), _cohorts(shapes, len(of.pieces)), (days, lost, n - lost),
        int(n.sum()), int(again.sum()), lapse,
    )  # fmt: skip


def _first(rows: ir.Table, end: Any) -> ir.Table:
    """The first day on which anybody did anything."""
    rows = population(rows)
    return rows.filter(rows.day < end).agg(first=rows.day.min())


def _customers(
    rows: ir.Table, end: Any, starts: tuple[Any, ...], bits: tuple[Any, ...], dimensions: tuple[str, ...], size: str
) -> ir.Table:
    """One row per customer: first and last day, groups, and the windows they were active in as bits."""
    import ibis

    @ibis.udf.agg.builtin(name="bit_or")  # type: ignore[untyped-decorator]
    def union(bits: int) -> int:  # type: ignore[empty-body]
        """Every bit that a row has: both engines know it, Ibis of Spark does not."""

    # One number says of a day which piece and which span it is in: customers are gone through once.
    rows = population(rows)
    rows = rows.filter(rows.day < end)
    day = rows.day.cast(size)
    return rows.group_by("customer").agg(
        first=day.min(), last=day.max(), bits=union(bucket(rows.day, starts, bits, "int64")),
        **{name: rows[name].max() for name in dimensions},
    )  # fmt: skip


def _shapes(customers: ir.Table, known: Any, dimensions: tuple[str, ...]) -> ir.Table:
    """How many customers of each group were active in the same windows; `early` who came before the first of them."""
    early = customers["first"] < known
    return customers.group_by(*dimensions, "bits", early=early).agg(n=customers.count())


def _lives(customers: ir.Table, last: Any, lapse: Any) -> ir.Table:
    """How many customers were watched for so many days, how many of them were lost then, and how many came again."""
    lost, days = (last - customers["last"]) >= lapse, customers["last"] - customers["first"]
    watched = lost.ifelse(days, last - customers["first"])
    again = customers["last"] > customers["first"]
    return customers.group_by(days=watched.cast("int64")).agg(
        lost=lost.cast("int64").sum(), n=customers.count(), again=again.cast("int64").sum()
    )


def _bits(of: Windows) -> tuple[list[int], list[int]]:
    """The days on which a window begins, in order, and the bits of the days before the first, and from each on:
    that of the piece, and beyond MOST that of the span."""

    def place(periods: Sequence[Period], day: int, shift: int) -> int:
        begun = sum(each.first_day <= day for each in periods)
        return 1 << (shift + begun - 1) if begun else 0

    starts = sorted({each.first_day for each in (*of.pieces, *of.spans)})
    return starts, [0, *(place(of.pieces, day, 0) | place(of.spans, day, MOST) for day in starts)]


def _by(shapes: pa.Table, dimensions: Sequence[str]) -> dict[str, list[tuple[Any, dict[str, int]]]]:
    """By dimension, the customers of each group that were active in certain spans."""
    spans, n = shapes.column("bits").to_numpy() >> MOST, shapes.column("n").to_numpy()
    counts = {name: np.where((spans & bits) == bits, n, 0) for name, bits in SPANS.items()}
    found: dict[str, list[tuple[Any, dict[str, int]]]] = {
        TOTAL: [(None, {name: int(each.sum()) for name, each in counts.items()})]
    }
    for dimension in dimensions:
        of_row, keys = coded(shapes.column(dimension))
        sums = {name: np.bincount(of_row, each, len(keys)) for name, each in counts.items()}
        found[dimension] = [
            (keys[number], {name: round(sums[name][number]) for name in counts}) for number in np.unique(of_row)
        ]
    return found


def _cohorts(shapes: pa.Table, pieces: int) -> list[dict[str, int]]:
    """By the piece of a customer's first day, -1 where it is before them all: `size`, and how many were active in each
    piece, and in each and the one before."""
    bits, n = shapes.column("bits").to_numpy() & ((1 << MOST) - 1), shapes.column("n").to_numpy()
    lowest = np.log2((bits & -bits).astype(np.float64), where=bits > 0, out=np.full(len(bits), -1.0))
    cohort = np.where(shapes.column("early").to_numpy(), -1, lowest.astype(np.int64)) + 1
    columns = {"size": n} | {f"active_{at}": np.where(bits >> at & 1, n, 0) for at in range(pieces)}
    columns |= {f"kept_{at}": np.where(bits >> (at - 1) & 3 == 3, n, 0) for at in range(1, pieces)}
    sums = {name: np.rint(np.bincount(cohort, each, pieces + 1)).astype(np.int64) for name, each in columns.items()}
    return [
        {"cohort": at - 1, **{name: int(each[at]) for name, each in sums.items()}}
        for at in range(pieces + 1) if sums["size"][at]
    ]  # fmt: skip


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
    assert facts.activity is not None
    rows = population(facts.activity)
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
