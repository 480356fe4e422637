"""From answers to sums: what SERVQUAL needs of any number of respondents, and what was wrong with theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

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


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """Answers of many people, any of whom can be added up.

    `items` are (persons, items) arrays of expectations, perceptions and gaps, nan where a pair is not complete; `means`
    (persons, D) of each person's over the pairs answered in each dimension; `halves` says which pairs were left out
    because one half was missing or off the scale.
    """

    asked: Instrument
    items: tuple[Floats, Floats, Floats]
    means: tuple[Floats, Floats, Floats]
    halves: NDArray[np.bool_]

    def sums(self, persons: slice | NDArray[Any] = slice(None)) -> Sums:
        """The sums of all of them, or of some."""
        halves = self.halves[persons]
        expected, perceived, gap = (
            tuple(moments(answers[:, columns]) for columns in self.asked.columns)
            for answers in (each[persons] for each in self.items)
        )
        means = [moments(each[persons]) for each in self.means]
        missed = tuple(halves.sum(axis=0).tolist())
        return Sums(len(halves), expected, perceived, gap, means[0], means[1], means[2], missed)


def paired(expectation: Floats, perception: Floats, asked: Instrument) -> Paired:
    """(persons, items) answers in the order of `asked.items`, nan where there is none, pair by pair. A missing half, or
    one off the scale, drops the pair. Raises ValueError when the arrays are not of that shape."""
    shape = (len(expectation), len(asked.items))
    if expectation.shape != shape or perception.shape != shape:
        raise ValueError(
            f"SERVQUAL needs two arrays of (persons, {shape[1]}): got {expectation.shape} and {perception.shape}."
        )
    complete = _on_scale(expectation, asked) & _on_scale(perception, asked)
    halves = ~complete & ~(np.isnan(expectation) & np.isnan(perception))
    wants, gets = np.where(complete, expectation, np.nan), np.where(complete, perception, np.nan)
    items = wants, gets, gets - wants
    numbers = np.column_stack([complete[:, columns].sum(axis=1) for columns in asked.columns])
    expected, perceived, gap = (_dimension_means(each, numbers, complete, asked) for each in items)
    return Paired(asked, items, (expected, perceived, gap), halves)


def sums(expectation: Floats, perception: Floats, asked: Instrument) -> tuple[Sums, tuple[Fault, ...]]:
    """The sums of such answers. One off the scale is a fault, and reported. Raises ValueError as `paired` does."""
    found = paired(expectation, perception, asked).sums()
    faults = _faults(expectation, asked, "expectation") + _faults(perception, asked, "perception")
    return found, tuple(sorted(faults, key=lambda fault: (fault.row, fault.item)))


def _on_scale(answers: Floats, asked: Instrument) -> NDArray[np.bool_]:
    """Where there is an answer on the scale."""
    return (answers >= asked.low) & (answers <= asked.high)


def _faults(answers: Floats, asked: Instrument, half: Literal["expectation", "perception"]) -> list[Fault]:
    """The answers off the scale."""
    off = np.argwhere(~np.isnan(answers) & ~_on_scale(answers, asked))
    return [Fault(int(row), asked.items[column], half, float(answers[row, column])) for row, column in off]


def _dimension_means(
    answers: Floats, numbers: NDArray[np.int64], complete: NDArray[np.bool_], asked: Instrument
) -> Floats:
    """(persons, D): each person's mean over the items answered in each dimension, nan where none was."""
    zeroed = np.where(complete, answers, 0.0)
    totals = np.column_stack([zeroed[:, columns].sum(axis=1) for columns in asked.columns])
    return np.where(numbers > 0, totals / np.maximum(numbers, 1), np.nan)
