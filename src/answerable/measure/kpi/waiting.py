"""First response time and resolution time: how long customers wait, those who still wait included.

Rows: conversations the customer opened, not spam, not merged into another, without a data error in this
measure. They count on the local day the customer wrote. What had not ended when the facts were taken is
censored there; what was solved without an answer, when it was solved: nobody has waited since.
See docs/measures/first-response.md and resolution.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates import Definition, Difference, Estimate, difference, kaplan_meier, percentile
from answerable.measure.frame import Codes, Frame
from answerable.measure.groups import Raw, Reckoned, category, figure
from answerable.measure.period import DAY, Period, local_seconds
from answerable.measure.preparation import COUNTED

if TYPE_CHECKING:
    from collections.abc import Collection

    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.figure import Figure

CLOCKS = ("business", "calendar")
OUTCOMES = ("all", "ended", "waiting", "settled")
_PERCENTILES = {"p50": 0.5, "p90": 0.9}


@dataclass(frozen=True, slots=True)
class Wait:
    """A measure of waiting, and the version of its definition. `settles`: it may be over without having ended."""

    name: str
    version: int = 1
    settles: bool = False

    def definition(self, clock: str, what: str) -> Definition:
        """Such as first_response.business.p50.kaplan_meier, version 1."""
        return Definition(f"{self.name}.{clock}.{what}", self.version)


WAITS = {"first_response": Wait("first_response", 2, settles=True), "resolution": Wait("resolution")}


def population(facts: Facts, wait: Wait) -> ir.Table:
    """The conversations that count, with `ended`, `settled`, `calendar` and `business` (null where unknown)."""
    rows = facts.conversations
    assert rows is not None
    rows = rows.filter((rows.standing == COUNTED) & (rows[f"{wait.name}_error"] == 0))
    return rows.mutate(**{what: rows[f"{wait.name}_{what}"] for what in ("ended", "settled", *CLOCKS)})


def within(rows: ir.Table, periods: list[Period]) -> ir.Table:
    """Rows whose `at` is in one of the periods; periods that touch are one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(period.instants for period in periods):
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    inside = [(rows["at"] >= start) & (rows["at"] < end) for start, end in spans]
    return rows.filter(inside[0] if len(inside) == 1 else inside[0] | inside[1])


def local_day(rows: ir.Table, periods: list[Period]) -> ir.IntegerValue:
    """The local day of `at`, as days after 1 January 1970."""
    return (local_seconds(rows["at"], periods) // DAY).cast("int32")


def fetch(
    facts: Facts, period: Period, before: Period | None, dimensions: list[str], names: Collection[str] = tuple(WAITS)
) -> Frame:
    """What the waits need of both periods, in one pass: ended or not, and seconds by each clock, -1 where
    unknown or in error; and the local `hour` of the week the customer wrote, from Monday's first, 0."""
    periods = [each for each in (period, before) if each]
    rows = facts.conversations
    assert rows is not None
    rows = within(rows.filter(rows.standing == COUNTED), periods)
    columns: dict[str, ir.Value] = {}
    for name in names:
        columns |= {f"{name}_{what}": rows[f"{name}_{what}"] for what in ("ended", "settled")}
        right = rows[f"{name}_error"] == 0
        for clock in CLOCKS:
            columns[f"{name}_{clock}"] = right.ifelse(rows[f"{name}_{clock}"].fill_null(-1), -1).cast("int32")
    # 1 January 1970 was a Thursday: three days after a Monday.
    hour = (local_seconds(rows["at"], periods) + 3 * DAY) % (7 * DAY) // 3_600
    picked = rows.select(*dimensions, day=local_day(rows, periods), hour=hour.cast("int16"), **columns)
    return Frame(facts.fetch(picked), period, before)


@dataclass(frozen=True, slots=True)
class Waits:
    """Waiting times in ascending order, the ended before the censored where equal; `order` their rows."""

    seconds: NDArray[np.int32]
    ended: NDArray[np.bool_]
    order: NDArray[np.intp]


def ascending(seconds: NDArray[np.int32], ended: NDArray[np.bool_]) -> Waits:
    """Sort waiting times; negative ones (unknown) are left out. O(n): two stable counting sorts of 16 bits."""
    known = np.flatnonzero(seconds >= 0)
    if len(known) < len(seconds):
        seconds, ended = seconds[known], ended[known]
    keys = (seconds.astype("<u4") << 1) | ~ended
    halves = keys.view("<u2").reshape(-1, 2)
    order = np.argsort(halves[:, 0], kind="stable")
    order = order[np.argsort(halves[:, 1][order], kind="stable")]
    return Waits(seconds[order], ended[order], known[order])


def split(waits: Waits, codes: Codes) -> list[tuple[NDArray[np.int32], NDArray[np.bool_]]]:
    """The waits of each group, each still ascending: one stable counting sort for all groups."""
    size = len(codes.keys)
    if size == 1 and len(codes.of_row) and codes.of_row.min() == 0:
        return [(waits.seconds, waits.ended)]
    numbers = (codes.of_row[waits.order] + 1).astype(np.uint8 if size < 255 else np.uint16)
    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=size + 1))
    seconds, ended = waits.seconds[order], waits.ended[order]
    return [(seconds[a:b], ended[a:b]) for a, b in pairwise(ends)]


