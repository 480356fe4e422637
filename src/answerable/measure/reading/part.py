"""A part: one table inside a file, whatever the format, before anybody knows what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from answerable.measure.failures import BadRow
from answerable.measure.reading import sql

Row = tuple[str | None, ...]
_VALUE = re.compile(r"[-+]?[\d\s.,:/-]*\d[\d\s.,:/TZ+-]*%?")


@dataclass(frozen=True, slots=True)
class Staged:
    """Rows brought into DuckDB: `relation` has a `rowid` and the columns asked for, under their own names.

    `lines` gives the physical line of each of some row numbers. `rejected` are rows that broke the format,
    listed up to the limit; `rejected_count` counts all. `doubts` are what a person should check.
    """

    relation: str
    rows: int
    types: dict[str, str]
    rejected: tuple[BadRow, ...] = ()
    rejected_count: int = 0
    lines: Callable[[Sequence[int]], list[int | None]] = field(default=lambda rows: [row + 1 for row in rows])
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """`name` is the file's, with the sheet or list after a `#` where a file has several. `sample` are its
    first rows as text. `traits` say how it was read: encoding, delimiter, sheet... `stage` brings columns in."""

    name: str
    path: Path
    format: str
    columns: tuple[str, ...]
    sample: tuple[Row, ...]
    stage: Callable[[Any, str, Sequence[str]], Staged]
    traits: dict[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def values(self, column: str) -> list[str]:
        """What the sample has in a column, without the empty."""
        place = self.columns.index(column)
        found = (row[place] for row in self.sample if place < len(row))
        return [value.strip() for value in found if value and value.strip().lower() not in sql.EMPTY]


def distinct(names: Sequence[str | None]) -> tuple[str, ...]:
    """Column names made distinct: empty ones are numbered, repeated ones counted."""
    seen: dict[str, int] = {}
    found = []
    for number, raw in enumerate(names, start=1):
        name = " ".join((raw or "").replace("\0", " ").split()) or f"column {number}"
        key = name.lower()
        seen[key] = seen.get(key, 0) + 1
        while seen[key] > 1 and f"{key} ({seen[key]})" in seen:
            seen[key] += 1
        if seen[key] > 1:
            name = f"{name} ({seen[key]})"
            seen[name.lower()] = 1
        found.append(name)
    return tuple(found)


def is_header(rows: Sequence[Row]) -> bool:
    """A first row with a number or a date in it is no header; neither is one with cells alike."""
    first = [(cell or "").strip() for cell in rows[0]]
    if any(map(is_value, first)) and len(rows) > 1:
        return sum(map(is_value, first)) < sum(is_value((cell or "").strip()) for cell in rows[1]) / 2
    return True


def is_value(cell: str) -> bool:
    """Whether a cell is a number or a date, and no name of a column."""
    return bool(_VALUE.fullmatch(cell))
