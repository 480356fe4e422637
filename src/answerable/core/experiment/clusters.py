"""A share among things that come in bunches: conversations of one customer are not independent of one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from answerable.core.estimates import CONFIDENCE, Definition, Estimate, wilson
from answerable.core.estimates.distributions import t_quantile, z_of
from answerable.core.estimates.estimate import nothing

METHOD = "Wilson score interval on the effective sample of whole customers (Korn and Graubard 1998)"


@dataclass(frozen=True, slots=True)
class Clustered:
    """A share, of how many bunches, and its design effect.

    `effect` is by how many times bunching widens the variance (Kish 1965): one conversation counts as 1 / effect
    independent ones. Never below 1: chance alone may make bunches look more alike than lots would.
    """

    estimate: Estimate
    clusters: int
    effect: float


def clustered_share(
    counts: Sequence[tuple[int, int]], definition: Definition, *, confidence: float = CONFIDENCE
) -> Clustered:
    """The share over all bunches, each given as (part, whole); those with nothing in them are left out.

    The variance is that of a ratio over whole bunches (Cochran 1977, Sampling Techniques, 3rd edition, 3.12); the
    interval is Wilson's with the sample divided by the design effect, and with Student's quantile for the number of
    bunches (Korn & Graubard 1998, Survey Methodology 24:193-201). One bunch alone says nothing of how much they differ:
    no interval. Raises ValueError unless 0 <= part <= whole.
    """
    some = [(part, whole) for part, whole in counts if whole]
    if any(not 0 <= part <= whole for part, whole in counts):
        raise ValueError(f"{definition.name}: a part outside its whole.")
    parts, n = sum(part for part, _whole in some), sum(whole for _part, whole in some)
    if n == 0:
        return Clustered(nothing(definition, "share", METHOD), 0, 1.0)
    value, clusters = parts / n, len(some)
    if clusters == 1:
        return Clustered(Estimate(value, None, None, n, None, definition, METHOD, "share"), 1, 1.0)
    independent = value * (1 - value) / (n - 1)
    effect = max(1.0, variance(some) / independent) if independent else 1.0
    worth = n / effect * (z_of(confidence) / t_quantile(0.5 + confidence / 2, clusters - 1)) ** 2
    low, high = wilson(value * worth, worth, confidence)
    return Clustered(Estimate(value, low, high, n, None, definition, METHOD, "share"), clusters, effect)


def variance(counts: Sequence[tuple[int, int]]) -> float:
    """Of the ratio of the sums, from at least two bunches (part, whole): Cochran 1977, equation 3.34."""
    n, clusters = sum(whole for _part, whole in counts), len(counts)
    value = sum(part for part, _whole in counts) / n
    squares = sum((part - value * whole) ** 2 for part, whole in counts)
    return clusters / (clusters - 1) * squares / n**2