def _distinct(
    seconds: NDArray[np.int32], ended: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Ascending waits as counts per distinct time, ended and not: logarithms are taken once for each."""
    last = np.flatnonzero(np.append(seconds[1:] != seconds[:-1], True)[: len(seconds)])
    ends = np.diff(np.cumsum(ended, dtype=np.int64)[last], prepend=0)
    return seconds[last], ends, np.diff(last, prepend=-1) - ends


def estimates(seconds: NDArray[np.int32], ended: NDArray[np.bool_], wait: Wait, clock: str) -> dict[str, Estimate]:
    """Median and 90th percentile of one group, Kaplan-Meier and naive."""
    times, ends, waits = _distinct(seconds, ended)
    curve = kaplan_meier(times, ends, waits)
    honest = tuple(wait.definition(clock, f"{name}.kaplan_meier") for name in _PERCENTILES)
    found = dict(zip(_PERCENTILES, curve.percentiles(tuple(_PERCENTILES.values()), honest, "seconds"), strict=True))
    some, seen = ends > 0, int(ends.sum())
    for name, p in _PERCENTILES.items():
        definition = wait.definition(clock, f"{name}.naive")
        coverage = seen / len(seconds) if len(seconds) else None
        found[f"naive_{name}"] = percentile(times[some], ends[some], p, definition, "seconds", coverage=coverage)
    return found


def figures(frame: Frame, wait: Wait, clock: str, dimensions: list[str], *, judged: bool = False) -> Raw:
    """The figures of each group of each dimension, by one clock. Headline: the Kaplan-Meier median."""
    column = frame.numbers(f"{wait.name}_{clock}")
    waits = ascending(column, frame.numbers(f"{wait.name}_ended"))
    settled = np.flatnonzero(frame.numbers(f"{wait.name}_settled") & (column >= 0))
    found: dict[str, list[tuple[Any, Figure]]] = {}
    apart: dict[str, list[Difference]] = {}
    for dimension in dimensions:
        codes = frame.codes(dimension)
        over = np.bincount(codes.of_row[settled] + 1, minlength=len(codes.keys) + 1)[1:]
        found[dimension] = []
        pieces = split(waits, codes)
        for key, (seconds, ended), without in zip(codes.keys, pieces, over.tolist(), strict=True):
            beside = estimates(seconds, ended, wait, clock)
            answered = int(ended.sum())
            counts = {"ended": answered, "waiting": len(ended) - answered - without}
            counts |= {"settled": without} if wait.settles else {}
            reckoned = Reckoned(beside.pop("p50"), beside, counts)
            found[dimension].append((key, figure(frame, wait.name, dimension, key, reckoned)))
        if judged and category(dimension) and len(pieces) > 1:
            medians = [each.estimate for _, each in found[dimension]]
            apart[dimension] = [
                difference(median, rest) for median, rest in zip(medians, _rests(pieces, medians[0]), strict=True)
            ]
    return Raw(found, apart)


def _rests(pieces: list[tuple[NDArray[np.int32], NDArray[np.bool_]]], like: Estimate) -> list[Estimate]:
    """The median of all the other groups, for each group: from counts per distinct time, of which all groups'
    together less its own are the others'."""
    times = np.unique(np.concatenate([seconds for seconds, _ in pieces]))
    each = []
    for seconds, ended in pieces:
        places = np.searchsorted(times, seconds)
        each.append((_tally(places[ended], len(times)), _tally(places[~ended], len(times))))
    ends, waits = (np.sum([one[side] for one in each], axis=0) for side in (0, 1))
    curves = [kaplan_meier(times, ends - e, waits - w) for e, w in each]
    return [curve.percentiles((0.5,), (like.definition,), like.unit)[0] for curve in curves]


def _tally(places: NDArray[np.intp], size: int) -> NDArray[np.int64]:
    return np.bincount(places, minlength=size)


def outcomes(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """The parts of the population that can be looked at."""
    return {"ended": rows.ended, "waiting": ~rows.ended & ~rows.settled, "settled": rows.settled}
