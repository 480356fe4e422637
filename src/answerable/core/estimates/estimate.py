"""What every measure returns: a value that says how sure it is, and what it is made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Definition:
    """The rule a figure was made by. A changed rule is a new version, so that old figures stay explicable."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval, its sample and its definition.

    `value` is None when nothing was observed (n = 0 is never a zero); for a percentile of waiting time,
    when too few were answered to reach it; and when the measure is not defined for what was seen.
    `low` or `high` is None where the data do not bound that side. `coverage` is the share of those
    concerned who are in the figure (a response rate for a survey, the share observed to the end for a
    waiting time), None where the idea does not apply. `unit` is one of share (0 to 1), seconds, score (on
    the scale asked), points (-100 to 100), per million, sigma, coefficient (of agreement or reliability).
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    coverage: float | None
    definition: Definition
    method: str
    unit: str

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"{self.definition.name}: n is {self.n}, a count cannot be negative.")
        if self.n == 0 and self.value is not None:
            raise ValueError(f"{self.definition.name}: nothing was observed, so there is no value.")
        if self.coverage is not None and not 0 <= self.coverage <= 1:
            raise ValueError(f"{self.definition.name}: coverage is {self.coverage:.4f}, outside 0 to 1.")

    @property
    def known(self) -> bool:
        """Whether there is a value to show."""
        return self.value is not None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values under stable keys."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Difference:
    """One estimate less another of the same definition: value, interval, and whether it may be claimed.

    `z` and `p` (two-sided) are those of a z test, where the measure has one.
    """

    value: float | None
    low: float | None
    high: float | None
    method: str
    unit: str
    p: float | None = None
    z: float | None = None

    @property
    def distinguishable(self) -> bool:
        """Whether the 95 % interval excludes zero. False also when a side is not bounded."""
        return (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)

    @property
    def verdict(self) -> str:
        """The word the report uses: `distinguishable`, `not distinguishable`, `unknown`."""
        if self.value is None:
            return "unknown"
        return "distinguishable" if self.distinguishable else "not distinguishable"

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values under stable keys."""
        return {**asdict(self), "verdict": self.verdict}


def nothing(definition: Definition, unit: str, method: str, *, coverage: float | None = None) -> Estimate:
    """The estimate of an empty sample: no value, no interval."""
    return Estimate(None, None, None, 0, coverage, definition, method, unit)


def ratio(part: float, whole: float) -> float | None:
    """`part / whole`, or None when there is no whole."""
    return part / whole if whole else None


def difference(after: Estimate, before: Estimate) -> Difference:
    """`after - before` with an interval squared and added from the two intervals.

    Source: the square-and-add method (MOVER), Zou & Donner (2008), Statistics in Medicine 27:1693-1702,
    for independent samples. On two Wilson intervals it is method 10 of Newcombe (1998), Statistics in
    Medicine 17:873-890; on two medians it keeps their asymmetry, which a standard error would lose.
    A side that either sample leaves open stays open (None).

    Raises ValueError when the two were not made by one definition: unlike things are not compared.
    """
    if (after.definition, after.unit) != (before.definition, before.unit):
        raise ValueError(
            f"{after.definition.name} v{after.definition.version} ({after.unit}) cannot be compared with "
            f"{before.definition.name} v{before.definition.version} ({before.unit})."
        )
    method = "square-and-add of two intervals (Zou and Donner 2008; Newcombe 1998, method 10)"
    if after.value is None or before.value is None:
        return Difference(None, None, None, method, after.unit)
    value = after.value - before.value
    low = high = None
    if after.low is not None and before.high is not None:
        low = value - sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    if after.high is not None and before.low is not None:
        high = value + sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Difference(value, low, high, method, after.unit)
