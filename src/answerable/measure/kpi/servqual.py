"""SERVQUAL: gaps between what was expected and what was perceived.

Rows: answers of the instrument "servqual", in pairs of expectation and perception per person and item. The engine sends
a row per person, with the numbers of the questions and the answers; core/servqual adds them up, group by group. See
docs/measures/servqual.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates import Difference, difference
from answerable.core.importance import Quadrants, crosshair, quadrants
from answerable.core.servqual import Dimension, Instrument, Paired, Servqual, Sums, paired, servqual, wholes
from answerable.core.servqual.instrument import SIZES
from answerable.measure.frame import TOTAL, Frame
from answerable.measure.groups import Figures, Raw, Reckoned, category, figure
from answerable.measure.kpi.dated import Dating, dated, dating

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir
    import pyarrow as pa

    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

NAME = "servqual"
SCALES = (5, 7, 9, 10, 11, 100)
PARTS = ("expectation", "perception")
WEIGHT = "weight"
_AT_ONCE = 1 << 16  # people


@dataclass(frozen=True, slots=True)
class ServqualDetail:
    """The gaps of the whole period, per dimension and item; what matters most against how it is done.

    `quadrants` set mean expectation (importance) against mean perception, per item. `weights` are points per
    dimension that sum to 100, given or the mean of the respondents'; `weighers` of them gave points that do,
    `left_out` points that do not. `scale_guessed` says that nobody told on which scale was asked.
    """

    result: Servqual
    quadrants: Quadrants | None
    weights: dict[str, float] | None
    weighers: int
    left_out: int
    scale: tuple[float, float]
    scale_guessed: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """The answers of both periods, a row per person and piece of time, and their groups in the same order."""

    answers: Paired
    people: Frame
    guessed: bool
    weights: dict[str, float] | None = None
    weighers: int = 0
    left_out: int = 0

    @property
    def asked(self) -> Instrument:
        """What they were asked."""
        return self.answers.asked


def population(rows: ir.Table) -> ir.Table:
    """The answers that are not in error, weights among them."""
    return rows.filter((rows.instrument == NAME) & (rows.error == 0) & rows.value.notnull())


def instrument(cells: Sequence[dict[str, Any]], scale: tuple[float, float] | None) -> tuple[Instrument, bool]:
    """The instrument that questions show, and whether its scale was guessed: the shortest that holds the answers."""
    known = list(SIZES)

    def order(cell: dict[str, Any]) -> tuple[Any, ...]:
        name = cell["dimension"]
        return known.index(name) if name in known else len(known), name, _natural(cell["item"])

    items: dict[str, list[str]] = {}
    for cell in sorted(cells, key=order):
        items.setdefault(cell["dimension"], []).append(cell["item"])
    if scale is None:
        high, low = max(cell["high"] for cell in cells), min(cell["low"] for cell in cells)
        top = next((each for each in SCALES if each >= high), high)
        return Instrument(_dimensions(items), 0.0 if low < 1 else 1.0, float(top)), True
    return Instrument(_dimensions(items), *scale), False


def _asked(rows: ir.Table) -> ir.Table:
    """The questions, with the least and the greatest answer to each; and those of the weights, as `weight` says."""
    rows = population(rows)
    rows = rows.filter(rows.part.isin((*PARTS, WEIGHT)))
    rows = rows.mutate(dimension=rows.dimension.cast("string").fill_null(""), weight=rows.part == WEIGHT)
    return rows.group_by("weight", "dimension", item=rows.item.cast("string")).agg(
        low=rows.value.min(), high=rows.value.max()
    )


def _dimensions(items: Mapping[str, Sequence[str]]) -> tuple[Dimension, ...]:
    return tuple(Dimension(name, tuple(each)) for name, each in items.items())


def _natural(item: str) -> tuple[str, int, str]:
    """q2 before q10."""
    digits = "".join(filter(str.isdigit, item))
    return item.rstrip("0123456789"), int(digits) if digits.isascii() and digits else 0, item


def fetch(
    facts: Facts, period: Period, before: Period | None, dimensions: list[str], cuts: list[str], *,
    scale: tuple[float, float] | None = None, weights: Mapping[str, float] | None = None,
) -> Pairs | None:  # fmt: skip
    """The answers of both periods; None where no pair was asked."""
    assert facts.answers is not None
    cells = facts.ask(_asked, facts.answers).to_pylist()
    questions = [cell for cell in cells if not cell["weight"]]
    if not questions:
        return None
    asked, guessed = instrument(questions, scale)
    when = dating(period, before, cuts, undated=facts.undated(NAME))
    rows = facts.ask(_people, facts.answers, when, tuple(dimensions), asked.items)
    people = Frame(rows.drop_columns(["places", "values"]), period, before)
    found = Pairs(paired(*_halves_of(rows, asked), asked), people, guessed)
    if weights is not None:
        return replace(found, weights=dict(weights))
    if len(questions) == len(cells):
        return found
    points, weighers, left_out = _weights(facts, asked, when, period)
    return replace(found, weights=points, weighers=weighers, left_out=left_out)


def _people(rows: ir.Table, when: Dating, dimensions: tuple[str, ...], items: tuple[str, ...]) -> ir.Table:
    """One row per person and piece of time: `values`, what they answered, and `places` of those among the items, where
    perceptions come after all the expectations."""
    import ibis

    rows, day = dated(population(rows), when)
    rows = rows.filter(rows.part.isin(PARTS))
    place = ibis.array(list(items)).index(rows.item.cast("string")) + (rows.part == "expectation").ifelse(0, len(items))
    rows = rows.mutate(day=day, place=place.cast("int32"))
    return rows.group_by("respondent", *dimensions, "day").agg(
        places=rows["place"].collect(), values=rows["value"].collect()
    ).drop("respondent")  # fmt: skip


def _halves_of(rows: pa.Table, asked: Instrument) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(persons, items) expectations and perceptions, nan where there is none. Of those who answered twice the greater
    counts, and one off the scale only where no other is on it."""
    width = 2 * len(asked.items)
    found = np.full((rows.num_rows, width), np.nan)
    at = 0
    for batch in rows.select(["places", "values"]).to_batches(_AT_ONCE):
        cells = found[at : at + batch.num_rows].reshape(-1)
        at += batch.num_rows
        places, values = batch.column("places"), batch.column("values").flatten().to_numpy()
        person = np.repeat(np.arange(batch.num_rows), places.value_lengths().to_numpy())
        on_scale = (values >= asked.low) & (values <= asked.high)
        np.fmax.at(cells, person * width + places.flatten().to_numpy(), np.where(on_scale, values, -np.inf))
    return found[:, : width // 2], found[:, width // 2 :]


def groups(pairs: Pairs, dimension: str) -> list[tuple[Any, Sums]]:
    """The sums of each group of a dimension."""
    codes = pairs.people.codes(dimension)
    return [(key, pairs.answers.sums(codes.of_row == number)) for number, key in enumerate(codes.keys)]


def figures(pairs: Pairs, dimensions: list[str], *, judged: bool = True) -> Raw:
    """Headline: the mean gap of the dimensions, unweighted; beside it the weighted one and each dimension's."""
    found: Figures = {}
    apart: dict[str, list[Difference]] = {}
    for dimension in dimensions:
        pieces = groups(pairs, dimension)
        found[dimension] = [
            (key, figure(pairs.people, NAME, dimension, key, _reckon(sums, pairs))) for key, sums in pieces
        ]
        if judged and category(dimension) and len(pieces) > 1:
            apart[dimension] = []
            for number, (_, sums) in enumerate(pieces):
                others = [each for place, (_, each) in enumerate(pieces) if place != number]
                rest = others[0]
                for each in others[1:]:
                    rest = rest + each
                apart[dimension].append(difference(_reckon(sums, pairs).estimate, _reckon(rest, pairs).estimate))
    return Raw(found, apart)


def _reckon(sums: Sums, pairs: Pairs) -> Reckoned:
    found = wholes(sums, pairs.asked, weights=pairs.weights)
    beside = {} if found.weighted is None else {"weighted": found.weighted}
    return Reckoned(found.unweighted, beside | found.dimensions, {"people": sums.respondents})


def detail(pairs: Pairs) -> ServqualDetail:
    """The gaps of the period in full."""
    sums = groups(pairs, TOTAL)[0][1]
    result = servqual(sums, pairs.asked, weights=pairs.weights)
    items = [item for dimension in result.dimensions for item in dimension.items]
    wanted = {item.name: item.expectation.value for item in items if item.expectation.value is not None}
    got = {item.name: item.perception.value for item in items if item.perception.value is not None}
    drawn = quadrants(wanted, got, crosshair(wanted, got)) if wanted else None
    scale = (pairs.asked.low, pairs.asked.high)
    return ServqualDetail(result, drawn, pairs.weights, pairs.weighers, pairs.left_out, scale, pairs.guessed)


def _weights(facts: Facts, asked: Instrument, when: Dating, period: Period) -> tuple[dict[str, float] | None, int, int]:
    """The mean points per dimension of those whose points sum to 100, how many they are, and how many not."""
    assert facts.answers is not None
    names = tuple(dimension.name for dimension in asked.dimensions)
    row = facts.ask(_points, facts.answers, when, names, period.first_day).to_pylist()[0]
    people, n = int(row["people"] or 0), int(row["good"] or 0)
    if not n:
        return None, 0, people
    weights = {name: row[f"weight_{at}"] / n for at, name in enumerate(names)}
    return weights, n, people - n


def _points(rows: ir.Table, when: Dating, names: tuple[str, ...], first_day: Any) -> ir.Table:
    """How many gave points, how many of them rightly, and the sums of their points."""
    rows, day = dated(population(rows), when)
    rows = rows.filter((rows.part == WEIGHT) & (day >= first_day))
    item = rows.item.cast("string").lower()
    points = {f"weight_{at}": (item == name).ifelse(rows.value, 0.0).sum() for at, name in enumerate(names)}
    each = rows.group_by("respondent").agg(
        **points, total=rows.value.sum(), least=rows.value.min(), answers=rows.count(), different=item.nunique()
    )
    good = (
        ((each.total - 100).abs() <= 1e-6) & (each.least >= 0)
        & (each.answers == len(names)) & (each.different == len(names))
    )  # fmt: skip
    return each.agg(
        people=each.count(), good=good.cast("int64").sum(),
        **{name: good.ifelse(each[name], 0.0).sum() for name in points},
    )  # fmt: skip
