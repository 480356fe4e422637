"""When a row counts: pieces of local time found by comparing instants, so that no engine needs a time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, cast

from answerable.measure.kpi.waiting import local_day, within
from answerable.measure.period import EPOCH, Cut, Period

if TYPE_CHECKING:
    import ibis.expr.types as ir


def bucket(
    at: ir.IntegerValue, bounds: Sequence[int], days: Sequence[int], kind: Literal["int32", "int64"] = "int32"
) -> ir.IntegerValue:
    """`days[i]` where `bounds[i] <= at < bounds[i + 1]`, by halving: log2 comparisons a row.

    `bounds` ascend and have one entry less than `days`: what lies before the first is of `days[0]`.
    """
    import ibis

    if len(days) == 1:
        return ibis.literal(days[0], type=kind)
    middle = len(days) // 2
    later = at >= bounds[middle - 1]
    return later.ifelse(
        bucket(at, bounds[middle:], days[middle:], kind), bucket(at, bounds[: middle - 1], days[:middle], kind)
    )


def days_of(period: Period, before: Period | None, cuts: Sequence[str]) -> list[date]:
    """The first day of each piece that has to be told apart, in order: cuts of the period, and the one before."""
    firsts = {period.since, *(max(start, period.since) for cut in cuts for start in period.starts(cast("Cut", cut)))}
    return sorted(firsts | ({before.since, before.until} if before else set()))


def dated(
    rows: ir.Table, period: Period, before: Period | None, cuts: Sequence[str], *, undated: bool = False
) -> tuple[ir.Table, ir.IntegerValue]:
    """The rows whose `at` is in one of the periods, and the day (since 1970) on which each one's piece begins.

    Where nobody wrote down when (`undated`), all rows are of the period.
    """
    import ibis

    if undated:
        return rows, ibis.literal(period.first_day, type="int32")
    periods = [each for each in (period, before) if each]
    rows = within(rows, periods)
    if "day" in cuts:
        return rows, local_day(rows, periods)
    firsts = days_of(period, before, cuts)
    bounds = [Period(day, day + timedelta(days=1), period.zone).instants[0] for day in firsts[1:]]
    return rows, bucket(rows["at"], bounds, [(day - EPOCH).days for day in firsts])
