"""Engagement of the staff: per person first, then over people; groups of a few are never shown.

Rows: answers of the instrument "engagement", 1 to 5; an item with "enps" in its name from 0 to 10. They count in
the month they carry, which is a date and not an instant: no time zone moves it. See docs/measures/engagement.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from answerable.core.engagement import CROSS_FLOOR, FLOOR, Answers, Item, ItemResult, engagement, hidden, hidden_cells
from answerable.core.estimates import EMPLOYEE_NPS, Difference, Estimate, difference, net_promoter_score, split
from answerable.measure.crossing import cell, halves
from answerable.measure.frame import BEFORE, TOTAL, Frame, spread
from answerable.measure.groups import Figures, Raw, Reckoned, category, figure
from answerable.measure.kpi.dated import Dating, dated, dating
from answerable.measure.period import Period
from answerable.measure.preparation import recommending

if TYPE_CHECKING:
    from collections.abc import Collection

    import ibis.expr.types as ir

    from answerable.measure.facts import Facts

NAME = "engagement"
_SUMS = ("people", "share", "share_squares", "mean", "mean_squares", *(f"enps_{answer}" for answer in range(11)))


@dataclass(frozen=True, slots=True)
class EngagementDetail:
    """The questions of the whole period, eNPS, and how many answered; empty where they are too few to show.

    `floor` is the size under which a group is hidden.
    """

    items: tuple[ItemResult, ...]
    recommend: Estimate | None
    people: int | None
    floor: int


@dataclass(frozen=True, slots=True)
class Staff:
    """Sums over people by group, and answers by item."""

    people: Frame
    items: Frame


def population(rows: ir.Table) -> ir.Table:
    """The answers on the scale; "not applicable" is none."""
    return rows.filter((rows.instrument == NAME) & (rows.part == "score") & (rows.error == 0) & rows.value.notnull())


def fetch(
    facts: Facts, period: Period, before: Period | None, dimensions: list[str], cuts: list[str],
    reverse: Collection[str] = (),
) -> Staff:  # fmt: skip
    """Each one's own share and mean, summed with their squares by group; and each item's answers."""
    assert facts.answers is not None
    period = Period(period.since, period.until)
    before = Period(before.since, before.until) if before else None
    when = dating(period, before, cuts, undated=facts.undated(NAME))
    cells = facts.ask(_people, facts.answers, when, tuple(dimensions), tuple(sorted(reverse)))
    items = facts.ask(_items, facts.answers, when)
    counted = spread(items, "answer", {f"answer_{answer}": answer for answer in range(1, 6)})
    return Staff(Frame(cells, period, before), Frame(counted, period, before))


def _people(rows: ir.Table, when: Dating, dimensions: tuple[str, ...], reverse: tuple[str, ...]) -> ir.Table:
    """Sums over people by group."""
    rows, day = dated(population(rows), when)
    rows = rows.mutate(day=day)
    asked = ~recommending(rows)
    turned = rows.item.isin(list(reverse)).ifelse(6 - rows.value, rows.value) if reverse else rows.value
    answers = asked.cast("int32").sum()
    each = rows.group_by("respondent", *dimensions, "day").agg(
        answers=answers,
        good=(asked & (turned >= 4)).cast("int32").sum(),
        total=asked.ifelse(turned, 0.0).sum(),
        recommend=asked.ifelse(-1.0, rows.value).max(),
    )
    some = each.answers > 0
    own_share = some.ifelse(each.good.cast("float64") / each.answers.nullif(0), 0.0)
    own_mean = some.ifelse(each.total / each.answers.nullif(0), 0.0)
    return each.group_by(*dimensions, "day").agg(
        people=some.cast("int32").sum(),
        share=own_share.sum(), share_squares=(own_share * own_share).sum(),
        mean=own_mean.sum(), mean_squares=(own_mean * own_mean).sum(),
        **{f"enps_{answer}": (each.recommend == answer).cast("int32").sum() for answer in range(11)},
    )  # fmt: skip


def _items(rows: ir.Table, when: Dating) -> ir.Table:
    """How often each answer was given to each question."""
    rows, day = dated(population(rows), when)
    rows = rows.mutate(day=day)
    questions = rows.filter(~recommending(rows))
    return questions.group_by("item", "day", answer=questions.value.cast("int32")).agg(n=questions.count())


def figures(staff: Staff, dimensions: list[str], *, floor: int = FLOOR, judged: bool = True) -> Raw:
    """Headline: the mean over people of their own favourable share. Groups that may not be shown are empty."""
    found: Figures = {}
    apart: dict[str, list[Difference]] = {}
    gone: dict[str, frozenset[int]] = {}
    for dimension in dimensions:
        pieces = staff.people.sums(dimension, _SUMS)
        sizes = {str(number): sums["people"] for number, (_, sums) in enumerate(pieces)}
        away = hidden(sizes, floor)
        alone = dimension in (TOTAL, BEFORE)
        gone[dimension] = frozenset(int(name) for name in (away.small if alone else away.groups))
        if (away.total and not alone) or (halves(dimension) and _gives_away(pieces)):
            gone[dimension] = frozenset(range(len(pieces)))
        found[dimension] = [
            (key, figure(staff.people, NAME, dimension, key, _reckon({} if number in gone[dimension] else sums, floor)))
            for number, (key, sums) in enumerate(pieces)
        ]
        if judged and category(dimension) and len(pieces) > 1 and not gone[dimension]:
            whole = {name: sum(sums[name] for _, sums in pieces) for name in _SUMS}
            apart[dimension] = [
                difference(_reckon(sums).estimate, _reckon({name: whole[name] - sums[name] for name in _SUMS}).estimate)
                for _, sums in pieces
            ]
    return Raw(found, apart, hidden=gone)


def _gives_away(pieces: list[tuple[Any, dict[str, Any]]]) -> bool:
    """Whether a table of two dimensions has a cell of too few people: it is shown whole or not at all, since its rows
    and columns stand beside it with their totals. Nobody counts twice, so a cell without a key is one more."""
    cells = {cell(key) if key is not None else ("", ""): sums["people"] for key, sums in pieces}
    return bool(hidden_cells(cells, CROSS_FLOOR))


def detail(staff: Staff, reverse: Collection[str] = (), floor: int = FLOOR) -> EngagementDetail:
    """The questions of the period. One that fewer than `floor` answered is left out."""
    whole = staff.people.sums(TOTAL, _SUMS)[0][1]
    people = whole["people"]
    if people < floor:
        return EngagementDetail((), None, None, floor)
    columns = tuple(f"answer_{answer}" for answer in range(1, 6))
    counts = {str(key): [sums[name] for name in columns] for key, sums in staff.items.sums("item", columns)}
    shown = {key: each for key, each in sorted(counts.items()) if sum(each) >= floor}
    items = tuple(Item(key, key in reverse) for key in shown)
    sums = _answers(whole, np.array(list(shown.values()), dtype=np.int64).reshape(-1, 5))
    said = split([whole[f"enps_{answer}"] for answer in range(11)])
    recommend = net_promoter_score(*said, definition=EMPLOYEE_NPS) if sum(said) >= floor else None
    return EngagementDetail(engagement(sums, items).items, recommend, people, floor)


def _answers(sums: dict[str, Any], distributions: np.ndarray) -> Answers:
    people = sums.get("people", 0)
    return Answers(
        people,
        people,
        distributions,
        (sums.get("share", 0.0), sums.get("share_squares", 0.0)),
        (sums.get("mean", 0.0), sums.get("mean_squares", 0.0)),
    )


def _reckon(sums: dict[str, Any], floor: int = FLOOR) -> Reckoned:
    """The result of one group; of no sums, nothing."""
    found = engagement(_answers(sums, np.zeros((0, 5), dtype=np.int64)), ())
    said = split([sums.get(f"enps_{answer}", 0) for answer in range(11)])
    beside = {"mean": found.mean}
    if sum(said) >= floor:
        beside["recommend"] = net_promoter_score(*said, definition=EMPLOYEE_NPS)
    return Reckoned(found.favourable, beside, {"people": sums["people"]} if sums else {})
