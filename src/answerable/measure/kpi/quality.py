"""Quality: of what was finished, how much came back. Reopened conversations, and refunds in activity files.

`reopened`: conversations solved at least once, and of them those that the customer opened again. `refunds`:
rows of activity with an amount, and of them those below zero. `returned` and `refunded`: conversations or purchases
whose file says it of each, and of them those with something sent back, with a refund or a compensation. Each unit
has one opportunity for a defect. See docs/measures/quality.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from answerable.core.estimates import Definition, share
from answerable.core.quality import sigma
from answerable.measure.frame import Frame
from answerable.measure.groups import Counted, Raw, Reckoned, Sums, category, reckoned
from answerable.measure.kpi.conversations import ENDED
from answerable.measure.kpi.dated import Dating, bucket, dated, dating, days_of
from answerable.measure.period import EPOCH
from answerable.measure.preparation import COUNTED

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.kpi.conversations import Conversations
    from answerable.measure.period import Period

REOPENED, REFUNDS, RETURNED, REFUNDED = NAMES = ("reopened", "refunds", "returned", "refunded")
DEFINITIONS = {name: Definition(f"quality.{name}", 1) for name in NAMES}


def population(rows: ir.Table) -> ir.Table:
    """Conversations that count and were solved at least once."""
    solved = rows.resolution_ended | rows.reopened
    return rows.filter((rows.standing == COUNTED) & (rows.resolution_error == 0) & solved)


def figures(rows: Conversations, dimensions: list[str], *, judged: bool) -> Raw:
    """Of conversations that count and were solved at least once, those that were opened again."""
    state = rows.states["resolution"]
    units = (state >= 0) & ((state == ENDED) | rows.reopened)
    defects = units & rows.reopened
    sums: dict[str, list[tuple[Any, Sums]]] = {}
    for dimension in dimensions:
        keys = rows.codes(dimension).keys
        many, bad = (rows.counts(dimension, each).tolist() for each in (units, defects))
        sums[dimension] = [
            (key, {"units": n, "defects": of})
            for key, n, of in zip(keys, many, bad, strict=True)
            if n or not category(dimension)
        ]
    return reckoned(rows, quality(REOPENED), sums, judged=judged)


def amounts(rows: ir.Table) -> ir.Table:
    """What customers paid, and, below zero, what they were given back."""
    return rows.filter((rows.error == 0) & rows.amount.notnull())


def fetch_refunds(facts: Facts, period: Period, before: Period | None, dimensions: list[str], cuts: list[str]) -> Frame:
    """Counts of amounts and of those below zero, by group and piece of time."""
    assert facts.activity is not None
    first = min(each.first_day for each in (period, before) if each)
    last = period.first_day + period.days
    days = () if "day" in cuts else tuple((day - EPOCH).days for day in days_of(period, before, cuts))
    asked = first, last, days, tuple(dimensions)
    return Frame(facts.ask(_refunds, facts.activity, *asked), period, before)


def _refunds(rows: ir.Table, first: Any, last: Any, days: tuple[Any, ...], dimensions: tuple[str, ...]) -> ir.Table:
    rows = amounts(rows)
    rows = rows.filter((rows.day >= first) & (rows.day < last))
    day = bucket(rows.day, days[1:], days) if days else rows.day.cast("int32")
    return rows.group_by(*dimensions, day=day).agg(units=rows.count(), defects=(rows.amount < 0).cast("int32").sum())


def came_back(rows: ir.Table, name: str) -> ir.Table:
    """The conversations or purchases of which it is known, with `defect`."""
    rows = rows.filter(rows.error == 0)
    if name == RETURNED:
        return rows.filter(rows.returned.notnull()).mutate(defect=rows.returned)
    given = rows.refund.fill_null(0.0) + rows.compensation.fill_null(0.0)
    return rows.filter(rows.refund.notnull() | rows.compensation.notnull()).mutate(defect=given > 0)


def fetch_returns(
    facts: Facts, name: str, period: Period, before: Period | None, dimensions: list[str], cuts: list[str]
) -> Frame:
    """Counts of those of which it is known and of those that came back, by group and piece of time."""
    assert facts.returns is not None
    asked = name, dating(period, before, cuts), tuple(dimensions)
    return Frame(facts.ask(_returns, facts.returns, *asked), period, before)


def _returns(rows: ir.Table, name: str, when: Dating, dimensions: tuple[str, ...]) -> ir.Table:
    rows, day = dated(came_back(rows, name), when)
    return rows.group_by(*dimensions, day=day).agg(units=rows.count(), defects=rows.defect.cast("int32").sum())


def quality(name: str) -> Counted:
    """Headline: the share that came back; beside it defects per million, and sigma with the shift and without."""

    def reckon(sums: Sums) -> Reckoned:
        defects, units = sums["defects"], sums["units"]
        level = sigma(defects, units)
        beside = {"dpmo": level.dpmo, "sigma": level.shifted, "sigma_unshifted": level.unshifted}
        return Reckoned(share(defects, units, DEFINITIONS[name]), beside, {"defects": defects, "units": units})

    return Counted(name, ("units", "defects"), reckon)


def outcomes(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """The parts of the population that can be looked at."""
    return {"reopened": rows.reopened, "stayed": ~rows.reopened}


def sent_back(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """The parts of what may come back that can be looked at."""
    return {"came_back": rows.defect, "kept": ~rows.defect}
