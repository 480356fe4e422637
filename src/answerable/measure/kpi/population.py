"""What stands beside the figures: how many conversations, who was left out and why, data errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerable.measure.kpi.waiting import within
from answerable.measure.preparation import (
    CLOCK_ERRORS,
    COUNTED,
    MERGED,
    NOT_BY_CUSTOMER,
    RATING_ERRORS,
    SPAM,
    WAIT_ERRORS,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

SHOWN_ERRORS = 100
STANDINGS = {COUNTED: "counted", SPAM: "spam", MERGED: "merged", NOT_BY_CUSTOMER: "agent_opened"}


@dataclass(frozen=True, slots=True)
class DataError:
    """Rows that cannot be true: of which measure, what is wrong, how many, and the first conversations.

    They are left out of that measure, and nothing is repaired. `what` is one of the words in preparation.py.
    """

    measure: str
    what: str
    count: int
    conversations: list[Any]


def population(facts: Facts, period: Period) -> tuple[dict[str, int], list[DataError]]:
    """How many conversations began in the period, how many count and how many do not, and the data errors.

    A conversation is left out for the first that holds of: spam, merged, agent_opened. An error shows once,
    for the first rule a row breaks.
    """
    rows = within(facts.conversations, [period])
    keys = ("standing", "reopened", "first_response_error", "resolution_error")
    cells = facts.fetch(rows.group_by(*keys).agg(n=rows.count())).to_pylist()
    counts = {name: _sum(cells, standing=number) for number, name in STANDINGS.items()}
    counts |= {"conversations": _sum(cells), "reopened": _sum(cells, standing=COUNTED, reopened=True)}
    errors = []
    for name in ("first_response", "resolution"):
        errors += _errors(facts, rows.filter(rows.standing == COUNTED), cells, name, f"{name}_error", WAIT_ERRORS)
    for name, table, words in (
        ("compliance", facts.clocks, CLOCK_ERRORS),
        ("csat", facts.ratings, RATING_ERRORS),
    ):
        if table is not None:
            rows = within(table, [period])
            cells = facts.fetch(rows.group_by("error").agg(n=rows.count())).to_pylist()
            errors += _errors(facts, rows, cells, name, "error", words)
    return counts, errors


def _sum(cells: list[dict[str, Any]], **wanted: Any) -> int:
    return sum(cell["n"] for cell in cells if all(cell[key] == value for key, value in wanted.items()))


def _errors(
    facts: Facts,
    rows: ir.Table,
    cells: list[dict[str, Any]],
    measure: str,
    column: str,
    words: tuple[str, ...],
) -> list[DataError]:
    """The errors of one measure; conversations are fetched only where there are any."""
    found = []
    for number, what in enumerate(words, start=1):
        standing = {"standing": COUNTED} if cells and "standing" in cells[0] else {}
        count = _sum(cells, **{column: number}, **standing)
        if count:
            ids = rows.filter(rows[column] == number).select("conversation_id").distinct()
            ids = facts.fetch(ids.order_by("conversation_id").limit(SHOWN_ERRORS))
            found.append(DataError(measure, what, count, ids.column(0).to_pylist()))
    return found
