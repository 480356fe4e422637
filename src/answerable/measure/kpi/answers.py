"""NPS and CES: answers to one question, counted by answer. See docs/measures/nps.md and ces.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answerable.core.estimates import Difference, effort, net_promoter_score, promoters_difference, split
from answerable.measure.frame import Frame, spread
from answerable.measure.groups import Counted, Reckoned, Sums
from answerable.measure.kpi.dated import Dating, dated, dating

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

NPS_COLUMNS = tuple(f"answer_{answer}" for answer in range(11))
CES_COLUMNS = tuple(f"answer_{answer}" for answer in range(1, 8))
COLUMNS = {"nps": NPS_COLUMNS, "ces": CES_COLUMNS}


def population(rows: ir.Table, instrument: str) -> ir.Table:
    """The answers of one instrument that are on its scale; "not applicable" among them, as nulls."""
    return rows.filter((rows.instrument == instrument) & (rows.part == "score") & (rows.error == 0))


def fetch(
    facts: Facts, instrument: str, period: Period, before: Period | None, dimensions: list[str], cuts: list[str]
) -> Frame:
    """How often each answer was given, by group and piece of time."""
    assert facts.answers is not None
    when = dating(period, before, cuts, undated=facts.undated(instrument))
    cells = facts.ask(_cells, facts.answers, instrument, when, tuple(dimensions))
    names = {name: int(name.removeprefix("answer_")) for name in COLUMNS[instrument]}
    return Frame(spread(cells, "answer", {**names, "not_applicable": None}), period, before)


def _cells(rows: ir.Table, instrument: str, when: Dating, dimensions: tuple[str, ...]) -> ir.Table:
    rows, day = dated(population(rows, instrument), when)
    return rows.group_by(*dimensions, day=day, answer=rows.value.cast("int32")).agg(n=rows.count())


def _counts(sums: Sums, columns: tuple[str, ...]) -> list[int]:
    return [sums[name] for name in columns]


def _nps(sums: Sums) -> Reckoned:
    parts = split(_counts(sums, NPS_COLUMNS))
    names = ("promoters", "passives", "detractors")
    return Reckoned(net_promoter_score(*parts), counts={**dict(zip(names, parts, strict=True)), **sums})


def _nps_difference(after: Sums, before: Sums) -> Difference:
    return promoters_difference(split(_counts(after, NPS_COLUMNS)), split(_counts(before, NPS_COLUMNS)))


def nps() -> Counted:
    """Promoters less detractors, in points; two samples differ by the z test."""
    return Counted("nps", (*NPS_COLUMNS, "not_applicable"), _nps, _nps_difference, share=False)


def ces(*, hard: bool = False) -> Counted:
    """The share who found it easy; `hard` where a high answer means that it was hard."""

    def reckon(sums: Sums) -> Reckoned:
        found = effort(_counts(sums, CES_COLUMNS), polarity="high is hard" if hard else "high is easy")
        return Reckoned(found.easy, {"mean": found.mean}, dict(sums))

    return Counted("ces", (*CES_COLUMNS, "not_applicable"), reckon)


def outcomes(rows: ir.Table, instrument: str) -> dict[str, ir.BooleanValue]:
    """The parts of the population that can be looked at."""
    value = rows.value.fill_null(-1)
    none = {"not_applicable": rows.value.isnull()}
    if instrument == "nps":
        return {"promoters": value >= 9, "passives": value.between(7, 8), "detractors": value.between(0, 6), **none}
    return {"high": value >= 5, "low": value.between(1, 4), **none}
