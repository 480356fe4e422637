"""The conversations of both periods, fetched once and narrow: what waiting times, reopenings, charts and the counts
beside the figures are made of.

The engine sends a row per conversation, also of those that do not count, and of each a few bytes: local days and groups
are found here, with numpy, no Python object per row.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from answerable.measure.frame import Frame
from answerable.measure.kpi.dated import inside, spans
from answerable.measure.period import DAY, Period, offsets
from answerable.measure.preparation import COUNTED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.kpi.dated import Spans

CLOCKS = ("business", "calendar")
WAITING, SETTLED, ENDED = range(3)
"""How a wait stands; one in error is the error's number below zero."""
_FITS = 20_000  # days whose seconds fit 32 bits


class Conversations(Frame):
    """Arrays of an entry per conversation. Those that do not count are in no group.

    `kinds[standing, reopened]` are numbers of conversations of the period, whether they count or not; `errors[wait]` of
    those that count and have an error in that wait, by the error's number. `hours` says that `arrivals` are wanted.
    """

    def __init__(
        self, facts: Facts, period: Period, before: Period | None, dimensions: Sequence[str], waits: Collection[str],
        *, hours: bool = False,
    ) -> None:  # fmt: skip
        assert facts.conversations is not None
        periods = [each for each in (period, before) if each]
        asked = spans(periods)
        first = asked[0][0] // DAY - 1  # so that no offset of a zone leads before it
        size = "int32" if asked[-1][1] // DAY - first < _FITS else "int64"
        self.rows = facts.ask(_rows, facts.conversations, asked, first * DAY, size, tuple(dimensions), tuple(waits))
        self.period, self.before = period, before
        seconds = _local(self._taken("since"), [(begin - first * DAY, east) for begin, east in offsets(periods)])
        days = seconds // DAY
        kind = self._taken("kind")
        within = period.first_day - first <= days
        within &= days < period.first_day - first + period.days
        self.kinds = np.bincount(kind[within], minlength=8).reshape(4, 2)
        counted = kind >> 1 == COUNTED
        self.reopened = (kind & 1).astype(np.bool_)
        self.states = {wait: self._taken(f"{wait}_state") for wait in waits}
        self._seconds = {(wait, clock): self._taken(f"{wait}_{clock}") for wait in waits for clock in CLOCKS}
        within &= counted
        self.errors = {
            wait: np.bincount(-np.minimum(state[within], 0), minlength=1) for wait, state in self.states.items()
        }
        self.arrivals = _arrivals(seconds[within], first) if hours else None
        self._date(days, first, counted)

    def _taken(self, column: str) -> NDArray[Any]:
        """A column as numpy, which is then no longer kept as Arrow."""
        array = self.numbers(column)
        self.rows = self.rows.drop_columns([column])
        return array

    def seconds(self, wait: str, clock: str) -> NDArray[np.int32]:
        """How long each waited; -1 where that is unknown or in error."""
        return self._seconds[wait, clock]

    def counts(self, dimension: str, among: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of some conversations there are in each group."""
        codes = self.codes(dimension)
        counted: NDArray[np.int64] = np.bincount(codes.of_row[among] + 1, minlength=len(codes.keys) + 1)[1:]
        return counted


def _rows(
    rows: ir.Table, spans: Spans, first: Any, size: str, dimensions: tuple[str, ...], waits: tuple[str, ...]
) -> ir.Table:
    """A row per conversation: `since`, seconds from `first` to when it began; its standing and whether it was opened
    again as one number, `kind`; and of each wait its state, and its length by each clock."""
    import ibis

    rows = inside(rows, spans)
    columns: dict[str, ir.Value] = {}
    for wait in waits:
        error = rows[f"{wait}_error"]
        state = ibis.cases(
            (error > 0, -error), (rows[f"{wait}_ended"], ENDED), (rows[f"{wait}_settled"], SETTLED), else_=WAITING
        )
        columns[f"{wait}_state"] = state.cast("int8")
        for clock in CLOCKS:
            known = (error == 0).ifelse(rows[f"{wait}_{clock}"].fill_null(-1), -1)
            columns[f"{wait}_{clock}"] = known.cast("int32")
    kind = rows.standing * 2 + rows.reopened.cast("int8")
    return rows.select(*dimensions, since=(rows["at"] - first).cast(size), kind=kind.cast("int8"), **columns)


def _local(seconds: NDArray[Any], offsets: Sequence[tuple[int, int]]) -> NDArray[Any]:
    """Seconds as the local clock shows them."""
    local: NDArray[Any] = seconds + seconds.dtype.type(offsets[0][1])
    for (_, before), (begin, east) in pairwise(offsets):
        local[seconds >= begin] += east - before
    return local


def _arrivals(seconds: NDArray[Any], first: int) -> NDArray[np.int64]:
    """How many began in each local hour of the week, from Monday's first. 1 January 1970 was a Thursday."""
    hours = seconds // 3_600 + (first + 3) % 7 * 24
    week: NDArray[np.int64] = np.bincount(hours % (7 * 24), minlength=7 * 24)
    return week
