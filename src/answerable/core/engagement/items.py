"""Engagement: how many of the staff agree, question by question and in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates import CONFIDENCE, Definition, Estimate, mean, mean_of_sums, share

FAVOURABLE = Definition("engagement.favourable", 1)
FAVOURABLE_ITEM = Definition("engagement.item.favourable", 1)
MEAN = Definition("engagement.mean", 1)
MEAN_ITEM = Definition("engagement.item.mean", 1)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Item:
    """A question answered 1 to 5; `reverse` where disagreeing is the good answer."""

    key: str
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that is no whole number from 1 to 5: the row counted from 0, the item, what it says."""

    row: int
    item: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The sums of one group. Groups add up.

    `distributions` is (items, 5), answers 1 to 5 as given; `people` answered something; `shares` and `means`
    hold the sum, and the sum of squares, of each one's own share of favourable answers and own mean, turned.
    """

    respondents: int
    people: int
    distributions: Ints
    shares: tuple[float, float]
    means: tuple[float, float]

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.respondents + other.respondents,
            self.people + other.people,
            self.distributions + other.distributions,
            (self.shares[0] + other.shares[0], self.shares[1] + other.shares[1]),
            (self.means[0] + other.means[0], self.means[1] + other.means[1]),
        )


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One question: the share of favourable answers, the mean as asked, and answers 1 to 5."""

    item: Item
    favourable: Estimate
    mean: Estimate
    distribution: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Engagement:
    """The questions, and over all of them the mean of people's own shares and of their own means."""

    items: tuple[ItemResult, ...]
    favourable: Estimate
    mean: Estimate


def answers(rows: Floats, items: Sequence[Item]) -> tuple[Answers, tuple[Fault, ...]]:
    """The sums of (people, items) answers, nan where there is none ("not applicable" too).

    An answer that is no whole number from 1 to 5 is reported, and left out. Raises ValueError on another shape.
    """
    if rows.ndim != 2 or rows.shape[1] != len(items):
        raise ValueError(f"Engagement needs answers of (people, {len(items)}): got {rows.shape}.")
    wrong = ~np.isnan(rows) & ~np.isin(rows, (1, 2, 3, 4, 5))
    faults = tuple(Fault(int(row), items[at].key, float(rows[row, at])) for row, at in np.argwhere(wrong))
    given = np.where(wrong, np.nan, rows)
    turned = np.where([item.reverse for item in items], 6 - given, given)
    counts = (~np.isnan(turned)).sum(axis=1)
    some = counts > 0
    shares = (turned >= 4).sum(axis=1)[some] / counts[some]
    means = np.nansum(turned, axis=1)[some] / counts[some]
    return Answers(
        len(rows),
        int(some.sum()),
        np.array([[int((column == answer).sum()) for answer in range(1, 6)] for column in given.T]).reshape(-1, 5),
        (float(shares.sum()), float((shares**2).sum())),
        (float(means.sum()), float((means**2).sum())),
    ), faults


def engagement(
    sums: Answers, items: Sequence[Item], *, coverage: float | None = None, confidence: float = CONFIDENCE
) -> Engagement:
    """The result of one group. `coverage` is its response rate.

    An answer is favourable in the top two of five (the bottom two where the item is reversed). A question has
    Wilson's interval. The whole is the mean over people of their own share, with Student's interval: one
    person's answers hang together, so that people are counted and not answers.
    Whether the group may be shown at all is for anonymity.py to say. Raises ValueError on another shape.
    """
    if sums.distributions.shape != (len(items), 5):
        raise ValueError(f"Engagement: {len(items)} items, but counts of shape {sums.distributions.shape}.")

    def result(item: Item, counts: tuple[int, ...]) -> ItemResult:
        good = sum(counts[:2]) if item.reverse else sum(counts[3:])
        by_answer = {float(answer): count for answer, count in enumerate(counts, start=1)}
        return ItemResult(
            item,
            share(good, sum(counts), FAVOURABLE_ITEM, coverage=coverage, confidence=confidence),
            mean(by_answer, MEAN_ITEM, "score", coverage=coverage, confidence=confidence),
            counts,
        )

    def whole(of: tuple[float, float], definition: Definition, unit: str) -> Estimate:
        return mean_of_sums(sums.people, *of, definition, unit, coverage=coverage, confidence=confidence)

    rows = zip(items, sums.distributions, strict=True)
    return Engagement(
        tuple(result(item, tuple(int(count) for count in counts)) for item, counts in rows),
        whole(sums.shares, FAVOURABLE, "share"),
        whole(sums.means, MEAN, "score"),
    )
