"""How many are needed to see a difference."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from answerable.core.estimates import CONFIDENCE
from answerable.core.estimates.distributions import normal_quantile, z_of

POWER = 0.8


class Sizes(NamedTuple):
    """Of each of two samples; not rounded."""

    first: float
    second: float


def sample_sizes(
    first: float, second: float, *, ratio: float = 1.0, power: float = POWER, confidence: float = CONFIDENCE
) -> Sizes:
    """How many independent things each sample needs for the difference of two shares to be found.

    `ratio` is how many of the second there are for one of the first. The chance to find it is `power`, that to find one
    where there is none `1 - confidence`. Source: Fleiss, Tytun & Ury (1980), Biometrics 36:343-346, equation 3, before
    the correction for continuity, since none of our intervals has it. Raises ValueError for shares that are alike or
    outside 0 to 1.
    """
    if first == second or not (0 <= first <= 1 and 0 <= second <= 1):
        raise ValueError(f"There is no sample that tells a share of {first:.4f} from {second:.4f}.")
    pooled = (first + ratio * second) / (ratio + 1)
    by_chance = z_of(confidence) * sqrt((ratio + 1) * pooled * (1 - pooled))
    by_effect = normal_quantile(power) * sqrt(ratio * first * (1 - first) + second * (1 - second))
    size = (by_chance + by_effect) ** 2 / (ratio * (second - first) ** 2)
    return Sizes(size, ratio * size)
