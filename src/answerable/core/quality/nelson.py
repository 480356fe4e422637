"""Nelson's eight rules: runs of points that a process left to itself would hardly ever show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerable.core.quality.control import ControlChart

Floats = NDArray[np.float64]

RULES = {
    1: "one point beyond three sigma",
    2: "nine points in a row on one side of the centre",
    3: "six points in a row, all rising or all falling",
    4: "fourteen points in a row, up and down by turns",
    5: "two of three points beyond two sigma on one side",
    6: "four of five points beyond one sigma on one side",
    7: "fifteen points in a row within one sigma",
    8: "eight points in a row beyond one sigma, on both sides",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule, the point (from 0) at which it came true, and the points that make it true."""

    rule: int
    at: int
    points: tuple[int, ...]


def signals(chart: ControlChart) -> tuple[Signal, ...]:
    """Every point at which one of the rules comes true, by rule and point.

    Points are measured in their own sigma, so that rules hold where sizes vary; rules 3 and 4 compare the
    values themselves. A point on a line is not beyond it, one on the centre on neither side. In rules 5 and 6
    the point itself must be beyond; at the start of a chart fewer points than three or five may do.
    Without limits, or without any variation, nothing signals.
    Source: Nelson (1984), Journal of Quality Technology 16:237-239.
    """
    if chart.centre is None or not (chart.sigma > 0).all():
        return ()
    z = (chart.values - chart.centre) / chart.sigma
    steps = np.sign(np.diff(chart.values))
    found: list[Signal] = []
    for at in range(len(z)):
        for rule, points in (
            (1, (at,) if abs(z[at]) > 3 else ()),
            (2, _row(at, 9, lambda run: _one_side(z[run], 0))),
            (3, _row(at, 6, lambda run: bool(abs(steps[run[:-1]].sum()) == 5))),
            (4, _row(at, 14, lambda run: bool((steps[run[:-2]] * steps[run[1:-1]] == -1).all()))),
            (5, _most(z, at, 2, 3, 2)),
            (6, _most(z, at, 4, 5, 1)),
            (7, _row(at, 15, lambda run: bool((np.abs(z[run]) < 1).all()))),
            (8, _row(at, 8, lambda run: bool((np.abs(z[run]) > 1).all()) and not _one_side(z[run], 1))),
        ):
            if points:
                found.append(Signal(rule, at, points))
    return tuple(sorted(found, key=lambda signal: (signal.rule, signal.at)))


def _row(at: int, length: int, holds: Callable[[NDArray[np.int64]], bool]) -> tuple[int, ...]:
    """The run of `length` points that ends at `at`, if there are as many and the rule holds for them."""
    if at + 1 < length:
        return ()
    run = np.arange(at + 1 - length, at + 1)
    return tuple(int(point) for point in run) if holds(run) else ()


def _one_side(z: Floats, beyond: float) -> bool:
    """Whether all points lie beyond so many sigma on one side."""
    return bool((z > beyond).all() or (z < -beyond).all())


def _most(z: Floats, at: int, least: int, of: int, beyond: float) -> tuple[int, ...]:
    """Those of the last `of` points that lie beyond on the side of point `at`, if it is one of `least` or more."""
    if not abs(z[at]) > beyond:
        return ()
    window = range(max(0, at + 1 - of), at + 1)
    points = tuple(point for point in window if z[point] * np.sign(z[at]) > beyond)
    return points if len(points) >= least else ()
