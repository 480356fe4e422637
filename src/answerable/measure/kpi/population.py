"""What stands beside the figures: how many conversations, who was left out and why, data errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from answerable.measure.kpi.dated import inside, spans
from answerable.measure.measuring import MADE
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
    from collections.abc import Collection, Mapping

    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.kpi.conversations import Conversations
    from answerable.measure.kpi.dated import Spans
    from answerable.measure.period import Period

SHOWN_ERRORS = 100
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
    facts: Facts,
    period: Period,
    measures: Collection[str],
    rows: Conversations | None,
    known: Mapping[str, Mapping[int, int]],
) -> tuple[dict[str, int], list[DataError]]:
    """How many conversations began in the period, how many count and how many do not, and the data errors; those of
    a wait where it, or what is made of it, is among the measures. `known` are numbers of errors that were counted.

    `imported` are those that count and were taken over from another system: they have no business time here.
    A conversation is left out for the first that holds of: spam, merged, agent_opened. An error shows once,
    for the first rule a row breaks.
    """
    counts: dict[str, int] = {}
    errors: list[DataError] = []
    when = spans([period])
    if rows is not None:
        counts = {name: int(rows.kinds[:, number].sum()) for number, name in STANDINGS.items()}
        counts |= {"conversations": int(rows.kinds.sum()), "reopened": int(rows.kinds[:, COUNTED, 1].sum())}
        counts["imported"] = int(rows.kinds[1, COUNTED].sum())
        for wait, numbers in rows.errors.items():
            if not MADE[wait].isdisjoint(measures):
                kind = Faulty(wait, WAIT_ERRORS, when, f"{wait}_error")
                errors += _errors(facts, facts.conversations, kind, dict(enumerate(numbers.tolist())))
    for kind, table in (
        (Faulty("compliance", CLOCK_ERRORS, when), facts.clocks),
        (Faulty("csat", RATING_ERRORS, when), facts.ratings),
    ):
        errors += _errors(facts, table, kind, known.get(kind.measure))
    errors += _answers(facts, when)
    errors += _errors(facts, facts.activity, Faulty("retention", ACTIVITY_ERRORS, (), who="customer"))
    errors += _errors(facts, facts.returns, Faulty("refunded", RETURN_ERRORS, when, who="reference"))
    return counts, errors


class Faulty(NamedTuple):
    """Where errors are looked for: the measure, what may be wrong, when, the column of the error's number, and the one
    of those who are named, if anybody is; of surveys the instrument."""

    measure: str
    words: tuple[str, ...]
    when: Spans
    column: str = "error"
    who: str | None = "conversation_id"
    instrument: str | None = None


def _answers(facts: Facts, when: Spans) -> list[DataError]:
    """The errors of surveys. Respondents are named, but of engagement nobody is."""
    if facts.answers is None:
        return []
    found = facts.ask(_faults, facts.answers, when).to_pylist()
    errors = []
    for instrument in sorted(facts.instruments):
        cells = [cell for cell in found if cell["instrument"] == instrument]
        who = None if instrument == "engagement" else "respondent"
        kind = Faulty(instrument, ANSWER_ERRORS, when, who=who, instrument=instrument)
        errors += _errors(facts, facts.answers, kind, {cell["error"]: cell["n"] for cell in cells})
        lost = sum(int(cell["dateless"]) for cell in cells)
        if lost and not facts.undated(instrument):
            errors.append(DataError(instrument, DATELESS, lost, []))
    return errors


def _faults(rows: ir.Table, spans: Spans) -> ir.Table:
    """How many answers of each instrument have which error, and how many no date."""
    rows = _dated(rows, spans)
    rows = rows.filter((rows.error != 0) | rows["at"].isnull())
    return rows.group_by("instrument", "error").agg(n=rows.count(), dateless=rows["at"].isnull().cast("int32").sum())


def _dated(rows: ir.Table, spans: Spans) -> ir.Table:
    """Answers given in the one span, or nobody knows when."""
    [(start, end)] = spans
    return rows.filter(rows["at"].isnull() | ((rows["at"] >= start) & (rows["at"] < end)))


def _errors(
    facts: Facts, table: ir.Table | None, kind: Faulty, numbers: Mapping[int, int] | None = None
) -> list[DataError]:
    """The errors of one measure, counted where `numbers` does not say how many there are of each; those in whose rows
    they are, are fetched only where there are any."""
    if table is None:
        return []
    if numbers is None:
        numbers = {row["error"]: row["n"] for row in facts.ask(_counted, table, kind.when).to_pylist()}
    found = []
    for number, what in enumerate(kind.words, start=1):
        if count := numbers.get(number, 0):
            asked = kind.column, number, kind.who, kind.when, kind.instrument
            shown = [] if kind.who is None else facts.ask(_whose, table, *asked).column(0).to_pylist()
            found.append(DataError(kind.measure, what, count, shown))
    return found


def _counted(rows: ir.Table, spans: Spans) -> ir.Table:
    """How many rows of the spans have which error; without spans of all."""
    rows = inside(rows, spans) if spans else rows
    rows = rows.filter(rows.error != 0)
    return rows.group_by("error").agg(n=rows.count())


def _whose(rows: ir.Table, column: str, number: Any, who: str, spans: Spans, instrument: str | None) -> ir.Table:
    """Those in whose rows there is an error, the first of them."""
    if instrument is not None:
        rows = _dated(rows.filter(rows.instrument == instrument), spans)
    elif spans:
        rows = inside(rows, spans)
    rows = rows.filter(rows.standing == COUNTED) if "standing" in rows.columns else rows
    return rows.filter(rows[column] == number).select(who).distinct().order_by(who).limit(SHOWN_ERRORS)
