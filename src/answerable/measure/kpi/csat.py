"""CSAT: of the customers asked after a conversation was solved, how many were satisfied.

Rows: invitations, on the local day the customer was asked, so that the response rate and the score have
one base. See docs/measures/csat.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from answerable.core.estimates import satisfaction
from answerable.measure.figure import Figure, select
from answerable.measure.frame import BEFORE, TOTAL, Frame
from answerable.measure.kpi.waiting import local_day, within

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

NAME = "csat"
OUTCOMES = ("all", "rated", "satisfied", "dissatisfied", "not_applicable", "unanswered")
_SCORES = tuple(f"score_{score}" for score in range(1, 6))


def population(facts: Facts) -> ir.Table:
    """Invitations without a data error."""
    assert facts.ratings is not None
    return facts.ratings.filter(facts.ratings.error == 0)


def fetch(facts: Facts, period: Period, before: Period | None, dimensions: list[str]) -> Frame:
    """Counts of invitations, answers and each score per day and group."""
    periods = [each for each in (period, before) if each]
    rows = within(population(facts), periods)
    scores = {
        name: (rows.score == number).fill_null(False).cast("int32").sum()
        for number, name in enumerate(_SCORES, start=1)
    }
    cells = rows.group_by(*dimensions, day=local_day(rows, periods)).agg(
        invited=rows.count(), answered=rows.answered.cast("int32").sum(), **scores
    )
    return Frame(facts.fetch(cells), period, before)


def figures(frame: Frame, dimensions: list[str]) -> dict[str, list[tuple[Any, Figure]]]:
    """The figures of each group of each dimension. Headline: top-two-box share; coverage: response rate."""
    found: dict[str, list[tuple[Any, Figure]]] = {}
    for dimension in dimensions:
        found[dimension] = []
        for key, sums in frame.sums(dimension, ("invited", "answered", *_SCORES)):
            distribution = [sums[name] for name in _SCORES]
            unscored = sums["answered"] - sum(distribution)
            csat = satisfaction(distribution, not_applicable=unscored, invited=sums["invited"])
            counts = {name: sums[name] for name in _SCORES}
            counts |= {"not_applicable": unscored, "unanswered": sums["invited"] - sums["answered"]}
            period = frame.before if dimension == BEFORE and frame.before else frame.period
            narrowed = None if dimension in (TOTAL, BEFORE) else dimension
            selection = select(period, NAME, narrowed, key, "rated")
            found[dimension].append((key, Figure(csat.satisfied, selection, {"mean": csat.mean}, counts)))
    return found


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
