"""A share of a sample, with Wilson's interval."""

from __future__ import annotations

from math import sqrt

from answerable.core.estimates.distributions import z_of
from answerable.core.estimates.estimate import CONFIDENCE, Definition, Estimate, nothing

METHOD = "Wilson score interval (Wilson 1927)"


def wilson(part: float, whole: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Low and high limit of the share `part / whole`, whole > 0; counts need not be whole numbers (effective samples).

    Source: Wilson (1927), JASA 22:209-212; method 3 of Newcombe (1998), Statistics in Medicine 17:857-872.
    """
    z = z_of(confidence)
    share = part / whole
    centre = part + z * z / 2
    half = z * sqrt(whole * share * (1 - share) + z * z / 4)
    scale = whole + z * z
    low = 0.0 if part == 0 else min((centre - half) / scale, share)
    high = 1.0 if part == whole else max((centre + half) / scale, share)
    return low, high


def share(
    part: int,
    whole: int,
    definition: Definition,
    *,
    coverage: float | None = None,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """The share `part / whole` as an estimate. Raises ValueError unless 0 <= part <= whole."""
    if not 0 <= part <= whole:
        raise ValueError(f"{definition.name}: {part} of {whole} is not a share.")
    if whole == 0:
        return nothing(definition, "share", METHOD, coverage=coverage)
    low, high = wilson(part, whole, confidence)
    return Estimate(part / whole, low, high, whole, coverage, definition, METHOD, "share")
