"""Two dimensions at once: team by channel, as one more dimension of the facts.

A crossed dimension is a column of the prepared tables like any other, so each indicator is grouped by it, judged and
listed as by its own columns. Groups of which either half is unknown are the group without a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from answerable.measure.facts import Facts

BETWEEN = "_by_"
APART = "\x1f"  # the unit separator of ASCII: no name has it


def pairs(dimensions: Sequence[str]) -> tuple[str, ...]:
    """The names of all crossed dimensions of two."""
    return tuple(f"{first}{BETWEEN}{second}" for first, second in combinations(dict.fromkeys(dimensions), 2))


def halves(dimension: str) -> tuple[str, str] | None:
    """The two that a dimension crosses; None for a plain one."""
    first, crossed, second = dimension.partition(BETWEEN)
    return (first, second) if crossed else None


def cell(key: Any) -> tuple[str, str]:
    """The row and the column that the key of a crossed group stands for."""
    row, _, column = str(key).partition(APART)
    return row, column


def shown(key: Any) -> str:
    """The key of a crossed group as it is read: Billing · email."""
    return " · ".join(cell(key))


def cross(facts: Facts, dimensions: Sequence[str]) -> Facts:
    """The facts with a column for each crossed dimension, in the tables that have both halves."""
    tables = {}
    for name, table in facts.tables.items():
        known = {
            dimension: two
            for dimension in dimensions
            if (two := halves(dimension)) is not None and set(two) <= set(table.columns)
        }
        if known:
            tables[name] = table.mutate(
                **{
                    dimension: table[first].cast("string").concat(APART, table[second].cast("string"))
                    for dimension, (first, second) in known.items()
                }
            )
    return replace(facts, **tables) if tables else facts
