"""Counts, sums and products of answers, pair by pair: all that means, covariances and reliability need.

They add up: two teams' moments make the company's, and a database can send them instead of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates import CONFIDENCE, Definition, Estimate, mean_of_sums
from answerable.core.estimates.distributions import t_quantile
from answerable.core.estimates.estimate import nothing

METHOD = "Student's t interval of a weighted sum of means, pairwise covariances"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Three (k, k) arrays over k questions.

    `counts[i, j]` answered both i and j; `sums[i, j]` adds up their answers to i; `products[i, j]` their
    answers to i times those to j. The diagonal so holds n, the sum and the sum of squares of each question.
    """

    counts: Ints
    sums: Floats
    products: Floats

    def __add__(self, other: Self) -> Self:
        return type(self)(self.counts + other.counts, self.sums + other.sums, self.products + other.products)

    @property
    def size(self) -> int:
        """k, how many questions."""
        return len(self.counts)

    def mean(
        self, index: int, definition: Definition, unit: str, *, coverage: float | None = None,
        confidence: float = CONFIDENCE,
    ) -> Estimate:  # fmt: skip
        """The mean answer to one question, with Student's interval."""
        n, total, squares = (array[index, index] for array in (self.counts, self.sums, self.products))
        return mean_of_sums(
            int(n), float(total), float(squares), definition, unit, coverage=coverage, confidence=confidence
        )

    def covariance(self) -> Floats:
        """The (k, k) covariances, each over those who answered both questions; nan where fewer than two did."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (self.products - self.sums * self.sums.T / self.counts) / (self.counts - 1)
        return np.where(self.counts > 1, found, np.nan)

    def combination(
        self, weights: Sequence[float], definition: Definition, unit: str, *, coverage: float | None = None,
        confidence: float = CONFIDENCE,
    ) -> Estimate:  # fmt: skip
        """The sum of the means times `weights`; n is the smallest of theirs.

        Its variance is the sum over i, j of w(i) w(j) cov(i, j) n(i, j) / (n(i) n(j)): two means share the error of
        those who answered both. No value when a question has no answer, no interval when a pair has one alone.
        """
        each = np.diag(self.counts)
        n = int(each.min(initial=np.iinfo(np.int64).max)) if self.size else 0
        if n == 0:
            return nothing(definition, unit, METHOD, coverage=coverage)
        factors = np.asarray(weights, dtype=np.float64)
        value = float(factors @ (np.diag(self.sums) / each))
        shared = np.where(self.counts > 0, self.covariance() * self.counts / np.outer(each, each), 0.0)
        variance = float(factors @ shared @ factors)
        if n == 1 or np.isnan(variance):
            return Estimate(value, None, None, n, coverage, definition, METHOD, unit)
        half = t_quantile(0.5 + confidence / 2, n - 1) * sqrt(max(0.0, variance))
        return Estimate(value, value - half, value + half, n, coverage, definition, METHOD, unit)


def moments(answers: Floats) -> Moments:
    """The moments of (persons, k) answers, nan where there is none."""
    there = ~np.isnan(answers)
    counted, values = there.astype(np.float64), np.where(there, answers, 0.0)
    return Moments((counted.T @ counted).astype(np.int64), values.T @ counted, values.T @ values)
