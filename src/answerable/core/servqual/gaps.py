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
    whole = wholes(sums, asked, weights=weights, coverage=coverage, confidence=confidence)

    def mean(of: str, index: int, moments: Moments) -> Estimate:
        return moments.mean(index, asked.definition(of), "score", coverage=coverage, confidence=confidence)

    def gap(name: str, index: int, three: tuple[Moments, Moments, Moments]) -> Gap:
        kinds = zip(("expectation", "perception", "gap"), three, strict=True)
        return Gap(name, *(mean(f"{kind}.{name}", index, moments) for kind, moments in kinds))

    def dimension(position: int) -> DimensionGap:
        name = names[position]
        three = (sums.expectation[position], sums.perception[position], sums.gap[position])
        return DimensionGap(
            Gap(
                name,
                mean(f"expectation.{name}", position, sums.dimension_expectation),
                mean(f"perception.{name}", position, sums.dimension_perception),
                whole.dimensions[name],
            ),
            tuple(gap(item, index, three) for index, item in enumerate(asked.dimensions[position].items)),
            None if weights is None else weights[name],
            *(cronbach(each, confidence=confidence) for each in three),
        )

    return Servqual(
        tuple(dimension(position) for position in range(len(names))),
        whole.unweighted,
        whole.weighted,
        sums.respondents,
        sums.halves,
        asked.departures,
    )


@dataclass(frozen=True, slots=True)
class Wholes:
    """The gaps of the dimensions by name, and of the whole: all that is shown of each of many groups."""

    dimensions: dict[str, Estimate]
    unweighted: Estimate
    weighted: Estimate | None


def wholes(
    sums: Sums,
    asked: Instrument,
    *,
    weights: Mapping[str, float] | None = None,
    coverage: float | None = None,
    confidence: float = CONFIDENCE,
) -> Wholes:
    """The gaps of `servqual` without those of each item. Raises ValueError on weights that do not sum to 100."""
    names = tuple(dimension.name for dimension in asked.dimensions)
    parts = None if weights is None else checked(weights, names)
    gaps = sums.dimension_gap

    def whole(factors: tuple[float, ...], name: str) -> Estimate:
        return gaps.combination(factors, asked.definition(name), "score", coverage=coverage, confidence=confidence)

    return Wholes(
        {
            name: gaps.mean(at, asked.definition(f"gap.{name}"), "score", coverage=coverage, confidence=confidence)
            for at, name in enumerate(names)
        },
        whole(tuple(1 / len(names) for _ in names), "gap"),
        None if parts is None else whole(parts, "gap.weighted"),
    )
