"""What stands beside the figures: how many conversations, who was left out and why, data errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerable.measure.kpi.waiting import WAITS, within
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
    if facts.conversations is not None:
        rows = within(facts.conversations, [period])
        waits = [name for name, made in MADE.items() if not made.isdisjoint(measures)]
        keys = ("standing", "reopened", *(f"{name}_error" for name in waits))
        cells = facts.fetch(rows.group_by(*keys).agg(n=rows.count())).to_pylist()
        counts = {name: _sum(cells, standing=number) for number, name in STANDINGS.items()}
        counts |= {"conversations": _sum(cells), "reopened": _sum(cells, standing=COUNTED, reopened=True)}
        rows = rows.filter(rows.standing == COUNTED)
        for name in waits:
            errors += _errors(facts, rows, cells, name, f"{name}_error", WAIT_ERRORS)
    for name, table, words in (
        ("compliance", facts.clocks, CLOCK_ERRORS),
        ("csat", facts.ratings, RATING_ERRORS),
    ):
        if table is not None:
            rows = within(table, [period])
            cells = facts.fetch(rows.group_by("error").agg(n=rows.count())).to_pylist()
            errors += _errors(facts, rows, cells, name, "error", words)
    errors += _answers(facts, period)
    if facts.activity is not None:
        rows = facts.activity
        cells = facts.fetch(rows.group_by("error").agg(n=rows.count())).to_pylist()
        errors += _errors(facts, rows, cells, "retention", "error", ACTIVITY_ERRORS, "customer")
    if facts.returns is not None:
        rows = within(facts.returns, [period])
        cells = facts.fetch(rows.group_by("error").agg(n=rows.count())).to_pylist()
        errors += _errors(facts, rows, cells, "refunded", "error", RETURN_ERRORS, "reference")
    return counts, errors


def _answers(facts: Facts, period: Period) -> list[DataError]:
    """The errors of surveys. Respondents are named, but of engagement nobody is."""
    if facts.answers is None:
        return []
    rows, (start, end) = facts.answers, period.instants
    rows = rows.filter(rows["at"].isnull() | ((rows["at"] >= start) & (rows["at"] < end)))
    dateless = rows["at"].isnull().cast("int32").sum()
    found = facts.fetch(rows.group_by("instrument", "error").agg(n=rows.count(), dateless=dateless)).to_pylist()
    errors = []
    for instrument in sorted(facts.instruments):
        cells = [cell for cell in found if cell["instrument"] == instrument]
        of = rows.filter(rows.instrument == instrument)
        who = None if instrument == "engagement" else "respondent"
        errors += _errors(facts, of, cells, instrument, "error", ANSWER_ERRORS, who)
        lost = sum(int(cell["dateless"]) for cell in cells)
        if lost and not facts.undated(instrument):
            errors.append(DataError(instrument, DATELESS, lost, []))
    return errors


def _sum(cells: list[dict[str, Any]], **wanted: Any) -> int:
    return sum(cell["n"] for cell in cells if all(cell[key] == value for key, value in wanted.items()))


def _errors(
    facts: Facts,
    rows: ir.Table,
    cells: list[dict[str, Any]],
    measure: str,
    column: str,
    words: tuple[str, ...],
    who: str | None = "conversation_id",
) -> list[DataError]:
    """The errors of one measure; conversations are fetched only where there are any."""
    found = []
    for number, what in enumerate(words, start=1):
        standing = {"standing": COUNTED} if cells and "standing" in cells[0] else {}
        count = _sum(cells, **{column: number}, **standing)
        if count:
            shown = []
            if who is not None:
                ids = rows.filter(rows[column] == number).select(who).distinct()
                shown = facts.fetch(ids.order_by(who).limit(SHOWN_ERRORS)).column(0).to_pylist()
            found.append(DataError(measure, what, count, shown))
    return found
