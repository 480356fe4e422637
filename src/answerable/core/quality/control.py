"""Control charts: what a process does by itself, so that what is out of it stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

ENOUGH = 20
D2 = 1.128  # the mean range of two, in standard deviations
D4 = 3.267  # the upper limit of a range of two, in mean ranges

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ControlChart:
    """A chart of m points: arrays of m.

    `sigma` is the standard error of each point about `centre`, `low` and `high` its three-sigma limits, kept
    within what the measure can be. Limits of fewer than 20 points are `provisional`.
    """

    kind: Literal["XmR", "p", "u"]
    values: Floats
    centre: float | None
    sigma: Floats
    low: Floats
    high: Floats
    ranges: Floats
    ranges_centre: float | None
    ranges_high: float | None

    @property
    def provisional(self) -> bool:
        """Whether there are too few points for limits to rely on. Source: Shewhart (1931); Wheeler (1993)."""
        return len(self.values) < ENOUGH

    @property
    def outside(self) -> tuple[int, ...]:
        """The points beyond a limit, counted from 0."""
        return tuple(int(each) for each in np.flatnonzero((self.values < self.low) | (self.values > self.high)))


def individuals(values: Sequence[float]) -> ControlChart:
    """XmR: one value per period, sigma from the mean moving range over 1.128 (limits: 2.66 mean ranges).

    The range chart's upper limit is 3.267 mean ranges. With fewer than two points there are no limits.
    Source: Wheeler (1993), Understanding Variation; NIST/SEMATECH e-Handbook 6.3.2.2.
    Raises ValueError on a value that is not finite.
    """
    points = _finite(values)
    ranges = np.abs(np.diff(points))
    mean_range = float(ranges.mean()) if len(ranges) else None
    centre = float(points.mean()) if len(points) else None
    error = np.full(len(points), np.nan if mean_range is None else mean_range / D2)
    middle = np.nan if centre is None else centre
    return ControlChart(
        "XmR", points, centre, error, middle - 3 * error, middle + 3 * error,
        ranges, mean_range, None if mean_range is None else D4 * mean_range,
    )  # fmt: skip


def proportions(defectives: Sequence[int], sizes: Sequence[int]) -> ControlChart:
    """p: the share of defective items per period, each with limits of its own size.

    Source: NIST/SEMATECH e-Handbook 6.3.3.2. Raises ValueError on an empty period, a negative count or more
    defective items than items.
    """
    bad, n = _counted(defectives, sizes, "items")
    over = np.flatnonzero(bad > n)
    if len(over):
        raise ValueError(f"p chart: point {over[0]} has {bad[over[0]]:g} defective items of {n[over[0]]:g}.")
    centre = float(bad.sum() / n.sum()) if len(n) else None
    spread = 0.0 if centre is None else centre * (1 - centre)
    return _attributes("p", bad, n, centre, spread, 1.0)


def rates(defects: Sequence[int], sizes: Sequence[float]) -> ControlChart:
    """u: defects per unit and period, each with limits of its own size (units, hours, conversations).

    Source: NIST/SEMATECH e-Handbook 6.3.3.1. Raises ValueError on an empty period or a negative count.
    """
    found, n = _counted(defects, sizes, "units")
    centre = float(found.sum() / n.sum()) if len(n) else None
    return _attributes("u", found, n, centre, centre or 0.0, np.inf)


def _attributes(
    kind: Literal["p", "u"], counts: Floats, n: Floats, centre: float | None, spread: float, most: float
) -> ControlChart:
    """A chart of counts over sizes, with the spread of one unit."""
    middle = centre or 0.0
    error = np.sqrt(spread / n)
    low, high = np.maximum(0.0, middle - 3 * error), np.minimum(most, middle + 3 * error)
    return ControlChart(kind, counts / n, centre, error, low, high, np.empty(0), None, None)


def _finite(values: Sequence[float]) -> Floats:
    points = np.asarray(values, dtype=np.float64)
    if not np.isfinite(points).all():
        raise ValueError(f"Control chart: point {np.flatnonzero(~np.isfinite(points))[0]} is not a number.")
    return points


def _counted(counts: Sequence[int], sizes: Sequence[float], of: str) -> tuple[Floats, Floats]:
    found, n = _finite(counts), _finite(sizes)
    if len(found) != len(n):
        raise ValueError(f"Control chart: {len(found)} counts, but {len(n)} sizes.")
    wrong = np.flatnonzero((found < 0) | (n <= 0))
    if len(wrong):
        raise ValueError(
            f"Control chart: point {wrong[0]} has {found[wrong[0]]:g} of {n[wrong[0]]:g} {of}; leave empty periods out."
        )
    return found, n
