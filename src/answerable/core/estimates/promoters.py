"""NPS: promoters (9-10) less detractors (0-6) on "would you recommend us", in points of a hundred."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from answerable.core.estimates.distributions import normal_two_sided_p, z_of
from answerable.core.estimates.estimate import CONFIDENCE, Definition, Difference, Estimate, nothing

NPS = Definition("nps", 1)
EMPLOYEE_NPS = Definition("enps", 1)
SCALE = (0, 10)
METHOD = "adjusted Wald interval (Rocks 2016)"


def split(counts: list[int]) -> tuple[int, int, int]:
    """Promoters, passives and detractors from the number of answers 0, 1, ... 10.

    Raises ValueError on any other scale: 1-10 or five stars are not NPS.
    """
    if len(counts) != 11 or min(counts) < 0:
        raise ValueError(f"NPS needs eleven counts, of answers 0 to 10, none negative: got {len(counts)}.")
    return counts[9] + counts[10], counts[7] + counts[8], sum(counts[:7])


def split_answers(answers: Mapping[float, int], scale: tuple[int, int]) -> tuple[int, int, int]:
    """Promoters, passives and detractors from answer -> how often, and the scale that was asked.

    The scale is said, not guessed: on 1-10 nobody may have answered 0 either. Raises ValueError on any
    scale but 0-10 and on an answer that is not one of its whole numbers.
    """
    if tuple(scale) != SCALE:
        raise ValueError(f"NPS is asked from 0 to 10, not from {scale[0]} to {scale[1]}: this is another measure.")
    strange = sorted(answer for answer in answers if answer not in range(11))
    if strange:
        raise ValueError(f"NPS: {', '.join(f'{answer:g}' for answer in strange)} is no whole number from 0 to 10.")
    return split([answers.get(answer, 0) for answer in range(11)])


def net_promoter_score(
    promoters: int,
    passives: int,
    detractors: int,
    *,
    definition: Definition = NPS,
    coverage: float | None = None,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """100 (P - D) with an interval from a sample enlarged by 3: 3/4 a promoter, 3/4 a detractor.

    Source: Rocks (2016), Interval estimation for the "Net Promoter Score", The American Statistician
    70:365-372. Clipped to -100 .. 100. `definition` tells customers (NPS) from employees (EMPLOYEE_NPS).
    """
    if min(promoters, passives, detractors) < 0:
        raise ValueError("NPS: a count cannot be negative.")
    n = promoters + passives + detractors
    if n == 0:
        return nothing(definition, "points", METHOD, coverage=coverage)
    high_share, low_share = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    centre = high_share - low_share
    half = z_of(confidence) * sqrt((high_share + low_share - centre**2) / (n + 3))
    value = 100 * (promoters - detractors) / n
    low, high = max(-100.0, 100 * (centre - half)), min(100.0, 100 * (centre + half))
    return Estimate(value, min(low, value), max(high, value), n, coverage, definition, METHOD, "points")


def promoters_difference(
    after: tuple[int, int, int], before: tuple[int, int, int], confidence: float = CONFIDENCE
) -> Difference:
    """The change of NPS between two samples of (promoters, passives, detractors), by the z test.

    The variance of a net score is P + D - (P - D)^2 over n (multinomial). Two samples without any spread
    (everyone alike) leave p and the interval open. Raises ValueError on a negative count.
    """
    if min(*after, *before) < 0:
        raise ValueError("NPS: a count cannot be negative.")
    method = "z test of two net scores (multinomial variance)"
    if not sum(after) or not sum(before):
        return Difference(None, None, None, method, "points")
    values, variances = [], []
    for promoters, passives, detractors in (after, before):
        n = promoters + passives + detractors
        net = (promoters - detractors) / n
        values.append(net)
        variances.append(((promoters + detractors) / n - net**2) / n)
    value, error = values[0] - values[1], sqrt(sum(variances))
    if error == 0:
        return Difference(100 * value, None, None, method, "points")
    half = z_of(confidence) * error
    z = value / error
    p = normal_two_sided_p(z)
    return Difference(100 * value, 100 * (value - half), 100 * (value + half), method, "points", p, z)
