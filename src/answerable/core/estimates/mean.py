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
    centre = sum(each * count for each, count in counts.items()) / n if n else 0.0
    squares = sum(count * (each - centre) ** 2 for each, count in counts.items())
    return _student(centre, squares, n, definition, unit, coverage, confidence)


def mean_of_sums(
    n: int,
    total: float,
    squares: float,
    definition: Definition,
    unit: str,
    *,
    coverage: float | None = None,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """The mean of `n` values from their sum and the sum of their squares, as a database sends them.

    The squares are taken about zero, so let the values be small numbers, as answers are: the variance
    keeps about 16 digits less those of mean^2 / variance.
    """
    centre = total / n if n else 0.0
    return _student(centre, max(0.0, squares - centre * total), n, definition, unit, coverage, confidence)


def _student(
    value: float, squares: float, n: int, definition: Definition, unit: str, coverage: float | None, confidence: float
) -> Estimate:
    """The estimate from a mean and the squares about it."""
    if n == 0:
        return nothing(definition, unit, METHOD, coverage=coverage)
    if n == 1:
        return Estimate(value, None, None, 1, coverage, definition, METHOD, unit)
    half = t_quantile(0.5 + confidence / 2, n - 1) * sqrt(squares / (n - 1) / n)
    return Estimate(value, value - half, value + half, n, coverage, definition, METHOD, unit)
