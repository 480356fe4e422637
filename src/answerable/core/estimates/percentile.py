"""Percentiles of values seen to the end, with intervals that assume no shape.

For waiting times these are the naive figures: who still waits is not among them. See survival.py.
"""

from __future__ import annotations

from math import ceil, floor, sqrt

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates.distributions import binomial_quantile, z_of
from answerable.core.estimates.estimate import CONFIDENCE, Definition, Estimate, nothing

METHOD = "type 7 percentile (Hyndman and Fan 1996); binomial interval of ranks (Hahn and Meeker 1991)"
_EXACT_RANKS = 10_000


def ranks(n: int, p: float, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """The ranks, counted from 1, between which the p-quantile lies; 0 or n + 1 mean "not bounded".

    Source: Hahn & Meeker (1991), Statistical Intervals, section 5.2. Exact to n = 10,000; above it by
    Cornish and Fisher's second term, which is at most one rank off (tests compare them).
    """
    tail = (1 - confidence) / 2
    if n <= _EXACT_RANKS:
        return binomial_quantile(tail, n, p), binomial_quantile(1 - tail, n, p) + 1
    z = z_of(confidence)
    centre = n * p + (z * z - 1) * (1 - 2 * p) / 6
    half = z * sqrt(n * p * (1 - p))
    return ceil(centre - half - 0.5), ceil(centre + half - 0.5) + 1


def percentile(
    values: NDArray[np.number],
    counts: NDArray[np.integer],
    p: float,
    definition: Definition,
    unit: str,
    *,
    coverage: float | None = None,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """The p-quantile, 0 < p < 1, of ascending `values` that occur `counts` times (arrays of one length).

    Linear between ranks: type 7 of Hyndman & Fan (1996), The American Statistician 50:361-365, which is
    what spreadsheets, numpy and R give when not told otherwise.
    """
    upto = np.cumsum(counts)
    n = int(upto[-1]) if len(upto) else 0
    if n == 0:
        return nothing(definition, unit, METHOD, coverage=coverage)

    def at(rank: int) -> float | None:
        """The value of that rank, or None outside 1 .. n."""
        return float(values[np.searchsorted(upto, rank)]) if 1 <= rank <= n else None

    position = 1 + (n - 1) * p
    below, above = at(floor(position)), at(min(floor(position) + 1, n))
    assert below is not None
    assert above is not None
    value = below + (position - floor(position)) * (above - below)
    first, last = ranks(n, p, confidence)
    low, high = at(first), at(last)
    # A type 7 percentile of a handful of values may stand outside the ranks' interval: widen, never shrink.
    low = low if low is None else min(low, value)
    high = high if high is None else max(high, value)
    return Estimate(value, low, high, n, coverage, definition, METHOD, unit)
