"""Gaps: what was perceived less what was expected, per item, per dimension and in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from answerable.core.estimates import CONFIDENCE, Estimate
from answerable.core.moments import Moments
from answerable.core.reliability import cronbach
from answerable.core.servqual.instrument import Departure, Instrument
from answerable.core.servqual.sums import Sums
from answerable.core.servqual.weights import checked


@dataclass(frozen=True, slots=True)
class Gap:
    """Of one item or dimension: the mean expectation, perception and gap, over complete pairs only."""

    name: str
    expectation: Estimate
    perception: Estimate
    gap: Estimate


@dataclass(frozen=True, slots=True)
class DimensionGap:
    """A dimension, its items, its weight in points, and Cronbach's alpha of each half and of the gaps."""

    whole: Gap
    items: tuple[Gap, ...]
    weight: float | None
    expectation_alpha: Estimate
    perception_alpha: Estimate
    gap_alpha: Estimate


@dataclass(frozen=True, slots=True)
class Servqual:
    """SERVQUAL of one group. `departures` tell where the instrument is not the published one."""

    dimensions: tuple[DimensionGap, ...]
    unweighted: Estimate
    weighted: Estimate | None
    respondents: int
    halves: tuple[int, ...]
    departures: tuple[Departure, ...]


def servqual(
    sums: Sums,
    asked: Instrument,
    *,
    weights: Mapping[str, float] | None = None,
    coverage: float | None = None,
    confidence: float = CONFIDENCE,
) -> Servqual:
    """The gaps of one group from its sums, in points of the scale asked.

    The gap is perception less expectation per person and item, averaged within the dimension first: who
    answered one of its items weighs as much as who answered all. The whole is the mean of the dimensions,
    plain and by `weights`, points per dimension that sum to 100.
    Source: Parasuraman, Zeithaml & Berry (1988), Journal of Retailing 64:12-40.
    Raises ValueError on weights that do not sum to 100.
    """
    names = tuple(dimension.name for dimension in asked.dimensions)
    parts = None if weights is None else checked(weights, names)

    def gap(name: str, index: int, three: tuple[Moments, Moments, Moments]) -> Gap:
        kinds = zip(("expectation", "perception", "gap"), three, strict=True)
        return Gap(name, *(
            moments.mean(index, asked.definition(f"{kind}.{name}"), "score", coverage=coverage, confidence=confidence)
            for kind, moments in kinds
        ))  # fmt: skip

    def dimension(position: int) -> DimensionGap:
        three = (sums.expectation[position], sums.perception[position], sums.gap[position])
        wholes = (sums.dimension_expectation, sums.dimension_perception, sums.dimension_gap)
        return DimensionGap(
            gap(names[position], position, wholes),
            tuple(gap(item, index, three) for index, item in enumerate(asked.dimensions[position].items)),
            None if weights is None else weights[names[position]],
            *(cronbach(each, confidence=confidence) for each in three),
        )

    def whole(factors: tuple[float, ...], name: str) -> Estimate:
        definition = asked.definition(name)
        return sums.dimension_gap.combination(
            factors, definition, "score", coverage=coverage, confidence=confidence
        )  # fmt: skip

    return Servqual(
        tuple(dimension(position) for position in range(len(names))),
        whole(tuple(1 / len(names) for _ in names), "gap"),
        None if parts is None else whole(parts, "gap.weighted"),
        sums.respondents,
        sums.halves,
        asked.departures,
    )
