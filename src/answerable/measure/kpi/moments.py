"""Sums of questions and of pairs of questions, which the engine sends as long tables, as arrays by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from answerable.core.moments import Moments
from answerable.measure.frame import Frame

if TYPE_CHECKING:
    import pyarrow as pa

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Added:
    """Sums of columns by group: the first axis of each array is the group, and the last of it is of no group at all."""

    places: dict[Any, int]
    sums: dict[str, Array]

    def of(self, key: Any, name: str) -> Array:
        """Those of one group; zeros where there is nothing of it."""
        found: Array = self.sums[name][self.places.get(key, -1)]
        return found


def of_dimension(frame: Frame, name: str) -> Frame:
    """The rows of one of SERVQUAL's dimensions."""
    import pyarrow.compute as pc

    return Frame(frame.rows.filter(pc.equal(frame.rows.column("dimension"), name)), frame.period, frame.before)


def added(frame: Frame, dimension: str, questions: Sequence[str], axes: Sequence[str], columns: Sequence[str]) -> Added:
    """The sums of columns by the groups of `dimension` and by question, an axis for each column that names one."""
    codes = frame.codes(dimension)
    shape = (len(codes.keys) + 1, *(len(questions) for _ in axes))
    at = codes.of_row.astype(np.int64)
    for axis in axes:
        at = at * len(questions) + _numbers(frame.rows.column(axis), questions)
    some = codes.of_row >= 0
    sums = {
        name: np.bincount(at[some], frame.numbers(name)[some], int(np.prod(shape))).reshape(shape) for name in columns
    }
    return Added({key: number for number, key in enumerate(codes.keys)}, sums)


def _numbers(names: pa.ChunkedArray, questions: Sequence[str]) -> Array:
    """The number of each name among the questions."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: Array = pc.index_in(names, value_set=pa.array(questions, pa.string())).to_numpy()
    return found


def three(of: Added, key: Any) -> tuple[Moments, Moments, Moments]:
    """The moments of expectations, perceptions and gaps of one group."""
    n = np.rint(of.of(key, "n")).astype(np.int64)
    e, p = of.of(key, "e"), of.of(key, "p")
    return (
        Moments(n, e, of.of(key, "ee")),
        Moments(n, p, of.of(key, "pp")),
        Moments(n, p - e, of.of(key, "gg")),
    )
