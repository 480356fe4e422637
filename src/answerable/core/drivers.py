"""Key drivers: how much each attribute has to do with satisfaction, fairly shared where they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates import CONFIDENCE, Definition, Estimate
from answerable.core.estimates.distributions import beta_tail, z_of

R_SQUARED = Definition("drivers.r_squared", 1)
METHOD = "least squares; asymptotic interval (Olkin and Finn 1995)"
MOST = 15
SMALL = 0.02
"""Less of the differences explained than this is less than a small effect (Cohen 1988: f2 = .02)."""
_SINGULAR = 1e-10

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Driver:
    """One attribute: its part of R2, that part as a share of R2, and which way it goes.

    `correlation` is with the outcome alone, `coefficient` the standardised one beside all the others.
    """

    name: str
    part: float
    share: float | None
    correlation: float
    coefficient: float

    @property
    def sign(self) -> int:
        """1, 0 or -1: whether the outcome is better, on its own account, where the attribute is higher."""
        return (self.correlation > 0) - (self.correlation < 0)

    @property
    def conflicting(self) -> bool:
        """Whether the sign turns round when the other attributes are held: then neither may be claimed."""
        return self.correlation * self.coefficient < 0


@dataclass(frozen=True, slots=True)
class Drivers:
    """R2 of all attributes together, the same adjusted for their number, and the parts, which add up to R2.

    `p_value` is the chance of so large an R2 where none of them has anything to do with the outcome (F test).
    """

    r_squared: Estimate
    adjusted: float
    p_value: float
    drivers: tuple[Driver, ...]

    @property
    def telling(self) -> bool:
        """Whether enough is explained, and surely enough, to be shared out."""
        return (self.r_squared.value or 0.0) >= SMALL and self.p_value < 1 - CONFIDENCE


def drivers(covariance: Floats, names: Sequence[str], n: int, *, confidence: float = CONFIDENCE) -> Drivers:
    """Shapley (LMG) shares from the (p + 1, p + 1) covariances or correlations of n complete answers.

    The outcome stands first; `names` are of the p others, 1 <= p <= 15. Each part is the mean, over all
    orders, of what the attribute adds to R2 when it comes in: exact, by all 2^p subsets, O(p 2^p).
    Source: Lindeman, Merenda & Gold (1980), 119 ff; Grömping (2006), Journal of Statistical Software 17(1).

    Raises ValueError, with names, on a shape that does not fit, more than 15 attributes, n < p + 3, an answer
    that never varies, attributes of which one follows from the others, and covariances put together from
    different people, so that R2 would exceed 1.
    """
    p = len(names)
    if not 1 <= p <= MOST or covariance.shape != (p + 1, p + 1):
        raise ValueError(f"Drivers: {p} attributes (1 to {MOST}) and covariances of shape {covariance.shape}.")
    if n < p + 3:
        raise ValueError(f"Drivers: {n} complete answers are too few for {p} attributes; {p + 3} are the least.")
    correlation = _correlation(covariance, names)
    between, outcome = correlation[1:, 1:], correlation[0, 1:]
    explained = _explained(between, outcome)
    coefficients = np.linalg.solve(between, outcome)
    total = float(explained[-1])
    if total > 1 + _SINGULAR:
        raise ValueError("Drivers: these covariances are not of the same people's complete answers: R2 would exceed 1.")
    parts = _shapley(explained, p)
    return Drivers(
        _r_squared(total, n, p, confidence),
        1 - (1 - total) * (n - 1) / (n - p - 1),
        beta_tail(1 - min(1.0, total), (n - p - 1) / 2, p / 2),
        tuple(
            Driver(name, float(part), float(part) / total if total > 0 else None, float(alone), float(beside))
            for name, part, alone, beside in zip(names, parts, outcome, coefficients, strict=True)
        ),
    )


def _correlation(covariance: Floats, names: Sequence[str]) -> Floats:
    """The correlations, once it is sure that everything varies and nothing follows from the rest."""
    variances = np.diag(covariance)
    still = [name for name, variance in zip(("the outcome", *names), variances, strict=True) if not variance > 0]
    if still:
        raise ValueError(f"Drivers: {', '.join(still)} never varies, so nothing can be told about it.")
    correlation: Floats = covariance / np.sqrt(np.outer(variances, variances))
    values, vectors = np.linalg.eigh(correlation[1:, 1:])
    if values[0] < _SINGULAR:
        same = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 1e-3]
        raise ValueError(f"Drivers: among {', '.join(same)} one follows from the others; leave one out.")
    return correlation


def _explained(between: Floats, outcome: Floats) -> Floats:
    """R2 of every subset of attributes: entry s is of the attributes whose bits are set in s."""
    p = len(outcome)
    found = np.zeros(1 << p)
    for size in range(1, p + 1):
        chosen = np.array(list(combinations(range(p), size)))
        matrices = between[chosen[:, :, None], chosen[:, None, :]]
        sides = outcome[chosen]
        solved = np.linalg.solve(matrices, sides[:, :, None])[:, :, 0]
        found[(1 << chosen).sum(axis=1)] = np.einsum("ij,ij->i", sides, solved)
    return found


def _shapley(worth: Floats, p: int) -> list[float]:
    """The Shapley value of each of p players, from the worth of every subset."""
    subsets = np.arange(1 << p)
    sizes = np.array([subset.bit_count() for subset in range(1 << p)])
    weights = np.array([1 / (p * comb(p - 1, size)) if size < p else 0.0 for size in range(p + 1)])
    parts = []
    for player in range(p):
        without = subsets[(subsets >> player) & 1 == 0]
        gains = worth[without | (1 << player)] - worth[without]
        parts.append(float(weights[sizes[without]] @ gains))
    return parts


def _r_squared(value: float, n: int, p: int, confidence: float) -> Estimate:
    """R2 with the large-sample interval of Olkin & Finn (1995), Psychological Bulletin 118:155-164, kept in 0 to 1."""
    value = min(1.0, value)
    error = sqrt(max(0.0, 4 * value * (1 - value) ** 2 * (n - p - 1) ** 2 / ((n**2 - 1) * (n + 3))))
    half = z_of(confidence) * error
    return Estimate(
        value, max(0.0, value - half), min(1.0, value + half), n, None, R_SQUARED, METHOD, "share"
    )  # fmt: skip
