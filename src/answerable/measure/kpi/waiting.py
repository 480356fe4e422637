"""First response time and resolution time: how long customers wait, those who still wait included.

Rows: conversations the customer opened, not spam, not merged into another, without a data error in this
measure. They count on the local day the customer wrote. What had not ended when the facts were taken is
censored there; what was solved without an answer, when it was solved: nobody has waited since.
See docs/measures/first-response.md and resolution.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates import Definition, Difference, Estimate, difference, kaplan_meier, percentile
from answerable.measure.frame import TOTAL, Codes
from answerable.measure.groups import Raw, Reckoned, category, figure
from answerable.measure.kpi.conversations import CLOCKS, ENDED, SETTLED
from answerable.measure.preparation import COUNTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from answerable.measure.figure import Figure
    from answerable.measure.kpi.conversations import Conversations

OUTCOMES = ("all", "ended", "waiting", "settled")
_PERCENTILES = {"p50": 0.5, "p90": 0.9}
_ROOM = 1 << 21  # seconds that are counted in a table, of all groups together: 16 MB at most
_SAMPLE, _USUAL = 10_000, 0.97
_AT_ONCE = 1 << 16  # rows, which stay near the processor while they are counted


@dataclass(frozen=True, slots=True)
class Wait:
    """A measure of waiting, and the version of its definition. `settles`: it may be over without having ended."""

    name: str
    version: int = 1
    settles: bool = False

    def definition(self, clock: str, what: str) -> Definition:
        """Such as first_response.business.p50.kaplan_meier, version 1."""
        return Definition(f"{self.name}.{clock}.{what}", self.version)


WAITS = {"first_response": Wait("first_response", 2, settles=True), "resolution": Wait("resolution")}


def population(rows: ir.Table, wait: Wait) -> ir.Table:
    """The conversations that count, with `ended`, `settled`, `calendar` and `business` (null where unknown)."""
    rows = rows.filter((rows.standing == COUNTED) & (rows[f"{wait.name}_error"] == 0))
    return rows.mutate(**{what: rows[f"{wait.name}_{what}"] for what in ("ended", "settled", *CLOCKS)})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many waits there are of each length, of one group: `seconds` ascend, each once; at each, how many `ended`
    and how many are `open`, over or not without having ended."""

    seconds: NDArray[np.int64]
    ended: NDArray[np.int64]
    open: NDArray[np.int64]


