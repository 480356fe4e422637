"""When a row counts: pieces of local time found by comparing instants, so that no engine needs a time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from answerable.measure.compiled import whole
from answerable.measure.period import DAY, EPOCH, Cut, Period, local_seconds, offsets

if TYPE_CHECKING:
    import ibis.expr.types as ir

    Spans = Sequence[tuple[Any, Any]]


class Dating(NamedTuple):
    """Which instants are asked about, and on which day the piece of each begins. Whole numbers only, so that the
    question is compiled once (compiled.py); its shape is how many of each there are.

    `spans` are beginnings and ends (not included), in order; none where nobody wrote down when. `east` are the zone's
    offsets where days are told apart. Else `days[i]` (since 1970) is that of the piece between `bounds[i - 1]` and
    `bounds[i]`.
    """

    spans: tuple[tuple[int, int], ...]
    east: tuple[tuple[int, int], ...]
    bounds: tuple[int, ...]
    days: tuple[int, ...]


def spans(periods: Sequence[Period]) -> tuple[tuple[int, int], ...]:
    """Beginnings and ends of periods as instants, in order; periods that touch are one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(period.instants for period in periods):
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def inside(rows: ir.Table, spans: Sequence[tuple[Any, Any]]) -> ir.Table:
    """Rows whose `at` is in one of one or two spans."""
    every = [(rows["at"] >= start) & (rows["at"] < end) for start, end in spans]
    return rows.filter(every[0] if len(every) == 1 else every[0] | every[1])


def within(rows: ir.Table, periods: list[Period]) -> ir.Table:
    """Rows whose `at` is in one of the periods."""
    return inside(rows, spans(periods))


def local_day(at: ir.IntegerValue, east: Sequence[tuple[Any, Any]]) -> ir.IntegerValue:
    """The local day of an instant, as days after 1 January 1970."""
    return (local_seconds(at, east) // DAY).cast("int32")


def bucket(at: ir.IntegerValue, bounds: Sequence[Any], days: Sequence[Any], kind: str = "int32") -> ir.IntegerValue:
    """`days[i]` where `bounds[i] <= at < bounds[i + 1]`, by halving: log2 comparisons a row.

    `bounds` ascend and have one entry less than `days`: what lies before the first is of `days[0]`.
    """
    if len(days) == 1:
        return whole(days[0], kind)
    middle = len(days) // 2
    later = at >= bounds[middle - 1]
    return later.ifelse(
        bucket(at, bounds[middle:], days[middle:], kind), bucket(at, bounds[: middle - 1], days[:middle], kind)
    )


def days_of(period: Period, before: Period | None, cuts: Sequence[str]) -> list[date]:
    """The first day of each piece that has to be told apart, in order: cuts of the period, and the one before."""
    firsts = {period.since, *(max(start, period.since) for cut in cuts for start in period.starts(cast("Cut", cut)))}
    return sorted(firsts | ({before.since, before.until} if before else set()))


def dating(period: Period, before: Period | None, cuts: Sequence[str], *, undated: bool = False) -> Dating:
    """Both periods, cut. Where nobody wrote down when (`undated`), all rows are of the period."""
    if undated:
        return Dating((), (), (), (period.first_day,))
    periods = [each for each in (period, before) if each]
    if "day" in cuts:
        return Dating(spans(periods), offsets(periods), (), ())
    firsts = days_of(period, before, cuts)
    bounds = tuple(Period(day, day + timedelta(days=1), period.zone).instants[0] for day in firsts[1:])
    return Dating(spans(periods), (), bounds, tuple((day - EPOCH).days for day in firsts))


def dated(rows: ir.Table, of: Dating) -> tuple[ir.Table, ir.IntegerValue]:
    """The rows whose `at` is asked about, and the day (since 1970) on which each one's piece begins."""
    rows = inside(rows, of.spans) if of.spans else rows
    return rows, local_day(rows["at"], of.east) if of.east else bucket(rows["at"], of.bounds, of.days)
