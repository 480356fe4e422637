"""From sums per group to figures: each group, each against the rest, and the chart of its trend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any

from answerable.core.estimates import Difference, Estimate, difference
from answerable.core.quality import individuals, proportions, signals
from answerable.measure.figure import Control, Figure, Group, select
from answerable.measure.frame import BEFORE, TOTAL, Frame
from answerable.measure.period import CUTS

if TYPE_CHECKING:
    from answerable.measure.period import Period

Sums = Mapping[str, int]
Figures = dict[str, list[tuple[Any, Figure]]]


@dataclass(frozen=True, slots=True)
class Raw:
    """The figures of one indicator, by dimension and key.

    `apart` holds, beside `figures` of the same dimension, each group less all the others. `change` is of the
    period against the one before where it is not simply that of the two estimates. `counted` says that
    the estimate is a share of things counted, so that its trend has limits by size.
    """

    figures: Figures
    apart: dict[str, list[Difference]] = field(default_factory=dict)
    change: Difference | None = None
    counted: bool = False
    hidden: dict[str, frozenset[int]] = field(default_factory=dict)


def together(parts: Iterable[Raw]) -> Raw:
    """The figures of an indicator whose dimensions were reckoned apart."""
    found = Raw({})
    for part in parts:
        found.figures.update(part.figures)
        found.apart.update(part.apart)
    return found


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What comes of the sums of one group."""

    estimate: Estimate
    beside: dict[str, Estimate] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """An indicator made of counts: its columns, what they come to, how two groups differ (where not simply as
    their estimates do), whether it is a share of things counted, and the outcome that those are of."""

    name: str
    columns: tuple[str, ...]
    reckon: Callable[[Sums], Reckoned]
    differ: Callable[[Sums, Sums], Difference] | None = None
    share: bool = True
    outcome: str = "all"

    def difference(self, after: Sums, before: Sums) -> Difference:
        """What is after less what is before."""
        if self.differ is not None:
            return self.differ(after, before)
        return difference(self.reckon(after).estimate, self.reckon(before).estimate)


def counted(frame: Frame, of: Counted, dimensions: list[str], *, judged: bool = True) -> Raw:
    """The figures of each group of each dimension; with `judged`, each category also against the rest."""
    sums: dict[str, list[tuple[Any, Sums]]] = {each: [*frame.sums(each, of.columns)] for each in dimensions}
    return reckoned(frame, of, sums, judged=judged)


def reckoned(frame: Frame, of: Counted, sums: Mapping[str, list[tuple[Any, Sums]]], *, judged: bool) -> Raw:
    """The same of sums by dimension and key."""
    found: Figures = {}
    apart: dict[str, list[Difference]] = {}
    for dimension, pieces in sums.items():
        found[dimension] = [
            (key, figure(frame, of.name, dimension, key, of.reckon(each), of.outcome)) for key, each in pieces
        ]
        if judged and category(dimension) and len(pieces) > 1:
            whole = {name: sum(each[name] for _, each in pieces) for name in of.columns}
            rest = [{name: whole[name] - each[name] for name in of.columns} for _, each in pieces]
            apart[dimension] = [of.difference(each, others) for (_, each), others in zip(pieces, rest, strict=True)]
    change = None
    if of.differ is not None and sums.get(BEFORE):
        change = of.differ(sums[TOTAL][0][1], sums[BEFORE][0][1])
    return Raw(found, apart, change, of.share)


def category(dimension: str) -> bool:
    """Whether a dimension is of groups that can be set against each other."""
    return dimension not in (TOTAL, BEFORE, *CUTS)


def figure(frame: Frame, name: str, dimension: str, key: Any, reckoned: Reckoned, outcome: str = "all") -> Figure:
    """The figure of one group, with the selection of what it is made of."""
    period: Period = frame.before if dimension == BEFORE and frame.before else frame.period
    narrowed = None if dimension in (TOTAL, BEFORE) else dimension
    return Figure(reckoned.estimate, select(period, name, narrowed, key, outcome), reckoned.beside, reckoned.counts)


def control(groups: list[Group], cut: str, *, share: bool) -> Control | None:
    """The control chart of a trend; pieces without a value are left out. None when none has one.

    A share of things counted has limits by size (p), all else those of single values (XmR).
    """
    shown = [(str(group.key), group.figure.estimate) for group in groups]
    points = [(key, estimate.value, estimate.n) for key, estimate in shown if estimate.value is not None]
    if not points:
        return None
    keys, values, sizes = zip(*points, strict=True)
    if share:
        chart = proportions([round(value * n) for value, n in zip(values, sizes, strict=True)], sizes)
    else:
        chart = individuals(values)

    def limits(limit: Any) -> tuple[float | None, ...]:
        return tuple(float(each) if isfinite(each) else None for each in limit)

    return Control(
        chart.kind, cut, keys, values, chart.centre, limits(chart.low), limits(chart.high),
        tuple(keys[at] for at in chart.outside),
        tuple((signal.rule, keys[signal.at]) for signal in signals(chart)),
        chart.provisional,
    )  # fmt: skip
