"""How long somebody who begins to wait now will wait: from the rate that was measured, never from a constant.

The queue-length predictor (Ibrahim and Whitt, “Real-time delay estimation based on delay history”, M&SOM 11, 2009,
section 3) with the rate at which people were really taken up of late: `ahead` + 1 of them have to be, at `rate` a
second. If they are taken up at random, the wait is Erlang distributed with that many stages, which gives the interval:
by the approximation of Wilson and Hilferty, below and above which one in ten lies (9.4 % at worst, with one stage).

What is predicted is checked against what then happened by replaying the past: ``check``; how true it was what customers
were really told is ``foretold``'s. A worked example stands in
``docs/howto/routing.md``.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
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


def expect(ahead: int, beginnings: Sequence[float], *, now: float, window: float) -> Wait | None:
    """The wait of who comes behind `ahead` others, where people were taken up at these instants (ascending).

    Those of the last `window` seconds count, from the first of them on: what came before it may have been a night.
    None where they are too few to tell. Raises ValueError for a negative number ahead or a window that is not positive.
    """
    if ahead < 0 or window <= 0:
        raise ValueError("a number ahead and a window of time are needed")
    first, last = bisect_left(beginnings, now - window), bisect_right(beginnings, now)
    n = last - first
    if n < FEWEST or beginnings[first] >= now:
        return None
    stages, rate = ahead + 1, (n - 1) / (now - beginnings[first])
    return Wait(stages / rate, _erlang(stages, -Z80) / rate, _erlang(stages, Z80) / rate, n)


def check(served: Sequence[Served], *, window: float) -> Accuracy | None:
    """Replay the past: what would have been said to each on arrival, from what was known then, and what came.

    None where nothing could be predicted. O(n log n).
    """
    arrivals = sorted(each.arrived_at for each in served)
    taken = sorted(each.taken_at for each in served if each.taken_at is not None)
    differences: list[float] = []
    within = 0
    for each in served:
        if each.taken_at is None:
            continue
        ahead = max(0, bisect_left(arrivals, each.arrived_at) - bisect_right(taken, each.arrived_at))
        said = expect(ahead, taken, now=each.arrived_at, window=window)
        if said is not None:
            waited = each.taken_at - each.arrived_at
            differences.append(said.seconds - waited)
            within += said.low <= waited <= said.high
    if not differences:
        return None
    n = len(differences)
    return Accuracy(n, math.fsum(differences) / n, math.fsum(map(abs, differences)) / n, within / n)


def _erlang(stages: int, z: float) -> float:
    """The quantile of an Erlang distribution of rate 1 at `z` deviations (Wilson and Hilferty, PNAS 17, 1931)."""
    part = 1 / (9 * stages)
    return stages * max(0.0, 1 - part + z * math.sqrt(part)) ** 3
