"""Tables taken out of files that call themselves workbooks and are none: a web page, Excel's XML of 2003.

Many systems export so. The rows go to a file of separated values in the scratch directory, one at a time, and are read
from there as any CSV is: headers and rows that do not fit are decided in one place (delimited.py).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from answerable.core.said import Said, gettext_noop
from answerable.measure.failures import AGAIN, COLUMNS, Unreadable
from answerable.measure.reading.delimited import open_delimited
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.part import Part

DEEPEST = 50
MOST = 100
PIECE = 1 << 16
DEEP = gettext_noop("Its elements are too many inside one another.")
ENDLESS = gettext_noop("A tag in it has no end.")
LONG = gettext_noop("A cell in it is too long.")
_AHEAD = 1_000
"""So many rows are waited for before it is decided how wide a table is."""


@dataclass(slots=True)
class Table:
    """A table being written. Rows are made as wide as the widest of the first ones; those above the header that hold
    less than half of what is usual are a title, and one cell."""

    file: str
    title: str
    scratch: Path
    limits: Limits
    ahead: list[list[str]] = field(default_factory=list)
    path: Path | None = None
    width: int = 0
    stream: IO[str] | None = None
    out: Any = None

    def add(self, row: list[str]) -> None:
        """One more row; empty ones are none."""
        while row and not row[-1]:
            row.pop()
        if not row:
            return
        if len(row) > self.limits.columns:
            raise Unreadable(self.file, Said(COLUMNS, n=len(row)), AGAIN)
        if self.out is not None:
            self._write(row)
            return
        self.ahead.append(row)
        if len(self.ahead) == _AHEAD:
            self._begin()

    def _begin(self) -> None:
        """Open the file, where it is a table at all, and write what was waited for."""
        rows, self.ahead = self.ahead, []
        self.width = max(map(len, rows), default=0)
        if len(rows) < 2 or self.width < 2:
            return
        filled = [sum(map(bool, row)) for row in rows]
        usual = sorted(filled)[len(rows) // 2]
        for number in range(next(place for place, cells in enumerate(filled) if 2 * cells > usual)):
            rows[number] = [" ".join(filter(None, rows[number]))]
        self.path = self.scratch / f"{len(list(self.scratch.iterdir()))}.csv"
        self.stream = self.path.open("w", encoding="utf-8", newline="")
        self.out = csv.writer(self.stream, lineterminator="\n")
        for row in rows:
            self._write(row)

    def _write(self, row: list[str]) -> None:
        self.out.writerow(row if len(row) == 1 else row + [""] * (self.width - len(row)))

    def end(self) -> None:
        """Write what is left."""
        if self.out is None:
            self._begin()
        if self.stream is not None:
            self.stream.close()


def parts_of(
    tables: Sequence[Table], path: Path, name: str, kind: str, traits: Mapping[str, str], limits: Limits
) -> list[Part]:
    """A part for each table that has a header and a row."""
    written = [table for table in tables if table.path is not None]
    if not written:
        raise Unreadable(
            name,
            gettext_noop("It is a web page, or a workbook in XML, without a table of data."),
            gettext_noop("Is it the page to sign in, or an error? Open it in a browser, and export again."),
        )
    found = []
    for table in written:
        assert table.path is not None
        shown = f"{name}#{table.title}" if len(written) > 1 else name
        part = open_delimited(table.path, shown, table.path.parent, limits, encoding="utf-8", delimiter=",")
        kept = {**traits, **{key: value for key, value in part.traits.items() if key == "header"}}
        found.append(replace(part, path=path, format=kind, traits=kept))
    return found


def number(written: str | None) -> int:
    """A count in an attribute; 0 where there is none."""
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 7 else 0
