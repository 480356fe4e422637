"""From answers to sums: what SERVQUAL needs of any number of respondents, and what was wrong with theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from answerable.core.moments import Moments, moments
from answerable.core.servqual.instrument import Instrument

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer off the scale: the row counted from 0, the item, which half of the pair, what it says."""

    row: int
    item: str
    half: Literal["expectation", "perception"]
    value: float


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of one group of respondents. Groups add up.

    `expectation`, `perception`, `gap` hold, per dimension, the moments of its items over complete pairs;
    `dimension_*` the (D, D) moments of each person's mean over the pairs answered in each dimension.
    `halves` counts, per item, the pairs left out because one half was missing or off the scale.
    """

    respondents: int
    expectation: tuple[Moments, ...]
    perception: tuple[Moments, ...]
    gap: tuple[Moments, ...]
    dimension_expectation: Moments
    dimension_perception: Moments
    dimension_gap: Moments
    halves: tuple[int, ...]

    def __add__(self, other: Self) -> Self:
        def each(ours: tuple[Moments, ...], theirs: tuple[Moments, ...]) -> tuple[Moments, ...]:
            return tuple(one + another for one, another in zip(ours, theirs, strict=True))

        return type(self)(
            self.respondents + other.respondents,
            each(self.expectation, other.expectation),
            each(self.perception, other.perception),
            each(self.gap, other.gap),
            self.dimension_expectation + other.dimension_expectation,
            self.dimension_perception + other.dimension_perception,
            self.dimension_gap + other.dimension_gap,
            tuple(one + another for one, another in zip(self.halves, other.halves, strict=True)),
        )


def sums(expectation: Floats, perception: Floats, asked: Instrument) -> tuple[Sums, tuple[Fault, ...]]:
    """The sums of (persons, items) answers in the order of `asked.items`, nan where there is none.

    A missing half drops the pair. An answer off the scale is a fault: reported, and its pair left out.
    Raises ValueError when the arrays are not of that shape.
    """
    shape = (len(expectation), len(asked.items))
    if expectation.shape != shape or perception.shape != shape:
        raise ValueError(
            f"SERVQUAL needs two arrays of (persons, {shape[1]}): got {expectation.shape} and {perception.shape}."
        )
    wants, wants_faults = _on_scale(expectation, asked, "expectation")
    gets, gets_faults = _on_scale(perception, asked, "perception")
    paired = ~(np.isnan(wants) | np.isnan(gets))
    halves = ~paired & ~(np.isnan(expectation) & np.isnan(perception))
    wants, gets = np.where(paired, wants, np.nan), np.where(paired, gets, np.nan)
    gaps = gets - wants

    def items(answers: Floats) -> tuple[Moments, ...]:
        return tuple(moments(answers[:, columns]) for columns in asked.columns)

    found = Sums(
        respondents=len(expectation),
        expectation=items(wants),
        perception=items(gets),
        gap=items(gaps),
        dimension_expectation=moments(_dimension_means(wants, asked)),
        dimension_perception=moments(_dimension_means(gets, asked)),
        dimension_gap=moments(_dimension_means(gaps, asked)),
        halves=tuple(int(count) for count in halves.sum(axis=0)),
    )
    return found, tuple(sorted(wants_faults + gets_faults, key=lambda fault: (fault.row, fault.item)))


def _on_scale(
    answers: Floats, asked: Instrument, half: Literal["expectation", "perception"]
) -> tuple[Floats, list[Fault]]:
    """The answers with what is off the scale taken out, and that."""
    off = ~np.isnan(answers) & ~((answers >= asked.low) & (answers <= asked.high))
    faults = [
        Fault(int(row), asked.items[column], half, float(answers[row, column])) for row, column in np.argwhere(off)
    ]
    return np.where(off, np.nan, answers), faults


def _dimension_means(answers: Floats, asked: Instrument) -> Floats:
    """(persons, D): each person's mean over the items answered in each dimension, nan where none was."""
    means = []
    for columns in asked.columns:
        part = answers[:, columns]
        counts = (~np.isnan(part)).sum(axis=1)
        means.append(np.where(counts > 0, np.nansum(part, axis=1) / np.maximum(counts, 1), np.nan))
    return np.column_stack(means)
