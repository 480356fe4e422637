"""Fetched columns cut into groups: a code per row, with numpy, no Python object per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from answerable.measure.period import CUTS, Cut, Period, lookup

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

_AT_ONCE = 1 << 16  # rows
TOTAL = "total"
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Codes:
    """For each row the number of its group, or -1 where it belongs to none; and the keys of the groups.

    A key of a cut of time is (first day, day after the last), clipped to the period.
    """

    of_row: NDArray[np.signedinteger[Any]]
    keys: list[Any]


def spread(cells: pa.Table, column: str, names: Mapping[str, int | None]) -> pa.Table:
    """Counts `n` by the values of a column, each value (None: no value) as a column of counts under its name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values, n = cells.column(column), cells.column("n").cast(pa.int64())
    for name, value in names.items():
        here = pc.is_null(values) if value is None else pc.fill_null(pc.equal(values, value), False)
        cells = cells.append_column(name, pc.if_else(here, n, 0))
    return cells


def coded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], list[Any]]:
    """For each row of words or identifiers its place among the keys, which end with None."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries().combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], pa.string()).dictionary_encode()
    keys = [*column.dictionary.to_pylist(), None]
    return column.indices.fill_null(len(keys) - 1).to_numpy(zero_copy_only=False).astype(np.int32), keys


def without_errors(cells: pa.Table, period: Period, before: Period | None) -> tuple[Frame, dict[int, int]]:
    """Counts `n` of rows without an error as a frame, and how many rows of the period have each error."""
    import pyarrow.compute as pc

    error, every = cells.column("error"), Frame(cells, period, before)
    within = every.codes(TOTAL).of_row == 0
    numbers = np.bincount(error.to_numpy()[within], every.numbers("n")[within], 1)
    right = Frame(cells.filter(pc.equal(error, 0)).drop_columns(["error"]), period, before)
    return right, {number: round(n) for number, n in enumerate(numbers.tolist())}


def taken(table: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
    """The entries of a small table at places (-1: its last), some at a time: numpy makes 64 bits of each place."""
    found = np.empty(len(places), dtype=table.dtype)
    for begin in range(0, len(places), _AT_ONCE):
        rows = slice(begin, begin + _AT_ONCE)
        found[rows] = table[places[rows]]
    return found


def numbers(codes: NDArray[Any], groups: int, among: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """How many rows there are of each group, of all or of some rows, likewise."""
    found = np.zeros(groups + 1, dtype=np.int64)
    for begin in range(0, len(codes), _AT_ONCE):
        rows = slice(begin, begin + _AT_ONCE)
        some = codes[rows] if among is None else codes[rows][among[rows]]
        found += np.bincount(some + 1, minlength=groups + 1)
    return found[1:]


class Frame:
    """Columns of an expression that has a local `day` and the dimensions asked for."""

    def __init__(self, rows: pa.Table, period: Period, before: Period | None) -> None:
        self.rows, self.period, self.before = rows, period, before
        self._date(self.numbers("day"))

    def _date(self, days: NDArray[Any], origin: int = 0, among: NDArray[np.bool_] | None = None) -> None:
        """Set the local day of each row, as days after `origin`; rows that are not `among` those are of no period."""
        first, last = (int(days.min()) + origin, int(days.max()) + origin) if len(days) else (0, 0)
        for each in (self.period, self.before):
            if each is not None:
                first, last = min(first, each.first_day), max(last, each.first_day + each.days)
        self._first, self._last = first, last + 1
        self._days = days - days.dtype.type(first - origin)
        if among is not None:
            assert last + 1 - first <= np.iinfo(days.dtype).max
            self._days[~among] = last + 1 - first
        self._codes: dict[str, Codes] = {}
        self._within = self._place(self.period)

    def numbers(self, column: str) -> NDArray[Any]:
        """A column without nulls as numpy, without copying where Arrow has it in one piece."""
        import pyarrow as pa

        values = self.rows.column(column)
        if pa.types.is_decimal(values.type):  # DuckDB sums integers into 128 bits
            values = values.cast(pa.int64())
        array: NDArray[Any] = values.to_numpy()
        return array

    def codes(self, dimension: str) -> Codes:
        """The groups of a dimension: TOTAL, BEFORE, a cut of time, or a column."""
        if dimension not in self._codes:
            self._codes[dimension] = self._coded(dimension)
        return self._codes[dimension]

    def _coded(self, dimension: str) -> Codes:
        if dimension == TOTAL:
            return Codes(self._within, [None])
        if dimension == BEFORE:
            return Codes(self._place(self.before), [None]) if self.before else Codes(self._within, [])
        for cut in CUTS:
            if dimension == cut:
                return self._cut(cut)
        return self._words(dimension)

    def _cut(self, cut: Cut) -> Codes:
        starts = self.period.starts(cut)
        ends = [*starts[1:], self.period.until]
        clipped = [(max(start, self.period.since), end) for start, end in zip(starts, ends, strict=True)]
        return Codes(self._place(self.period, cut), clipped)

    def _place(self, period: Period | None, cut: Cut | None = None) -> NDArray[np.signedinteger[Any]]:
        if period is None:
            return np.full(len(self._days), -1, dtype=np.int32)
        return taken(lookup(period, self._first, self._last, cut), self._days)

    def _words(self, dimension: str) -> Codes:
        """Codes of a column of words or identifiers; rows of the period without one form the group None."""
        codes, keys = self._keyed(dimension)
        codes = np.where(self._within < 0, codes.dtype.type(-1), codes)
        used = numbers(codes, len(keys)) > 0
        if used.all():
            return Codes(codes, keys)
        renumber = np.append(np.where(used, np.cumsum(used) - 1, -1), -1).astype(codes.dtype)
        return Codes(taken(renumber, codes), [key for key, there in zip(keys, used, strict=True) if there])

    def _keyed(self, dimension: str) -> tuple[NDArray[Any], list[Any]]:
        """For each row its place among the keys of a column, which end with None."""
        return coded(self.rows.column(dimension))

    def sums(self, dimension: str, columns: tuple[str, ...]) -> list[tuple[Any, dict[str, Any]]]:
        """For each group of a dimension, the sums of columns; those of whole numbers are whole."""
        codes = self.codes(dimension)
        size = len(codes.keys)
        totals = {}
        for name in columns:
            values = self.numbers(name)
            added = np.bincount(codes.of_row + 1, weights=values, minlength=size + 1)[1:]
            totals[name] = (added if values.dtype.kind == "f" else np.rint(added).astype(np.int64)).tolist()
        return [
            (key, {name: values[number] for name, values in totals.items()}) for number, key in enumerate(codes.keys)
        ]
