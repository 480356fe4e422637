"""How long somebody who begins to wait now will wait: from the rate that was measured, never from a constant.

The queue-length predictor (Ibrahim and Whitt, “Real-time delay estimation based on delay history”, M&SOM 11, 2009,
section 3) with the rate at which people were really taken up of late, while somebody waited: `ahead` + 1 of them have
to be. Time in which nobody waited tells nothing of how quickly it goes and does not count: where few write it is nearly
all the time. If people are taken up at random, the wait as a share of what is to be expected is distributed as F, whose
degrees of freedom are twice those who have to be taken up and twice those who told the rate, which is uncertain, too.
That gives the interval, by the approximation of Paulson, below and above which one in ten lies.

What is predicted is checked against what then happened by replaying the past: ``check``; how true it was what customers
were really told is ``foretold``'s. A worked example stands in
``docs/howto/routing.md``.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 3
"""With fewer beginnings than these nothing is said."""
Z80 = 1.2815515655446004
"""Of the normal distribution: 80 % lie within this many deviations."""


@dataclass(frozen=True)
class Wait:
    """In seconds: what is to be expected, and between what and what four of five will wait. `n` beginnings told it."""

    seconds: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Served:
    """Somebody who began to wait and, unless `taken_at` is None, was taken up. Seconds of any epoch."""

    arrived_at: float
    taken_at: float | None


@dataclass(frozen=True)
class Accuracy:
    """What was predicted against what happened, in seconds: `bias` is how much too long was said on average (too short
    where it is negative), `error` how far off on average, of `n` that could be predicted; `within` is the share that
    waited between what and what was said (four of five, if all is well)."""

    n: int
    bias: float
    error: float
    within: float


@dataclass(frozen=True)
class Line:
    """Who waited, seen over time: when somebody was taken up (`taken`, ascending); and at each of `turns`, when one
    came or was taken up, for how long somebody had been waiting by then (`waited`) and whether somebody went on to."""

    taken: Sequence[float]
    turns: Sequence[float]
    waited: Sequence[float]
    goes_on: Sequence[bool]

    @classmethod
    def of(cls, served: Iterable[Served]) -> Line:
        """O(n log n)."""
        everybody = list(served)
        taken = sorted(each.taken_at for each in everybody if each.taken_at is not None)
        steps = sorted([*((each.arrived_at, 1) for each in everybody), *((at, -1) for at in taken)])
        waited, goes_on, here, sum_, before = [], [], 0, 0.0, 0.0
        for at, step in steps:
            sum_ += at - before if here > 0 else 0.0
            here, before = here + step, at
            waited.append(sum_)
            goes_on.append(here > 0)
        return cls(taken, [at for at, _step in steps], waited, goes_on)

    def waited_by(self, at: float) -> float:
        """For how long, up to then, somebody was waiting: seconds since the first came."""
        place = bisect_right(self.turns, at) - 1
        if place < 0:
            return 0.0
        return self.waited[place] + (at - self.turns[place] if self.goes_on[place] else 0.0)


def expect(ahead: int, line: Line, *, now: float, window: float) -> Wait | None:
    """The wait of who comes behind `ahead` others.

    Those who were taken up in the last `window` seconds count, from the first of them on: what came before it may have
    been a night. None where they are too few to tell. Raises ValueError for a negative number ahead or a window that is
    not positive.
    """
    if ahead < 0 or window <= 0:
        raise ValueError("a number ahead and a window of time are needed")
    first, last = bisect_left(line.taken, now - window), bisect_right(line.taken, now)
    n = last - first
    if n < FEWEST or line.taken[first] >= now:
        return None
    seconds = (ahead + 1) * (line.waited_by(now) - line.waited_by(line.taken[first])) / (n - 1)
    return Wait(seconds, seconds * _f(ahead + 1, n - 1, -Z80), seconds * _f(ahead + 1, n - 1, Z80), n)


def check(served: Sequence[Served], *, window: float) -> Accuracy | None:
    """Replay the past: what would have been said to each on arrival, from what was known then, and what came.

    None where nothing could be predicted. O(n log n).
    """
    arrivals = sorted(each.arrived_at for each in served)
    line = Line.of(served)  # what came later changes nothing of what it says of an instant
    differences: list[float] = []
    within = 0
    for each in served:
        if each.taken_at is None:
            continue
        ahead = max(0, bisect_left(arrivals, each.arrived_at) - bisect_right(line.taken, each.arrived_at))
        said = expect(ahead, line, now=each.arrived_at, window=window)
        if said is not None:
            waited = each.taken_at - each.arrived_at
            differences.append(said.seconds - waited)
            within += said.low <= waited <= said.high
    if not differences:
        return None
    n = len(differences)
    return Accuracy(n, math.fsum(differences) / n, math.fsum(map(abs, differences)) / n, within / n)


def _f(stages: int, told: int, z: float) -> float:
    """The quantile at `z` deviations of F with 2 `stages` and 2 `told` degrees of freedom (E. Paulson, “An approximate
    normalization of the analysis of variance distribution”, Annals of Mathematical Statistics 13, 1942)."""
    over, under = 1 / (9 * stages), 1 / (9 * told)
    spread = math.sqrt((1 - under) ** 2 * over + (1 - over) ** 2 * under - over * under * z * z)
    root = ((1 - over) * (1 - under) + z * spread) / ((1 - under) ** 2 - under * z * z)
    return max(0.0, root) ** 3
