"""SERVQUAL: gaps between what was expected and what was perceived, from sums that the engine adds up.

Rows: answers of the instrument "servqual", in pairs of expectation and perception per person and item. The
engine sends, by group and piece of time, the counts, sums and products that core/servqual needs: no person
leaves it. See docs/measures/servqual.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, Any

import numpy as np

from answerable.core.estimates import Difference, difference
from answerable.core.importance import Quadrants, crosshair, quadrants
from answerable.core.moments import Moments
from answerable.core.servqual import Dimension, Instrument, Servqual, Sums, servqual
from answerable.core.servqual.instrument import SIZES
from answerable.measure.frame import TOTAL, Frame
from answerable.measure.groups import Figures, Raw, Reckoned, category, figure
from answerable.measure.kpi.dated import dated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.period import Period

NAME = "servqual"
SCALES = (5, 7, 9, 10, 11, 100)
PARTS = ("expectation", "perception")


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
    """Sums of people by group: one frame per dimension of the instrument, and one of the dimensions' means."""

    asked: Instrument
    items: tuple[Frame, ...]
    means: Frame
    guessed: bool
    weights: dict[str, float] | None = None
    weighers: int = 0
    left_out: int = 0


def population(facts: Facts) -> ir.Table:
    """The answers that are not in error, weights among them."""
    assert facts.answers is not None
    rows = facts.answers
    return rows.filter((rows.instrument == NAME) & (rows.error == 0) & rows.value.notnull())


def instrument(rows: ir.Table, facts: Facts, scale: tuple[float, float] | None = None) -> tuple[Instrument, bool]:
    """The instrument that the answers show, and whether its scale was guessed: the shortest that holds them."""
    asked = rows.filter(rows.part.isin(PARTS))
    cells = facts.fetch(
        asked.group_by(dimension=asked.dimension.cast("string").fill_null(""), item=asked.item.cast("string")).agg(
            low=asked.value.min(), high=asked.value.max()
        )
    ).to_pylist()
    known = list(SIZES)

    def order(cell: dict[str, Any]) -> tuple[Any, ...]:
        name = cell["dimension"]
        return known.index(name) if name in known else len(known), name, _natural(cell["item"])

    items: dict[str, list[str]] = {}
    for cell in sorted(cells, key=order):
        items.setdefault(cell["dimension"], []).append(cell["item"])
    if scale is None:
        high = max((cell["high"] for cell in cells), default=7)
        low = min((cell["low"] for cell in cells), default=1)
        top = next((each for each in SCALES if each >= high), high)
        return Instrument(_dimensions(items), 0.0 if low < 1 else 1.0, float(top)), True
    return Instrument(_dimensions(items), *scale), False


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
    """The sums of both periods; None where no pair was asked."""
    import pyarrow.compute as pc

    rows, day = dated(population(facts), period, before, cuts, undated=facts.undated(NAME))
    rows = rows.mutate(day=day, dimension=rows.dimension.cast("string").fill_null(""))
    asked, guessed = instrument(population(facts), facts, scale)
    if not asked.dimensions:
        return None
    by = [*dimensions, "day"]
    people = facts.keep(_people(rows, asked, by))
    longest = max(len(dimension.items) for dimension in asked.dimensions)
    rows_of_items = facts.fetch(_moments(people, ["place", *by], longest))
    frames = [
        Frame(rows_of_items.filter(pc.equal(rows_of_items.column("place"), place)), period, before)
        for place in range(len(asked.dimensions))
    ]
    size = len(asked.dimensions)
    cells = _moments(_dimension_means(people, by, size), by, size)
    means = Frame(facts.fetch(cells), period, before)
    if weights is not None:
        return Pairs(asked, tuple(frames), means, guessed, dict(weights))
    return Pairs(asked, tuple(frames), means, guessed, *_weights(rows, asked, facts, period))


