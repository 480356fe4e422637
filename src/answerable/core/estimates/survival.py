"""Kaplan-Meier: how long things last when some have not ended yet.

A conversation without an answer is not left out, and not counted as answered now: it is at risk until the
moment it was last seen, and then leaves ("censored").
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates.distributions import z_of
from answerable.core.estimates.estimate import CONFIDENCE, Definition, Estimate, nothing, ratio

METHOD = "Kaplan-Meier (1958), log-log interval (Brookmeyer and Crowley 1982)"
_ROUNDING = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Survival:
    """A product-limit curve. Arrays of one length, one entry per time at which something ended.

    `log_survival` is log S just after each time (-inf once none is left), `variance` Greenwood's sum
    (inf there). `ended` and `censored` count the whole sample; nobody was watched beyond `watched`.
    """

    times: Floats
    log_survival: Floats
    variance: Floats
    ended: int
    censored: int
    watched: float

    @property
    def n(self) -> int:
        """All that were watched, to the end or not."""
        return self.ended + self.censored

    def at(self, time: float, definition: Definition, confidence: float = CONFIDENCE) -> Estimate:
        """S(time), the share that lasts longer than `time`, with its log-log interval.

        Before the first end it is 1 without an interval; where none is left it is 0 without one. Beyond the
        longest watch, with some still left, it is not known: only `high`, "at most", is.
        """
        coverage = ratio(self.ended, self.n)
        if self.n == 0:
            return nothing(definition, "share", METHOD)
        if time > self.watched and not (self.ended and self.log_survival[-1] == -np.inf):
            least = self.at(self.watched, definition, confidence)
            return Estimate(None, None, least.high, self.n, coverage, definition, METHOD, "share")
        index = int(np.searchsorted(self.times, time, side="right")) - 1
        if index < 0:
            return Estimate(1.0, None, 1.0, self.n, coverage, definition, METHOD, "share")
        level = float(self.log_survival[index])
        if level == -np.inf:
            return Estimate(0.0, 0.0, None, self.n, coverage, definition, METHOD, "share")
        spread = z_of(confidence) * float(np.sqrt(self.variance[index])) / -level
        low, high = (float(np.exp(level * np.exp(side * spread))) for side in (1, -1))
        return Estimate(float(np.exp(level)), low, high, self.n, coverage, definition, METHOD, "share")

    def percentiles(
        self,
        ps: tuple[float, ...],
        definitions: tuple[Definition, ...],
        unit: str,
        confidence: float = CONFIDENCE,
    ) -> list[Estimate]:
        """The times by which shares `ps` have ended, each with its interval.

        The value is the first time S falls to 1 - p: without censoring, the inverted distribution
        (type 1 of Hyndman & Fan), always a time that occurred, where the naive figure is type 7.
        The interval holds the times at which the log-log interval of S includes 1 - p (Brookmeyer &
        Crowley (1982), Biometrics 38:29-41, transformed). A side never reached is None, and so is the
        value when too few have ended: then only `low`, "longer than", is known.
        """
        if self.n == 0:
            return [nothing(definition, unit, METHOD) for definition in definitions]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            spread = z_of(confidence) * np.sqrt(self.variance) / -self.log_survival
            level = np.log(-self.log_survival)
            lower, upper = level + spread, level - spread
        if self.ended and self.log_survival[-1] == -np.inf:
            lower[-1], upper[-1] = np.inf, -np.inf
        coverage = self.ended / self.n
        found = []
        for p, definition in zip(ps, definitions, strict=True):
            bar = log(-log1p(-p))
            estimate = Estimate(
                self._reached(p), self._first(lower >= bar), self._first(upper >= bar),
                self.n, coverage, definition, METHOD, unit,
            )  # fmt: skip
            found.append(estimate)
        return found

    def _first(self, holds: NDArray[np.bool_]) -> float | None:
        """The first time at which a condition holds."""
        index = int(np.argmax(holds)) if len(holds) else 0
        return float(self.times[index]) if len(holds) and holds[index] else None

    def _reached(self, p: float) -> float | None:
        """The first time S is at most 1 - p, give or take the rounding of a million logarithms."""
        bar = log1p(-p)
        index = int(np.searchsorted(-self.log_survival, -bar - _ROUNDING))
        return float(self.times[index]) if index < len(self.times) else None


def kaplan_meier(times: NDArray[np.number], ended: NDArray[np.integer], censored: NDArray[np.integer]) -> Survival:
    """The curve from grouped counts: at `times[i]`, `ended[i]` ended `censored[i]` were last seen waiting.

    `times` ascend, are not negative, and may repeat; among equal times the ended stand before the censored,
    who are by convention still at risk then. One row per thing is thus a valid input, and so is one row per
    distinct time: the product telescopes, and gives the same curve. O(rows), no Python object per row.

    Source: Kaplan & Meier (1958), JASA 53:457-481; variance by Greenwood (1926).
    Raises ValueError when the times do not ascend or are negative, or a count is negative.
    """
    if len(times) and min(ended.min(), censored.min()) < 0:
        raise ValueError("Kaplan-Meier: a count cannot be negative.")
    if len(times) and (times[0] < 0 or np.any(times[1:] < times[:-1])):
        raise ValueError("Kaplan-Meier needs times that ascend from 0.")
    total, gone = int(ended.sum() + censored.sum()), np.cumsum(ended + censored)
    at_risk = total - gone + (ended + censored)
    some = ended > 0
    deaths, risk = ended[some].astype(np.float64), at_risk[some].astype(np.float64)
    with np.errstate(divide="ignore"):
        log_survival = np.cumsum(np.log1p(-deaths / risk))
        variance = np.cumsum(deaths / (risk * (risk - deaths)))
    end_times = times[some].astype(np.float64)
    last = np.append(end_times[1:] != end_times[:-1], True) if len(end_times) else slice(0)
    seen = (ended + censored) > 0
    watched = float(times[seen][-1]) if seen.any() else 0.0
    return Survival(end_times[last], log_survival[last], variance[last], int(ended.sum()), int(censored.sum()), watched)


def by_row(times: NDArray[np.number], seen_to_end: NDArray[np.bool_]) -> Survival:
    """The curve from one time per thing, in any order, and whether its end was seen."""
    order = np.lexsort((~seen_to_end, times))
    ends = seen_to_end[order].astype(np.int64)
    return kaplan_meier(times[order], ends, 1 - ends)
