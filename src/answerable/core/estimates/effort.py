"""CES 2.0: agreement, 1 to 7, that the company made it easy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from answerable.core.estimates.estimate import CONFIDENCE, Definition, Estimate
from answerable.core.estimates.mean import mean
from answerable.core.estimates.share import share

CES = Definition("ces2.agree", 1)
CES_MEAN = Definition("ces2.mean", 1)

Polarity = Literal["high is easy", "high is hard"]


@dataclass(frozen=True, slots=True)
class Effort:
    """CES of one group: who found it easy, the mean on the scale as asked, and its polarity."""

    easy: Estimate
    mean: Estimate
    distribution: tuple[int, ...]
    polarity: Polarity


def effort(
    distribution: Sequence[int],
    *,
    polarity: Polarity = "high is easy",
    coverage: float | None = None,
    confidence: float = CONFIDENCE,
) -> Effort:
    """CES from the number of answers 1 to 7: share of 5-7 (of 1-3 where high means hard), and the mean.

    Source: CEB (2013), Customer Effort Score 2.0. Raises ValueError on another scale.
    """
    if len(distribution) != 7 or min(distribution) < 0:
        raise ValueError(f"CES needs seven counts, of answers 1 to 7, none below 0: got {list(distribution)}.")
    counts = tuple(int(count) for count in distribution)
    easy = sum(counts[4:]) if polarity == "high is easy" else sum(counts[:3])
    by_answer = {float(answer): count for answer, count in enumerate(counts, start=1)}
    return Effort(
        share(easy, sum(counts), CES, coverage=coverage, confidence=confidence),
        mean(by_answer, CES_MEAN, "score", coverage=coverage, confidence=confidence),
        counts,
        polarity,
    )
