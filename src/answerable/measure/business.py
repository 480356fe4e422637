"""Business time of many conversations at once: open seconds up to an instant, looked up in sorted intervals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerable.core.calendar import Calendar, intervals

Instants = NDArray[np.int64]


def open_until(calendar: Calendar, first: int, last: int) -> Callable[[Instants], Instants]:
    """A function of instants (Unix seconds) between `first` and `last`: the open seconds since `first`.

    The business time between two instants is the difference of theirs. O(log intervals) each.
    """
    start, end = (datetime.fromtimestamp(at, UTC) for at in (first, last))
    found = intervals(calendar, start, end + timedelta(seconds=1))
    opens = np.array([int(each.start.timestamp()) for each in found] or [last + 1], dtype=np.int64)
    closes = np.array([int(each.end.timestamp()) for each in found] or [last + 1], dtype=np.int64)
    before = np.concatenate(([0], np.cumsum(closes - opens)))

    def until(at: Instants) -> Instants:
        place = np.searchsorted(opens, at, side="right") - 1
        inside = np.minimum(at, closes[place]) - opens[place]
        counted: Instants = np.where(place < 0, 0, before[place] + inside)
        return counted

    return until


def count_business(con: Any, calendar: Calendar, as_of: int) -> None:
    """Fill the business seconds of the table `conversations`: to the answer and to the solution, or to `as_of`.

    What the files say of business time gives way: it was counted by hours that nobody knows.
    """
    import pyarrow as pa

    low, high = con.execute(
        "SELECT min(started_at), max(greatest(started_at, first_responded_at, solved_at)) FROM conversations"
    ).fetchall()[0]
    if low is None:
        return
    until = open_until(calendar, int(low), max(int(high), as_of))

    # A lambda: DuckDB evaluates the annotations of a function, whose names are not there when it runs.
    con.create_function("open_until", lambda at: pa.array(until(at.to_numpy())), ["BIGINT"], "BIGINT", type="arrow")
    ends = {"first_response": "first_responded_at", "resolution": "solved_at"}
    counted_to = ", ".join(
        f"open_until(greatest(coalesce({end}, {as_of}), {low})) - open_until(started_at) AS {name}_business_seconds"
        for name, end in ends.items()
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE conversations AS SELECT * REPLACE ({counted_to}) FROM conversations"  # noqa: S608
    )
    con.remove_function("open_until")


def knows_business(con: Any) -> tuple[bool, bool]:
    """Whether anything is known of business time, and whether it is known of every wait that is measured: of those that
    still last, too, else whoever waits would be left out."""
    answered, solved, first, resolution, some = con.execute(_KNOWN).fetchall()[0]
    measured = [known for there, known in ((answered, first), (solved, resolution)) if there]
    return bool(some), bool(measured) and all(measured)


_KNOWN = (
    "SELECT count(first_responded_at), count(solved_at), "
    "bool_and(CASE WHEN first_responded_at IS NULL AND solved_at IS NOT NULL THEN resolution_business_seconds "
    "ELSE first_response_business_seconds END IS NOT NULL), bool_and(resolution_business_seconds IS NOT NULL), "
    "count(first_response_business_seconds) + count(resolution_business_seconds) FROM conversations "
    "WHERE NOT coalesce(spam, FALSE) AND merged_into IS NULL AND opened_by = 'customer' AND started_at IS NOT NULL"
)
