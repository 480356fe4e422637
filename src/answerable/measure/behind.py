"""From a figure back to the conversations or answers it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answerable.measure.kpi import answers as surveys
from answerable.measure.kpi import compliance, csat, engagement, quality, servqual, waiting
from answerable.measure.kpi.dated import within

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir
    import pyarrow as pa

    from answerable.measure.facts import Facts
    from answerable.measure.figure import Selection

    Parts = Callable[[ir.Table], dict[str, ir.BooleanValue]]


def conversations(
    facts: Facts, selection: Selection, *, limit: int = 50, after: tuple[int, int | str] | None = None
) -> pa.Table:
    """The conversations behind a figure, oldest first: `conversation_id`, `at` and what was measured.

    Waiting times have `ended`, `settled`, `calendar`, `business`; clocks `standard`, `state`, `due_at`; ratings
    `score`.
    Paged by keyset: pass the last row's (at, conversation_id) as `after`.
    Raises ValueError when the selection names an indicator, outcome or dimension that there is none of.
    """
    rows, parts, shown = _source(facts, selection.kpi)
    rows = within(rows, [selection.period])
    if selection.outcome != "all":
        part = parts(rows).get(selection.outcome)
        if part is None:
            raise ValueError(f"{selection.kpi} has no outcome {selection.outcome!r}.")
        rows = rows.filter(part)
    if selection.dimension is not None:
        rows = rows.filter(_is(rows, selection))
    if after is not None:
        at, last = after
        rows = rows.filter((rows["at"] > at) | ((rows["at"] == at) & (rows.conversation_id > last)))
    page = rows.select("conversation_id", "at", *shown).order_by("at", "conversation_id").limit(limit)
    return facts.fetch(page)


def answers(facts: Facts, selection: Selection, *, limit: int = 50) -> pa.Table:
    """The answers behind NPS, CES or SERVQUAL, oldest first: `respondent`, `at`, `item`, `part` and `value`.

    Raises ValueError for another indicator, and for engagement: whose answer is which is nobody's to see.
    """
    if selection.kpi == engagement.NAME:
        raise ValueError("Answers about engagement are never listed.")
    if facts.answers is None or selection.kpi not in (*surveys.COLUMNS, servqual.NAME):
        raise ValueError(f"There are no answers behind {selection.kpi!r}.")
    asked = selection.kpi in surveys.COLUMNS
    rows = surveys.population(facts.answers, selection.kpi) if asked else servqual.population(facts.answers)
    if not facts.undated(selection.kpi):
        rows = within(rows, [selection.period])
    if selection.outcome != "all":
        part = surveys.outcomes(rows, selection.kpi).get(selection.outcome) if asked else None
        if part is None:
            raise ValueError(f"{selection.kpi} has no outcome {selection.outcome!r}.")
        rows = rows.filter(part)
    if selection.dimension is not None:
        rows = rows.filter(_is(rows, selection))
    page = rows.select("respondent", "at", "item", "part", "value").order_by("at", "respondent", "item", "part")
    return facts.fetch(page.limit(limit))


def amounts(facts: Facts, selection: Selection, *, limit: int = 50, given_back: bool = False) -> pa.Table:
    """The amounts behind refunds, oldest first: `customer`, `day` (since 1970), `amount` and `currency`, or only those
    below zero.

    Raises ValueError for another indicator, and for a dimension that there is none of.
    """
    if selection.kpi != quality.REFUNDS or facts.activity is None:
        raise ValueError(f"There are no amounts behind {selection.kpi!r}.")
    first = selection.period.first_day
    rows = quality.amounts(facts.activity)
    rows = rows.filter((rows.day >= first) & (rows.day < first + selection.period.days))
    if given_back:
        rows = rows.filter(rows.amount < 0)
    if selection.dimension is not None:
        rows = rows.filter(_is(rows, selection))
    page = rows.select("customer", "day", "amount", "currency").order_by("day", "customer", "amount")
    return facts.fetch(page.limit(limit))


def _source(facts: Facts, kpi: str) -> tuple[ir.Table, Parts, tuple[str, ...]]:
    """The population of an indicator, its outcomes, and the columns worth showing."""
    if kpi in waiting.WAITS and facts.conversations is not None:
        shown = ("ended", "settled", "calendar", "business")
        return waiting.population(facts.conversations, waiting.WAITS[kpi]), waiting.outcomes, shown
    if kpi in compliance.NAMES and facts.clocks is not None:
        rows = compliance.population(facts.clocks)
        rows = rows.filter(rows.kind == compliance.NAMES[kpi])
        return rows, compliance.outcomes, ("standard", "state", "due_at", "elapsed_business_seconds")
    if kpi == csat.NAME and facts.ratings is not None:
        return csat.population(facts.ratings), csat.outcomes, ("score", "rated_at")
    if kpi in (quality.RETURNED, quality.REFUNDED) and facts.returns is not None:
        rows = quality.came_back(facts.returns, kpi).rename(conversation_id="reference")
        return rows, quality.sent_back, ("returned", "refund", "compensation", "currency")
    if kpi == quality.REOPENED and facts.conversations is not None:
        return quality.population(facts.conversations), quality.outcomes, ("resolution_calendar", "reopened")
    raise ValueError(f"There is no indicator {kpi!r} in these facts.")


def _is(rows: ir.Table, selection: Selection) -> ir.BooleanValue:
    """Whether a row is in the selection's group; a key from a query string is read as the column's type."""
    if selection.dimension not in rows.columns:
        raise ValueError(f"{selection.kpi} is not grouped by {selection.dimension!r}.")
    column = rows[selection.dimension]
    if selection.key is None:
        return column.isnull()
    if not column.type().is_integer():
        return column == str(selection.key)
    try:
        return column == int(selection.key)
    except ValueError as error:
        raise ValueError(f"{selection.dimension} is a number, not {selection.key!r}.") from error
