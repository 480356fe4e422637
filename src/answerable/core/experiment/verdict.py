"""What may be said of a share in two arms, today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from answerable.core.estimates import CONFIDENCE, Definition, Difference, difference
from answerable.core.experiment.clusters import Clustered, clustered_share
from answerable.core.experiment.power import sample_sizes

EARLY = 0.999
"""The confidence demanded before the planned end. Who looks every day at 95 % finds something by chance sooner or
later; at 99.9 % that chance stays negligible, and the last look may use 95 % (Haybittle 1971, British Journal of
Radiology 44:793-797; Peto et al. 1976, British Journal of Cancer 34:585-612)."""


class Finding(StrEnum):
    """Of the first arm against the second."""

    BETTER = "better"
    WORSE = "worse"
    ALIKE = "alike"  # whatever the difference is, it is smaller than the one that matters
    OPEN = "not distinguishable"
    UNKNOWN = "unknown"  # an arm has no figure, or that of one customer


@dataclass(frozen=True, slots=True)
class Judgement:
    """Both arms, their difference at `confidence`, and what it says.

    Where it is open: `more` is about how many more, of both arms together and as they are mixed now, find the smallest
    difference that matters with a chance of 80 %; `more_today` the same for the difference as it is today, None where
    that is 0 or cannot be said. 0 where there are enough already.
    """

    first: Clustered
    second: Clustered
    difference: Difference
    confidence: float
    finding: Finding
    more: int | None = None
    more_today: int | None = None


def judge(
    first: Sequence[tuple[int, int]],
    second: Sequence[tuple[int, int]],
    definition: Definition,
    *,
    smallest: float,
    is_last_look: bool,
) -> Judgement:
    """Judge a share, higher being better, from the (part, whole) of each customer in both arms.

    `smallest` is the difference, as a share, below which it would not matter: named before anybody looked.
    """
    confidence = CONFIDENCE if is_last_look else EARLY
    one = clustered_share(first, definition, confidence=confidence)
    other = clustered_share(second, definition, confidence=confidence)
    apart = difference(one.estimate, other.estimate)
    finding = _finding(apart, smallest)
    if finding is not Finding.OPEN:
        return Judgement(one, other, apart, confidence, finding)
    base, now = other.estimate.value, one.estimate.value
    assert base is not None
    assert now is not None
    wanted = base + smallest if base + smallest <= 1 else base - smallest
    return Judgement(
        one, other, apart, confidence, finding, _more(one, other, base, wanted), _more(one, other, base, now)
    )


def _finding(apart: Difference, smallest: float) -> Finding:
    if apart.value is None or apart.low is None or apart.high is None:
        return Finding.UNKNOWN
    if apart.low > 0 or apart.high < 0:
        return Finding.BETTER if apart.low > 0 else Finding.WORSE
    return Finding.ALIKE if -smallest < apart.low and apart.high < smallest else Finding.OPEN


def _more(one: Clustered, other: Clustered, base: float, wanted: float) -> int | None:
    """How many more of both together tell `wanted` from `base`, bunched as they are, at the last look."""
    if wanted == base or not 0 <= wanted <= 1:
        return None
    have_one, have_other = one.estimate.n, other.estimate.n
    sizes = sample_sizes(wanted, base, ratio=have_other / have_one)
    needed = sizes.first * one.effect + sizes.second * other.effect
    return max(0, ceil(needed) - have_one - have_other)
