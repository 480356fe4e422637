"""A mean with Student's interval, from sums alone so that no row is needed."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from answerable.core.estimates.distributions import t_quantile
from answerable.core.estimates.estimate import CONFIDENCE, Definition, Estimate, nothing

METHOD = "Student's t interval (Student 1908)"


def mean(
    counts: Mapping[float, int],
    definition: Definition,
    unit: str,
    *,
    coverage: float | None = None,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """The mean of the values in `counts` (value -> how often). One value alone has no interval."""
    n = sum(counts.values())
    if n == 0:
        return nothing(definition, unit, METHOD, coverage=coverage)
    value = sum(each * count for each, count in counts.items()) / n
    if n == 1:
        return Estimate(value, None, None, 1, coverage, definition, METHOD, unit)
    squares = sum(count * (each - value) ** 2 for each, count in counts.items())
    half = t_quantile(0.5 + confidence / 2, n - 1) * sqrt(squares / (n - 1) / n)
    return Estimate(value, value - half, value + half, n, coverage, definition, METHOD, unit)