def _people(rows: ir.Table, asked: Instrument, by: list[str]) -> ir.Table:
    """One row per person and dimension: e_0, p_0, e_1, ... of its items, null unless both halves are on the scale;
    `halves_i` where something was answered, but no pair."""
    import ibis

    places = {item: (place, number) for place, dimension in enumerate(asked.dimensions)
              for number, item in enumerate(dimension.items)}  # fmt: skip
    rows = rows.filter(rows.part.isin(PARTS))
    item = rows.item.cast("string")
    place = ibis.cases(*((item == name, at) for name, (at, _) in places.items()), else_=-1)
    number = ibis.cases(*((item == name, at) for name, (_, at) in places.items()), else_=-1)
    on_scale = rows.value.between(asked.low, asked.high).ifelse(rows.value, ibis.null("float64"))
    rows = rows.select("respondent", *by, place=place.cast("int32"), number=number.cast("int32"),
                       expected=rows.part == "expectation", value=on_scale)  # fmt: skip
    size = max(len(dimension.items) for dimension in asked.dimensions)
    halves = {
        f"{letter}_{at}": ((rows.number == at) & half).ifelse(rows.value, ibis.null("float64")).max()
        for at in range(size)
        for letter, half in (("e", rows.expected), ("p", ~rows.expected))
    } | {f"any_{at}": (rows.number == at).max() for at in range(size)}
    each = rows.group_by("respondent", *by, "place").agg(**halves)
    paired: dict[str, ir.Value] = {}
    for at in range(size):
        both = each[f"e_{at}"].notnull() & each[f"p_{at}"].notnull()
        paired |= {f"{letter}_{at}": both.ifelse(each[f"{letter}_{at}"], ibis.null("float64")) for letter in "ep"}
        paired[f"half_{at}"] = (each[f"any_{at}"] & ~both).cast("int64")
    return each.select("respondent", *by, "place", **paired)


def _dimension_means(people: ir.Table, by: list[str], size: int) -> ir.Table:
    """One row per person: the mean over the pairs answered in each dimension, as e_0, p_0, e_1, ..."""
    import ibis

    items = [name.removeprefix("e_") for name in people.columns if name.startswith("e_")]
    answered = sum((people[f"e_{at}"].notnull().cast("int32") for at in items), ibis.literal(0))
    mean = {
        letter: sum((people[f"{letter}_{at}"].fill_null(0) for at in items), ibis.literal(0.0)) / answered.nullif(0)
        for letter in "ep"
    }
    each = people.select("respondent", *by, "place", **mean)
    return each.group_by("respondent", *by).agg(
        **{
            f"{letter}_{at}": (each.place == at).ifelse(each[letter], ibis.null("float64")).max()
            for at in range(size)
            for letter in "ep"
        }
    )


def _moments(people: ir.Table, by: list[str], size: int) -> ir.Table:
    """Counts n_i_j, sums e_i_j and p_i_j, products ee, pp and gg of every pair of columns, by group."""
    found: dict[str, ir.Value] = {"people": people.count()}
    e, p = ([people[f"{letter}_{at}"] for at in range(size)] for letter in "ep")
    for i, j in combinations_with_replacement(range(size), 2):
        found[f"n_{i}_{j}"] = (e[i].notnull() & e[j].notnull()).cast("int64").sum()
        for name, of in (("ee", e), ("pp", p)):
            found[f"{name}_{i}_{j}"] = (of[i] * of[j]).sum().fill_null(0)
        found[f"gg_{i}_{j}"] = ((p[i] - e[i]) * (p[j] - e[j])).sum().fill_null(0)
    for i, j in product(range(size), repeat=2):
        for name, of in (("e", e), ("p", p)):
            found[f"{name}_{i}_{j}"] = e[j].notnull().ifelse(of[i], 0.0).sum().fill_null(0)
    if "half_0" in people.columns:
        found |= {f"half_{at}": people[f"half_{at}"].sum() for at in range(size)}
    return people.group_by(*by).agg(**found)


def _columns(size: int, halves: bool) -> tuple[str, ...]:
    pairs = list(combinations_with_replacement(range(size), 2))
    names = [f"{name}_{i}_{j}" for name in ("n", "ee", "pp", "gg") for i, j in pairs]
    names += [f"{name}_{i}_{j}" for name in "ep" for i, j in product(range(size), repeat=2)]
    return ("people", *names, *((f"half_{at}" for at in range(size)) if halves else ()))


