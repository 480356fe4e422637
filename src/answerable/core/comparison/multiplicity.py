"""Many groups at once: one in twenty stands out by chance, so all are judged together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from answerable.core.estimates import CONFIDENCE, Difference
from answerable.core.estimates.distributions import normal_two_sided_p, z_of

Method = Literal["holm", "benjamini-hochberg"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One group's p-value, the same adjusted for how many were looked at, and the word for the report."""

    p: float | None
    adjusted: float | None
    word: Literal["distinguishable", "not distinguishable", "unknown"]


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """P-values such that the chance of a single false claim among all stays under any level they are held to.

    The i-th smallest of m times m - i + 1, never falling, at most 1.
    Source: Holm (1979), Scandinavian Journal of Statistics 6:65-70. Raises ValueError on a p outside 0 to 1.
    """
    adjusted, most = {}, 0.0
    for rank, name in enumerate(_ascending(ps)):
        most = max(most, min(1.0, (len(ps) - rank) * ps[name]))
        adjusted[name] = most
    return {name: adjusted[name] for name in ps}


def benjamini_hochberg(ps: Mapping[str, float]) -> dict[str, float]:
    """P-values such that, of all claims made, the expected share of false ones stays under the level.

    The i-th smallest of m times m / i, never rising from the largest down, at most 1.
    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300. Raises
    ValueError on a p outside 0 to 1.
    """
    adjusted, least = {}, 1.0
    for rank, name in reversed(list(enumerate(_ascending(ps), start=1))):
        least = min(least, ps[name] * len(ps) / rank)
        adjusted[name] = least
    return {name: adjusted[name] for name in ps}


def p_of(difference: Difference, confidence: float = CONFIDENCE) -> float | None:
    """The two-sided p of a difference: its own, or from its interval's limit towards zero.

    p is below 1 - confidence exactly when the interval excludes zero. None without a value, or when the limit
    that matters is open. Source: Altman & Bland (2011), BMJ 343:d2304.
    """
    if difference.p is not None:
        return difference.p
    if difference.value is None:
        return None
    if difference.value == 0:
        return 1.0
    limit = difference.low if difference.value > 0 else difference.high
    if limit is None:
        return None
    reach = abs(difference.value - limit) / z_of(confidence)
    return normal_two_sided_p(difference.value / reach) if reach else 0.0


def verdicts(
    differences: Mapping[str, Difference], *, method: Method = "holm", level: float = 1 - CONFIDENCE
) -> dict[str, Verdict]:
    """Which groups differ, each from the rest: adjusted for all that could be judged.

    `differences` are of each group less all the others, so that the two samples share nobody.
    """
    ps = {name: p_of(each) for name, each in differences.items()}
    known = {name: p for name, p in ps.items() if p is not None}
    adjusted = (holm if method == "holm" else benjamini_hochberg)(known)
    return {
        name: Verdict(
            p,
            adjusted.get(name),
            "unknown" if p is None else "distinguishable" if adjusted[name] < level else "not distinguishable",
        )
        for name, p in ps.items()
    }


def _ascending(ps: Mapping[str, float]) -> list[str]:
    wrong = [f"{name} {p}" for name, p in ps.items() if not 0 <= p <= 1]
    if wrong:
        raise ValueError(f"A p-value lies between 0 and 1: {', '.join(wrong)}.")
    return sorted(ps, key=lambda name: ps[name])
