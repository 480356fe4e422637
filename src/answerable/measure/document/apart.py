"""Which groups stand apart from the others, in words; and two dimensions at once, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from answerable.measure.crossing import cell, halves
from answerable.measure.document.model import Grid
from answerable.measure.document.pen import NONE
from answerable.measure.document.terms import COLUMNS
from answerable.measure.period import CUTS
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answerable.measure.document.pen import Pen
    from answerable.measure.figure import Group, Indicator


def standing_apart(groups: Sequence[Group]) -> list[Group]:
    """The groups distinguishable from the others, once all of the indicator are judged together (Holm)."""
    return [group for group in groups if group.verdict is not None and group.verdict.word == "distinguishable"]


def farthest(indicator: Indicator) -> tuple[str, Group] | None:
    """Of all groups that stand apart, the one that does by most, and what it is a group by."""
    groups = [
        (dimension, group)
        for dimension, pieces in indicator.groups.items()
        if dimension not in CUTS and halves(dimension) is None
        for group in standing_apart(pieces)
    ]
    return max(groups, key=lambda each: abs((each[1].rest and each[1].rest.value) or 0.0), default=None)


def differs(pen: Pen, group: Group, dimension: str = "") -> str:
    """A group that stands apart, by how much; what it is a group by where that is not said around it."""
    estimate, rest = group.figure.estimate, group.rest
    name = group.label or (pen(gettext_noop("none")) if group.key is None else str(group.key))
    if dimension:
        name += f" ({_dimension(pen, dimension)})"
    assert rest is not None
    assert rest.value is not None
    size = pen.size(rest.value, rest.unit, estimate)
    if rest.unit == "share":
        size = pen(gettext_noop("{n} percentage points"), n=size)
    words = gettext_noop("{name}: above the others by {size}, distinguishable.")
    if rest.value < 0:
        words = gettext_noop("{name}: below the others by {size}, distinguishable.")
    return pen(words, name=name, size=size)


def crossed(pen: Pen, indicator: Indicator, dimension: str) -> Iterator[Grid]:
    """A table of two dimensions: each cell its value and sample; none where nothing may be shown."""
    two = halves(dimension)
    assert two is not None
    cells = {cell(group.key): group for group in indicator.groups[dimension] if group.key is not None}
    if not cells or all(group.hidden for group in cells.values()):
        return
    names, columns = sorted({row for row, _ in cells}), sorted({column for _, column in cells})
    rows = tuple((row, *(_said(pen, cells.get((row, column))) for column in columns)) for row in names)
    first, second = (_dimension(pen, each) for each in two)
    words = gettext_noop("Together: {rows} and {columns}. Each cell has the value and, in brackets, the sample")
    title = pen(words, rows=first, columns=second)
    yield Grid(f"{indicator.name}-{dimension}", title, ("", *columns), rows, frozenset(range(1, len(columns) + 1)))


def _dimension(pen: Pen, name: str) -> str:
    return pen(COLUMNS.get(name.removesuffix("_id"), name))


def _said(pen: Pen, group: Group | None) -> str:
    if group is None or group.hidden or not group.figure.estimate.n:
        return NONE
    return f"{pen.value(group.figure.estimate)} ({pen.count(group.figure.estimate.n)})"