def _three(sums: Mapping[str, Any], size: int) -> tuple[Moments, Moments, Moments]:
    """The moments of expectations, perceptions and gaps."""

    def square(name: str) -> np.ndarray:
        return np.array([[sums[f"{name}_{min(i, j)}_{max(i, j)}"] for j in range(size)] for i in range(size)])

    def full(name: str) -> np.ndarray:
        return np.array([[sums[f"{name}_{i}_{j}"] for j in range(size)] for i in range(size)], dtype=np.float64)

    counts = square("n").astype(np.int64)
    e, p = full("e"), full("p")
    return (
        Moments(counts, e, square("ee").astype(np.float64)),
        Moments(counts, p, square("pp").astype(np.float64)),
        Moments(counts, p - e, square("gg").astype(np.float64)),
    )


def groups(pairs: Pairs, dimension: str) -> list[tuple[Any, Sums]]:
    """The sums of each group of a dimension, as core/servqual takes them."""
    sizes = [len(each.items) for each in pairs.asked.dimensions]
    means = pairs.means.sums(dimension, _columns(len(sizes), halves=False))
    parts = [
        dict(frame.sums(dimension, _columns(size, halves=True))) for frame, size in zip(pairs.items, sizes, strict=True)
    ]
    found = []
    for key, whole in means:
        none = [dict.fromkeys(_columns(size, halves=True), 0) for size in sizes]
        items = [part.get(key, empty) for part, empty in zip(parts, none, strict=True)]
        three = [_three(each, size) for each, size in zip(items, sizes, strict=True)]
        e, p, g = zip(*three, strict=True)
        halves = tuple(each[f"half_{at}"] for each, size in zip(items, sizes, strict=True) for at in range(size))
        found.append((key, Sums(whole["people"], e, p, g, *_three(whole, len(sizes)), halves)))
    return found


def figures(pairs: Pairs, dimensions: list[str], *, judged: bool = True) -> Raw:
    """Headline: the mean gap of the dimensions, unweighted; beside it the weighted one and each dimension's."""
    found: Figures = {}
    apart: dict[str, list[Difference]] = {}
    for dimension in dimensions:
        pieces = groups(pairs, dimension)
        found[dimension] = [
            (key, figure(pairs.means, NAME, dimension, key, _reckon(sums, pairs))) for key, sums in pieces
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
    result = servqual(sums, pairs.asked, weights=pairs.weights)
    beside = {} if result.weighted is None else {"weighted": result.weighted}
    beside |= {each.whole.name: each.whole.gap for each in result.dimensions}
    return Reckoned(result.unweighted, beside, {"people": sums.respondents})


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


def _weights(
    rows: ir.Table, asked: Instrument, facts: Facts, period: Period
) -> tuple[dict[str, float] | None, int, int]:
    """The mean points per dimension of those whose points sum to 100, how many they are, and how many not."""
    names = [dimension.name for dimension in asked.dimensions]
    rows = rows.filter((rows.part == "weight") & (rows.day >= period.first_day))
    item = rows.item.cast("string").lower()
    points = {f"weight_{at}": (item == name).ifelse(rows.value, 0.0).sum() for at, name in enumerate(names)}
    each = rows.group_by("respondent").agg(
        **points, total=rows.value.sum(), least=rows.value.min(), answers=rows.count(), different=item.nunique()
    )
    good = (
        ((each.total - 100).abs() <= 1e-6) & (each.least >= 0)
        & (each.answers == len(names)) & (each.different == len(names))
    )  # fmt: skip
    whole = each.agg(
        people=each.count(), good=good.cast("int64").sum(),
        **{name: good.ifelse(each[name], 0.0).sum() for name in points},
    )  # fmt: skip
    row = facts.fetch(whole).to_pylist()[0]
    people, n = int(row["people"] or 0), int(row["good"] or 0)
    if not n:
        return None, 0, people
    weights = {name: row[f"weight_{at}"] / n for at, name in enumerate(names)}
    return weights, n, people - n
