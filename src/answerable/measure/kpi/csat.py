"""CSAT: of the customers asked after a conversation was solved, how many were satisfied.

Rows: invitations, on the local day the customer was asked, so that the response rate and the score have
one base; and answers to surveys, of which nobody tells who was asked. See docs/measures/csat.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from answerable.core.estimates import satisfaction
from answerable.measure.frame import Frame, spread, without_errors
from answerable.measure.groups import Counted, Reckoned, Sums
from answerable.measure.kpi.dated import Dating, dated, dating

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

NAME = "csat"
OUTCOMES = ("all", "rated", "satisfied", "dissatisfied", "not_applicable", "unanswered")
_SCORES = tuple(f"score_{score}" for score in range(1, 6))


def population(rows: ir.Table) -> ir.Table:
    """Invitations without a data error."""
    return rows.filter(rows.error == 0)


def fetch(
    facts: Facts, period: Period, before: Period | None, dimensions: list[str], cuts: list[str]
) -> tuple[Frame, dict[int, int] | None]:
    """Counts of invitations, answers and each score per group and piece of time; and those of the period with each
    error, where it is known which are of the period."""
    assert facts.ratings is not None
    undated = facts.undated(NAME) and not facts.asked
    when = dating(period, before, cuts, undated=undated)
    cells = facts.ask(_cells, facts.ratings, when, tuple(dimensions))
    found = spread(cells, "given", {name: number for number, name in enumerate(_SCORES, start=1)})
    frame, errors = without_errors(found.append_column("invited", found.column("n")), period, before)
    return frame, None if undated else errors


def _cells(rows: ir.Table, when: Dating, dimensions: tuple[str, ...]) -> ir.Table:
    rows, day = dated(rows, when)
    given = (rows.error == 0).ifelse(rows.score, None)
    return rows.group_by(*dimensions, "error", day=day, given=given.cast("int32")).agg(
        n=rows.count(), answered=rows.answered.cast("int32").sum()
    )


def csat(*, asked: bool = True) -> Counted:
    """Headline: top-two-box share; coverage: response rate, where those are known who were `asked` only."""

    def reckon(sums: Sums) -> Reckoned:
        distribution = [sums[name] for name in _SCORES]
        unscored = sums["answered"] - sum(distribution)
        found = satisfaction(distribution, not_applicable=unscored, invited=sums["invited"] if asked else None)
        counts = {name: sums[name] for name in _SCORES}
        counts |= {"not_applicable": unscored, "unanswered": sums["invited"] - sums["answered"]}
        return Reckoned(found.satisfied, {"mean": found.mean}, counts)

    return Counted(NAME, ("invited", "answered", *_SCORES), reckon, outcome="rated")


def outcomes(rows: ir.Table) -> dict[str, ir.BooleanValue]:
    """The parts of the population that can be looked at."""
    satisfied = (rows.score >= 4).fill_null(False)
    return {
        "rated": rows.score.notnull(),
        "satisfied": satisfied,
        "dissatisfied": rows.score.notnull() & ~satisfied,
        "not_applicable": rows.answered & rows.score.isnull(),
        "unanswered": ~rows.answered,
    }
