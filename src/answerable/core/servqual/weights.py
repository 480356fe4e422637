"""How much each dimension matters: points that sum to 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class WeightFault:
    """A respondent, by row counted from 0, whose points are not of every dimension or do not sum to 100."""

    row: int
    total: float


def checked(weights: Mapping[str, float], dimensions: Sequence[str]) -> tuple[float, ...]:
    """The weights as parts of 1 in the order of `dimensions`.

    Raises ValueError unless every dimension, and nothing else, has points from 0 to 100 that sum to 100.
    """
    if set(weights) != set(dimensions):
        raise ValueError(f"SERVQUAL weights are of {', '.join(weights)}; the dimensions are {', '.join(dimensions)}.")
    total = sum(weights.values())
    if min(weights.values()) < 0 or abs(total - 100) > _ROUNDING:
        raise ValueError(f"SERVQUAL weights must be points that sum to 100, none below 0: they sum to {total:g}.")
    return tuple(weights[name] / 100 for name in dimensions)


def mean_weights(
    points: NDArray[np.float64], dimensions: Sequence[str]
) -> tuple[dict[str, float] | None, tuple[WeightFault, ...]]:
    """The mean points per dimension of (persons, D) answers, nan where there is none; None if nobody's stand.

    Who gave no points at all is left out; whose points do not sum to 100 is left out and reported.
    """
    asked = ~np.isnan(points).all(axis=1)
    totals = points.sum(axis=1)
    good = asked & (np.abs(totals - 100) <= _ROUNDING) & (np.where(np.isnan(points), 0.0, points) >= 0).all(axis=1)
    faults = tuple(WeightFault(int(row), float(np.nansum(points[row]))) for row in np.flatnonzero(asked & ~good))
    if not good.any():
        return None, faults
    return dict(zip(dimensions, (float(each) for each in points[good].mean(axis=0)), strict=True)), faults


def combined(gaps: Mapping[str, float], weights: Mapping[str, float] | None = None) -> float:
    """One gap from those of the dimensions: their plain mean, or weighted by points that sum to 100.

    Source: Zeithaml, Parasuraman & Berry (1990), Delivering Quality Service, appendix A.
    """
    if weights is None:
        return sum(gaps.values()) / len(gaps)
    parts = checked(weights, tuple(gaps))
    return sum(part * gap for part, gap in zip(parts, gaps.values(), strict=True))
