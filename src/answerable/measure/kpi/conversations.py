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

from answerable.measure.frame import Frame, numbers
from answerable.measure.kpi.dated import inside, spans
from answerable.measure.period import DAY, Period, offsets
from answerable.measure.preparation import COUNTED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import ibis.expr.types as ir
    import pyarrow as pa

    from answerable.measure.facts import Facts
    from answerable.measure.kpi.dated import Spans

CLOCKS = ("business", "calendar")
WAITING, SETTLED, ENDED = range(3)
"""How a wait stands; one in error is the error's number below zero."""
_FITS = 20_000  # days whose seconds fit 32 bits, and whose numbers fit 16


class Conversations(Frame):
    """Arrays of an entry per conversation. Those that do not count are in no group.

    `kinds[imported, standing, reopened]` are numbers of conversations of the period, whether they count or not;
    `errors[wait]` of those that count and have an error in that wait, by the error's number. `hours` says that
    `arrivals` are wanted.
    """

    def __init__(
        self, facts: Facts, period: Period, before: Period | None, dimensions: Sequence[str], waits: Collection[str],
        *, hours: bool = False,
    ) -> None:  # fmt: skip
        assert facts.conversations is not None
        periods = [each for each in (period, before) if each]
        asked = spans(periods)
        self.period, self.before = period, before
        first = asked[0][0] // DAY - 1  # so that no offset of a zone leads before it
        few = asked[-1][1] // DAY - first < _FITS
        east = [(begin - first * DAY, seconds) for begin, seconds in offsets(periods)]
        n = facts.ask(_number, facts.conversations, asked).column(0)[0].as_py()
        days, counted = np.empty(n, dtype=np.int16 if few else np.int32), np.empty(n, dtype=np.bool_)
        self.reopened = np.empty(n, dtype=np.bool_)
        self.states = {wait: np.empty(n, dtype=np.int8) for wait in waits}
        self._seconds = {(wait, clock): np.empty(n, dtype=np.int32) for wait in waits for clock in CLOCKS}
        self._keys = {dimension: Keys(n) for dimension in dimensions}
        self.kinds, hour = np.zeros((2, 4, 2), dtype=np.int64), np.zeros(7 * 24, dtype=np.int64)
        self.errors = {wait: np.zeros(128, dtype=np.int64) for wait in waits}
        at = 0
        size = "int32" if few else "int64"
        rows = facts.batches(_rows, facts.conversations, asked, first * DAY, size, tuple(dimensions), tuple(waits))
        for batch in rows:
            place = slice(at, at + batch.num_rows)
            at += batch.num_rows
            local = _local(batch.column("since").to_numpy(), east)
            kind, day = batch.column("kind").to_numpy(), local // DAY
            days[place] = day
            within = (period.first_day - first <= day) & (day < period.first_day - first + period.days)
            self.kinds += np.bincount(kind[within], minlength=16).reshape(2, 4, 2)
            counted[place], self.reopened[place] = kind >> 1 & 3 == COUNTED, kind & 1
            within &= counted[place]
            for wait in waits:
                state = self.states[wait][place] = batch.column(f"{wait}_state").to_numpy()
                self.errors[wait] += np.bincount(-state[within & (state < 0)], minlength=128)
                for clock in CLOCKS:
                    self._seconds[wait, clock][place] = batch.column(f"{wait}_{clock}").to_numpy()
            for dimension, keys in self._keys.items():
                keys.add(place, batch.column(dimension))
            if hours:
                hour += _arrivals(local[within], first)
        assert at == n
        self.arrivals = hour if hours else None
        self._date(days, first, counted)

    def _keyed(self, dimension: str) -> tuple[NDArray[Any], list[Any]]:
        return self._keys[dimension].of_row, self._keys[dimension].keys

    def seconds(self, wait: str, clock: str) -> NDArray[np.int32]:
        """How long each waited; -1 where that is unknown or in error."""
        return self._seconds[wait, clock]

    def counts(self, dimension: str, among: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of some conversations there are in each group."""
        codes = self.codes(dimension)
        return numbers(codes.of_row, len(codes.keys), among)


class Keys:
    """A column of words or identifiers as places among its keys, gathered some rows at a time."""

    def __init__(self, n: int) -> None:
        self.of_row: NDArray[Any] = np.empty(n, dtype=np.int16)
        self._places: dict[Any, int] = {}

    @property
    def keys(self) -> list[Any]:
        """The keys in the order of their places; None is that of rows without one."""
        return [*self._places]

    def add(self, rows: slice, column: pa.Array) -> None:
        """The next rows."""
        words = column if hasattr(column, "dictionary") else column.dictionary_encode()
        known = [*words.dictionary.to_pylist(), *([None] if words.null_count else [])]
        places = np.array([self._places.setdefault(key, len(self._places)) for key in known], dtype=np.int32)
        if len(self._places) > np.iinfo(self.of_row.dtype).max:
            self.of_row = self.of_row.astype(np.int32)
        self.of_row[rows] = places[words.indices.fill_null(len(known) - 1).to_numpy()]


def _number(rows: ir.Table, spans: Spans) -> ir.Table:
    """How many rows there will be."""
    rows = inside(rows, spans)
    return rows.agg(n=rows.count())


def _rows(
    rows: ir.Table, spans: Spans, first: Any, size: str, dimensions: tuple[str, ...], waits: tuple[str, ...]
) -> ir.Table:
    """A row per conversation: `since`, seconds from `first` to when it began; whether it was taken over, its standing,
    and whether it was opened again, as one number, `kind`; and of each wait its state, and its length by each clock."""
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
    kind = rows.imported.cast("int8") * 8 + rows.standing * 2 + rows.reopened.cast("int8")
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