def tallies(seconds: NDArray[np.int32], ended: NDArray[np.bool_], codes: Codes) -> tuple[list[Tally], Tally]:
    """The waits of each group, and of all groups together, counted; negative ones (unknown) are left out.

    The short are counted in a table of every second, small enough to stay near the processor; the few that are longer
    than nearly all, as a sample tells, by sorting them. O(rows) but for those, and no more memory than a few times that
    of the rows.
    """
    groups, longest = len(codes.keys), int(seconds.max(initial=0)) + 1
    usual = int(np.quantile(seconds[:: max(1, len(seconds) // _SAMPLE)], _USUAL, method="lower")) if len(seconds) else 0
    reach = min(longest, max(usual, 1) + 1, max(1, min(len(seconds), _ROOM) // (groups + 1)))
    width = reach + 2  # of a group: a place for unknown, one for each second, one for the long
    near = np.zeros((groups + 1) * width * 2, dtype=np.int32)
    far: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    for begin in range(0, len(seconds), _AT_ONCE):
        rows = slice(begin, begin + _AT_ONCE)
        waits, group, still = seconds[rows], codes.of_row[rows], ~ended[rows]
        key = group.astype(np.int32)
        key += 1
        key *= width
        key += np.minimum(waits, np.int32(reach))
        key += 1
        key <<= 1
        key |= still
        np.add.at(near, key, np.int32(1))
        long = np.flatnonzero(waits >= reach)
        long = long[group[long] >= 0]
        far.append((group[long] * np.int64(longest) + waits[long]) * 2 + still[long])
    beyond, span = np.concatenate(far), longest * 2
    keys, numbers = np.unique(beyond, return_counts=True)
    table = near.reshape(groups + 1, width, 2)[1:, 1:-1]
    ends = np.searchsorted(keys, np.arange(groups + 1) * np.int64(span))
    pieces = [
        _tally(table[number], keys[a:b] - number * span, numbers[a:b])
        for number, (a, b) in enumerate(pairwise(ends.tolist()))
    ]
    return pieces, _tally(table.sum(axis=0), *np.unique(beyond % span, return_counts=True))


def _tally(near: NDArray[np.int64], keys: NDArray[np.int64], numbers: NDArray[np.int64]) -> Tally:
    """One group's: a row for every second up to a length, of how many ended and how many not; and beyond it, in
    order, twice the seconds, and one more where not ended, with their number."""
    some = np.flatnonzero(near[:, 0] | near[:, 1])
    seconds = keys >> 1
    new = np.append(True, seconds[1:] != seconds[:-1])[: len(keys)]
    far = np.zeros((np.count_nonzero(new), 2), dtype=np.int64)
    far[np.cumsum(new) - 1, keys & 1] = numbers
    counts = np.concatenate((near[some], far))
    return Tally(np.append(some, seconds[new]), counts[:, 0], counts[:, 1])


def estimates(tally: Tally, wait: Wait, clock: str) -> dict[str, Estimate]:
    """Median and 90th percentile of one group, Kaplan-Meier and naive."""
    curve = kaplan_meier(tally.seconds, tally.ended, tally.open)
    honest = tuple(wait.definition(clock, f"{name}.kaplan_meier") for name in _PERCENTILES)
    found = dict(zip(_PERCENTILES, curve.percentiles(tuple(_PERCENTILES.values()), honest, "seconds"), strict=True))
    some = tally.ended > 0
    for name, p in _PERCENTILES.items():
        definition = wait.definition(clock, f"{name}.naive")
        coverage = curve.ended / curve.n if curve.n else None
        found[f"naive_{name}"] = percentile(
            tally.seconds[some], tally.ended[some], p, definition, "seconds", coverage=coverage
        )
    return found


def figures(
    frame: Conversations, wait: Wait, clock: str, dimension: str, *, total: bool = False, judged: bool = False
) -> Raw:
    """The figures of each group of a dimension, by one clock. Headline: the Kaplan-Meier median.

    With `total` also those of the period, which are of all its groups together: so its rows are counted once.
    """
    seconds, ended = frame.seconds(wait.name, clock), frame.states[wait.name] == ENDED
    codes = frame.codes(dimension)
    pieces, whole = tallies(seconds, ended, codes)
    found = {TOTAL: _figures(frame, wait, clock, TOTAL, [None], [whole])} if total else {}
    found[dimension] = _figures(frame, wait, clock, dimension, codes.keys, pieces)
    apart: dict[str, list[Difference]] = {}
    if judged and category(dimension) and len(pieces) > 1:
        medians = [each.estimate for _, each in found[dimension]]
        rests = _rests(pieces, whole, medians[0])
        apart[dimension] = [difference(median, rest) for median, rest in zip(medians, rests, strict=True)]
    return Raw(found, apart)


def _figures(
    frame: Conversations, wait: Wait, clock: str, dimension: str, keys: list[Any], pieces: list[Tally]
) -> list[tuple[Any, Figure]]:
    """A figure of each group from its tally."""
    settled = (frame.states[wait.name] == SETTLED) & (frame.seconds(wait.name, clock) >= 0)
    found = []
    for key, tally, over in zip(keys, pieces, frame.counts(dimension, settled).tolist(), strict=True):
        beside = estimates(tally, wait, clock)
        counts = {"ended": int(tally.ended.sum()), "waiting": int(tally.open.sum()) - over}
        counts |= {"settled": over} if wait.settles else {}
        reckoned = Reckoned(beside.pop("p50"), beside, counts)
        found.append((key, figure(frame, wait.name, dimension, key, reckoned)))
    return found


def _rests(pieces: list[Tally], whole: Tally, like: Estimate) -> list[Estimate]:
    """The median of all the other groups, for each group: all groups' counts together less its own."""
    rests = []
    for tally in pieces:
        place = np.searchsorted(whole.seconds, tally.seconds)
        ended, still = whole.ended.copy(), whole.open.copy()
        ended[place] -= tally.ended
        still[place] -= tally.open
        rests.append(kaplan_meier(whole.seconds, ended, still).percentiles((0.5,), (like.definition,), like.unit)[0])
    return rests


def outcomes(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """The parts of the population that can be looked at."""
    return {"ended": rows.ended, "waiting": ~rows.ended & ~rows.settled, "settled": rows.settled}
