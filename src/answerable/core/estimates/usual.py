"""What a day's count usually is, and whether one day is out of the ordinary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from answerable.core.estimates.distributions import t_quantile
from answerable.core.estimates.estimate import CONFIDENCE

FEWEST_DAYS = 4
"""Of fewer days like it nothing is said of a day."""
FEWEST_COUNTED = 5
"""Where neither the day nor the usual reaches this, chance alone explains any difference."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The mean of earlier counts, and between which numbers one more such day lies with 95 % confidence.

    `low` and `high` are None where there were fewer than FEWEST_DAYS; `mean` where there were none.
    """

    mean: float | None
    low: float | None
    high: float | None
    days: int

    def verdict(self, count: int) -> str:
        """`more`, `fewer` or `as usual`; `too few` where days or counts are too few to tell."""
        if self.mean is None or self.low is None or self.high is None or max(count, self.mean) < FEWEST_COUNTED:
            return "too few"
        return "more" if count > self.high else "fewer" if count < self.low else "as usual"


def usual(counts: Sequence[int], confidence: float = CONFIDENCE) -> Usual:
    """From the counts of k earlier days of one kind: mean m, and m +- t(k-1) s sqrt(1 + 1/k), not below zero.

    Source: the prediction interval for one further observation, Hahn & Meeker (1991), Statistical Intervals, section
    4.7. The variance is that of the days, but never less than the mean: counts of independent events vary by as much
    (Poisson), and a few days that happen to be alike do not show that the next will be. Raises ValueError for a
    negative count.
    """
    if any(count < 0 for count in counts):
        raise ValueError("A count cannot be negative.")
    k = len(counts)
    if not k:
        return Usual(None, None, None, 0)
    mean = sum(counts) / k
    if k < FEWEST_DAYS:
        return Usual(mean, None, None, k)
    variance = max(sum((count - mean) ** 2 for count in counts) / (k - 1), mean, 1.0)
    half = t_quantile(0.5 + confidence / 2, k - 1) * sqrt(variance * (1 + 1 / k))
    return Usual(mean, max(0.0, mean - half), mean + half, k)
