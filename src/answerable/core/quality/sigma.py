"""Defects per million opportunities, and the sigma level they stand for."""

from __future__ import annotations

from dataclasses import dataclass

from answerable.core.estimates import CONFIDENCE, Definition, Estimate, wilson
from answerable.core.estimates.distributions import normal_quantile
from answerable.core.estimates.estimate import nothing

DPMO = Definition("quality.dpmo", 1)
SIGMA = Definition("quality.sigma.shifted", 1)
SIGMA_UNSHIFTED = Definition("quality.sigma.unshifted", 1)
SHIFT = 1.5
METHOD = "normal quantile, Wilson score interval (Wilson 1927)"
NONE_SEEN = "rule of three (Hanley and Lippman-Hand 1983)"
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Sigma:
    """DPMO, and the sigma level with the 1.5 shift and without it."""

    dpmo: Estimate
    shifted: Estimate
    unshifted: Estimate


def sigma(defects: int, units: int, opportunities: int = 1, *, confidence: float = CONFIDENCE) -> Sigma:
    """The sigma level of `defects` in `units` with so many `opportunities` each.

    DPMO = defects / (units * opportunities) * 10^6; unshifted sigma = the normal value with that share above
    it; shifted = unshifted + 1.5, by the convention of Harry (1988), The Nature of Six Sigma Quality.
    No defect at all gives no sigma but a bound, by the rule of three: the share is at most 3 / n (JAMA
    249:1743-1745), and sigma at least what that gives; nothing but defects gives the opposite bound.
    Fewer than 4 opportunities give no bound either.

    Raises ValueError on a negative count, no opportunity in a unit, or more defects than opportunities.
    """
    if min(defects, units) < 0 or opportunities < 1:
        raise ValueError(f"Sigma: {defects} defects in {units} units of {opportunities} opportunities cannot be.")
    n = units * opportunities
    if defects > n:
        raise ValueError(f"Sigma: {defects} defects, but only {n} opportunities in {units} units.")
    if n == 0:
        return Sigma(nothing(DPMO, "per million", METHOD), *_levels(None, None, None, 0, METHOD))
    share, bound = defects / n, 3 / n
    method = METHOD if 0 < defects < n else NONE_SEEN
    low, high = wilson(defects, n, confidence)
    if defects == 0:
        low, high = 0.0, min(1.0, bound)
    elif defects == n:
        low, high = max(0.0, 1 - bound), 1.0
    dpmo = Estimate(share * _MILLION, low * _MILLION, high * _MILLION, n, None, DPMO, method, "per million")
    return Sigma(dpmo, *_levels(_level(share), _level(high), _level(low), n, method))


def _level(share: float) -> float | None:
    """The unshifted sigma of a share of defects, None at the ends, where it would be infinite."""
    return -normal_quantile(share) if 0 < share < 1 else None


def _levels(
    value: float | None, low: float | None, high: float | None, n: int, method: str
) -> tuple[Estimate, Estimate]:
    """The shifted and the unshifted estimate."""

    def shifted(level: float | None) -> float | None:
        return None if level is None else level + SHIFT

    return (
        Estimate(shifted(value), shifted(low), shifted(high), n, None, SIGMA, method, "sigma"),
        Estimate(value, low, high, n, None, SIGMA_UNSHIFTED, method, "sigma"),
    )
