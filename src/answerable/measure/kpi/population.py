"""What stands beside the figures: how many conversations, who was left out and why, data errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerable.measure.kpi.dated import inside, spans
from answerable.measure.kpi.waiting import WAITS
from answerable.measure.preparation import (
    ACTIVITY_ERRORS,
    ANSWER_ERRORS,
    CLOCK_ERRORS,
    COUNTED,
    DATELESS,
    MERGED,
    NOT_BY_CUSTOMER,
    RATING_ERRORS,
    RETURN_ERRORS,
    SPAM,
    WAIT_ERRORS,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.kpi.waiting import Spans
    from answerable.measure.period import Period

SHOWN_ERRORS = 100
MADE = {"first_response": {"first_response"}, "resolution": {"resolution", "reopened"}}
STANDINGS = {COUNTED: "counted", SPAM: "spam", MERGED: "merged", NOT_BY_CUSTOMER: "agent_opened"}


@dataclass(frozen=True, slots=True)
class DataError:
    """Rows that cannot be true: of which measure, what is wrong, how many, and the first conversations (of
    surveys the respondents, of activity the customers).

    They are left out of that measure, and nothing is repaired. `what` is one of the words in preparation.py.
    """

    measure: str
    what: str
    count: int
    conversations: list[Any]


def population(
    facts: Facts, period: Period, measures: Collection[str] = tuple(WAITS)
) -> tuple[dict[str, int], list[DataError]]:
    """How many conversations began in the period, how many count and how many do not, and the data errors; those of
    a wait where it, or what is made of it, is among the measures.

    A conversation is left out for the first that holds of: spam, merged, agent_opened. An error shows once,
    for the first rule a row breaks.
    """
    counts: dict[str, int] = {}
    errors: list[DataError] = []
    when = spans([period])
    if facts.conversations is not None:
        waits = [name for name, made in MADE.items() if not made.isdisjoint(measures)]
        keys = ("standing", "reopened", *(f"{name}_error" for name in waits))
        cells = facts.ask(_counted, facts.conversations, keys, when).to_pylist()
        counts = {name: _sum(cells, standing=number) for number, name in STANDINGS.items()}
        counts |= {"conversations": _sum(cells), "reopened": _sum(cells, standing=COUNTED, reopened=True)}
        for name in waits:
            errors += _errors(facts, facts.conversations, cells, name, f"{name}_error", WAIT_ERRORS, when)
    for name, table, words in (
        ("compliance", facts.clocks, CLOCK_ERRORS),
        ("csat", facts.ratings, RATING_ERRORS),
    ):
        if table is not None:
            cells = facts.ask(_counted, table, ("error",), when).to_pylist()
            errors += _errors(facts, table, cells, name, "error", words, when)
    errors += _answers(facts, period)
    if facts.activity is not None:
        cells = facts.ask(_counted, facts.activity, ("error",), ()).to_pylist()
        errors += _errors(facts, facts.activity, cells, "retention", "error", ACTIVITY_ERRORS, (), "customer")
    if facts.returns is not None:
        cells = facts.ask(_counted, facts.returns, ("error",), when).to_pylist()
        errors += _errors(facts, facts.returns, cells, "refunded", "error", RETURN_ERRORS, when, "reference")
    return counts, errors


def _counted(rows: ir.Table, keys: tuple[str, ...], spans: Spans) -> ir.Table:
    """How many rows of the spans there are of each kind; without spans of all."""
    rows = inside(rows, spans) if spans else rows
    return rows.group_by(*keys).agg(n=rows.count())


def _answers(facts: Facts, period: Period) -> list[DataError]:
    """The errors of surveys. Respondents are named, but of engagement nobody is."""
    if facts.answers is None:
        return []
    when = spans([period])
    found = facts.ask(_faults, facts.answers, when).to_pylist()
    errors = []
    for instrument in sorted(facts.instruments):
        cells = [cell for cell in found if cell["instrument"] == instrument]
        who = None if instrument == "engagement" else "respondent"
        errors += _errors(facts, facts.answers, cells, instrument, "error", ANSWER_ERRORS, when, who, instrument)
        lost = sum(int(cell["dateless"]) for cell in cells)
        if lost and not facts.undated(instrument):
            errors.append(DataError(instrument, DATELESS, lost, []))
    return errors


def _faults(rows: ir.Table, spans: Spans) -> ir.Table:
    """How many answers of each instrument have an error, and how many no date."""
    rows = _dated(rows, spans)
    return rows.group_by("instrument", "error").agg(n=rows.count(), dateless=rows["at"].isnull().cast("int32").sum())


def _dated(rows: ir.Table, spans: Spans) -> ir.Table:
    """Answers given in the spans, or nobody knows when."""
    [(start, end)] = spans
    return rows.filter(rows["at"].isnull() | ((rows["at"] >= start) & (rows["at"] < end)))


def _sum(cells: list[dict[str, Any]], **wanted: Any) -> int:
    return sum(cell["n"] for cell in cells if all(cell[key] == value for key, value in wanted.items()))


def _errors(
    facts: Facts,
    table: ir.Table,
    cells: list[dict[str, Any]],
    measure: str,
    column: str,
    words: tuple[str, ...],
    when: Spans,
    who: str | None = "conversation_id",
    instrument: str | None = None,
) -> list[DataError]:
    """The errors of one measure; conversations are fetched only where there are any."""
    found = []
    standing = {"standing": COUNTED} if cells and "standing" in cells[0] else {}
    for number, what in enumerate(words, start=1):
        count = _sum(cells, **{column: number}, **standing)
        if count:
            shown = []
            if who is not None:
                asked = column, number, who, when, instrument, bool(standing)
                shown = facts.ask(_whose, table, *asked).column(0).to_pylist()
            found.append(DataError(measure, what, count, shown))
    return found


def _whose(
    rows: ir.Table, column: str, number: Any, who: str, spans: Spans, instrument: str | None, standing: bool
) -> ir.Table:
    """Those in whose rows there is an error, the first of them."""
    if instrument is not None:
        rows = _dated(rows.filter(rows.instrument == instrument), spans)
    elif spans:
        rows = inside(rows, spans)
    rows = rows.filter(rows.standing == COUNTED) if standing else rows
    return rows.filter(rows[column] == number).select(who).distinct().order_by(who).limit(SHOWN_ERRORS)
