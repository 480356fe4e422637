"""CSAT: how many were satisfied, how much on average, and how the answers lay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerable.core.estimates.estimate import CONFIDENCE, Definition, Estimate, ratio
from answerable.core.estimates.mean import mean
from answerable.core.estimates.share import share

CSAT = Definition("csat.top_two_box", 1)
CSAT_MEAN = Definition("csat.mean", 1)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """CSAT of one group: the share of 4 and 5, the mean, answers per score 1 to 5, the not applicable."""

    satisfied: Estimate
    mean: Estimate
    distribution: tuple[int, int, int, int, int]
    not_applicable: int
    invited: int | None


def satisfaction(
    distribution: Sequence[int],
    *,
    not_applicable: int = 0,
    invited: int | None = None,
    confidence: float = CONFIDENCE,
) -> Satisfaction:
    """CSAT from the number of answers 1, 2, 3, 4, 5. "Not applicable" answers stay out of n.

    The response rate counts everyone who answered, "not applicable" too, over those invited.
    Source: top-two-box share; interval by Wilson (share.py).
    Raises ValueError on another scale, a negative count, or more answers than invitations.
    """
    if len(distribution) != 5 or min(*distribution, not_applicable) < 0:
        raise ValueError(f"CSAT needs five counts, of scores 1 to 5, none below 0: got {list(distribution)}.")
    one, two, three, four, five = (int(count) for count in distribution)
    n = one + two + three + four + five
    if invited is not None and n + not_applicable > invited:
        raise ValueError(f"CSAT: {n + not_applicable} answers to {invited} invitations.")
    coverage = None if invited is None else ratio(n + not_applicable, invited)
    counts = {1.0: one, 2.0: two, 3.0: three, 4.0: four, 5.0: five}
    return Satisfaction(
        share(four + five, n, CSAT, coverage=coverage, confidence=confidence),
        _on_the_scale(mean(counts, CSAT_MEAN, "score", coverage=coverage, confidence=confidence)),
        (one, two, three, four, five),
        not_applicable,
        invited,
    )


def _on_the_scale(found: Estimate) -> Estimate:
    """Few answers bound a mean by less than the scale does, beyond which no mean can lie."""
    if found.low is None or found.high is None:
        return found
    return replace(found, low=max(1.0, found.low), high=min(5.0, found.high))
