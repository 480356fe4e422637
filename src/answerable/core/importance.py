"""Importance and performance: what to mend first, what to keep, what to leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median


class Quadrant(StrEnum):
    """Where an attribute stands. Source: Martilla & James (1977), Journal of Marketing 41:77-79."""

    CONCENTRATE = "concentrate here"
    KEEP = "keep up the good work"
    LOW_PRIORITY = "low priority"
    OVERKILL = "possible overkill"


@dataclass(frozen=True, slots=True)
class Crosshair:
    """Where the lines cross, and by which rule: mean, median or given. Another crosshair is another picture."""

    importance: float
    performance: float
    rule: str


@dataclass(frozen=True, slots=True)
class Quadrants:
    """The crosshair used, and the quadrant of each attribute."""

    crosshair: Crosshair
    attributes: dict[str, Quadrant]


def crosshair(importance: Mapping[str, float], performance: Mapping[str, float], rule: str = "mean") -> Crosshair:
    """The mean or the median of each axis. Raises ValueError on another rule, or without attributes."""
    if rule not in ("mean", "median") or not importance:
        raise ValueError(f"A crosshair is the mean or the median of attributes: got {rule} of {len(importance)}.")
    centre = fmean if rule == "mean" else median
    return Crosshair(centre(importance.values()), centre(performance.values()), rule)


def quadrants(importance: Mapping[str, float], performance: Mapping[str, float], cross: Crosshair) -> Quadrants:
    """The quadrant of each attribute; what stands on a line counts as above it.

    Importance may be a mean expectation, stated weights or Shapley shares: any scale, as long as it is the
    crosshair's. Raises ValueError unless both mappings are of the same attributes.
    """
    if set(importance) != set(performance):
        odd = sorted(set(importance) ^ set(performance))
        raise ValueError(f"Importance and performance are needed of every attribute: {', '.join(odd)} lacks one.")
    return Quadrants(
        cross,
        {
            name: _quadrant(importance[name] >= cross.importance, performance[name] >= cross.performance)
            for name in importance
        },
    )


def _quadrant(important: bool, performs: bool) -> Quadrant:
    if important:
        return Quadrant.KEEP if performs else Quadrant.CONCENTRATE
    return Quadrant.OVERKILL if performs else Quadrant.LOW_PRIORITY
