"""CSV and its kin: which delimiter, where the header is, and the rows into DuckDB.

DuckDB does the reading, every column as text; rows that do not fit the header are rejected with their line.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from answerable.measure.failures import AGAIN, COLUMNS, EMPTY, BadRow, Unreadable, shortened
from answerable.measure.reading import sql
from answerable.measure.reading.headers import columns_of
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.part import Part, Row, Staged
from answerable.measure.reading.text import Progress, Text, chunks, open_text
from answerable.measure.words import Said, gettext_noop

DELIMITERS = (",", ";", "\t", "|")
SPACES = "spaces"
SAMPLED = 1_000
_HEAD = 1 << 18
_REASONS = {
    "MISSING COLUMNS": gettext_noop("it has fewer columns than the header"),
    "TOO MANY COLUMNS": gettext_noop("it has more columns than the header"),
    "UNQUOTED VALUE": gettext_noop("a quotation mark stands where none may"),
    "LINE SIZE OVER MAXIMUM": gettext_noop("the row is too long"),
    "INVALID ENCODING": gettext_noop("its characters are damaged"),
    "INVALID STATE": gettext_noop("its quotation marks do not match"),
    "CAST": gettext_noop("a value is not of its column's type"),
}
_MOST_BELOW = 20
_BELOW = gettext_noop("lines below the table that are no rows of it, such as who made the report and when: {n}")
_BROKEN = gettext_noop("it breaks the format ({error})")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines are cut: `skip` lines before the header (or the rows, where there is none), `header` rows of it."""

    delimiter: str
    escape: str
    skip: int
    header: int


def open_delimited(
    path: Path,
    name: str,
    scratch: Path,
    limits: Limits,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Progress | None = None,
) -> Part:
    """The one part of a file of separated values."""
    text = open_text(path, name, scratch, limits, encoding=encoding, progress=progress)
    head = _head(text.path)
    if not head:
        raise Unreadable(name, EMPTY, AGAIN)
    delimiter = delimiter or _delimiter(head)
    if delimiter == SPACES:
        text = replace(text, path=_tabbed(text.path, scratch))
        head = _head(text.path)
    dialect, rows = _dialect(head, "\t" if delimiter == SPACES else delimiter, name)
    columns, _ = columns_of(rows)
    if len(columns) > limits.columns:
        raise Unreadable(name, Said(COLUMNS, n=len(columns)), gettext_noop("Is this a table? Name its delimiter."))
    sample = tuple(row for row in rows[dialect.header :] if len(row) == len(columns))
    spaced = frozenset(
        c for i, c in enumerate(columns) if any((row[i] or "") != (row[i] or "").strip() for row in sample)
    )
    file = _Delimited(name, text, dialect, columns, limits, spaced)
    traits = {"encoding": text.encoding, "delimiter": delimiter}
    if not dialect.header:
        traits["header"] = "none"
    return Part(name, path, "csv", columns, sample, file.stage, traits, (text.doubt,) if text.doubt else ())


def _head(path: Path) -> list[str]:
    """The first lines, whole ones."""
    with path.open("rb") as stream:
        raw = stream.read(_HEAD)
        whole = len(raw) < _HEAD or raw.endswith(b"\n")
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.split("\n")
    if not whole and len(lines) > 1:
        lines.pop()
    while lines and not lines[-1].strip():
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _parsed(lines: Sequence[str], delimiter: str, escape: str = '"') -> list[Row]:
    """The sample by Python's reader; what it cannot read ends the sample."""
    csv.field_size_limit(1 << 27)
    options: dict[str, Any] = {"doublequote": True} if escape == '"' else {"escapechar": escape, "doublequote": False}
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, **options)
    found: list[Row] = []
    try:
        found.extend(tuple(row) for row in islice(reader, SAMPLED + 50))
    except csv.Error:
        return found
    return found


def _delimiter(head: list[str]) -> str:
    """The delimiter that cuts most rows into the same number of cells, more than one."""
    if named := re.fullmatch(r"sep=(.)", head[0].strip(), re.IGNORECASE):
        return named[1]
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in _parsed(head, delimiter) if row)
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1) * item[1], default=(1, 0))
        share = rows / max(1, sum(widths.values()))
        if width > 1 and share * (1 + min(width, 20) / 100) > score:
            best, score = delimiter, share * (1 + min(width, 20) / 100)
    if score < 0.9:
        widths = Counter(len(line.split()) for line in head if line.strip())
        width, rows = max(widths.items(), key=lambda item: item[1])
        if width > 2 and rows > 0.95 * sum(widths.values()) and rows > score * sum(widths.values()):
            return SPACES
    return best


def _dialect(head: list[str], delimiter: str, name: str) -> tuple[Dialect, list[Row]]:
    """Where the table begins, whether it has a header, and the sample from there on."""
    skip = 1 if re.fullmatch(r"sep=.", head[0].strip(), re.IGNORECASE) else 0
    escape = "\\" if sum(line.count('\\"') for line in head) > sum(line.count('""') for line in head) else '"'
    rows = _parsed(head[skip:], delimiter, escape)
    widths = Counter(len(row) for row in rows if any(row))
    if not widths:
        raise Unreadable(name, gettext_noop("It holds nothing but empty lines."), AGAIN)
    width = max(widths.items(), key=lambda item: item[1] * (item[0] > 1 or len(widths) == 1))[0]
    while rows and len(rows[0]) != width:
        skip += 1
        rows = _parsed(head[skip:], delimiter, escape)
    return Dialect(delimiter, escape, skip, columns_of(rows)[1]), rows


def _tabbed(path: Path, scratch: Path) -> Path:
    """Columns that stand apart by spaces, as a file with tabs."""
    target = scratch / f"{len(list(scratch.iterdir()))}.tsv"
    with (
        path.open(encoding="utf-8", errors="replace", newline="\n") as source,
        target.open("w", encoding="utf-8") as out,
    ):
        while lines := source.readlines(1 << 20):
            out.writelines("\t".join(line.split()) + "\n" for line in lines)
    return target


@dataclass(frozen=True, slots=True)
class _Delimited:
    """What is needed to bring the rows in, and to find their lines again."""

    name: str
    text: Text
    dialect: Dialect
    columns: tuple[str, ...]
    limits: Limits
    spaced: frozenset[str]

    def stage(self, con: Any, relation: str, wanted: Sequence[str]) -> Staged:
        """The wanted columns as a temporary table."""
        rejects = f"{relation}_rejects"
        picked = sql.cleaned(wanted, self.spaced)
        con.execute(f"CREATE TEMP TABLE {sql.name(relation)} AS SELECT {picked} FROM {self._source(rejects)}")
        rows = con.execute(f"SELECT count(*) FROM {sql.name(relation)}").fetchall()[0][0]
        count, listed = self._rejected(con, rejects)
        below = self._below(con, rejects) if 0 < count <= _MOST_BELOW else 0
        doubts = (Said(_BELOW, n=below),) if below else ()
        if below:
            count, listed = 0, ()
        types = dict.fromkeys(wanted, "text")

        def lines(numbers: Sequence[int]) -> list[int | None]:
            places = con.execute(
                f"SELECT DISTINCT line_byte_position p FROM {sql.name(rejects)} ORDER BY p"
            ).fetchnumpy()
            return self._lines(numbers, rows, set(lines_at(self.text.path, places["p"])))

        return Staged(relation, rows, types, listed, count, lines, doubts)

    def _source(self, rejects: str) -> str:
        names = ", ".join(f"{sql.literal(column)}: 'VARCHAR'" for column in self.columns)
        dialect = self.dialect
        line = self.limits.line + (1 << 21)
        return (
            f"read_csv({sql.literal(str(self.text.path))}, auto_detect=false, columns={{{names}}}, "
            f"delim={sql.literal(dialect.delimiter)}, quote='\"', escape={sql.literal(dialect.escape)}, "
            f"header={str(dialect.header > 0).lower()}, skip={dialect.skip + max(0, dialect.header - 1)}, "
            f"max_line_size={line}, buffer_size={2 * line}, store_rejects=true, rejects_table={sql.literal(rejects)}, "
            f"rejects_scan={sql.literal(rejects + '_scan')}, rejects_limit=0, rejects_line_size_limit=200)"
        )

    def _rejected(self, con: Any, rejects: str) -> tuple[int, tuple[BadRow, ...]]:
        """How many lines broke the format, and the first of them."""
        table = sql.name(rejects)
        count = con.execute(f"SELECT count(DISTINCT line_byte_position) FROM {table}").fetchall()[0][0]
        found = con.execute(
            f"SELECT line_byte_position, any_value(error_type::VARCHAR), any_value(csv_line) FROM {table} GROUP BY 1 "
            f"ORDER BY 1 LIMIT {self.limits.listed}"
        ).fetchall()
        lines = lines_at(self.text.path, [place for place, *_ in found])
        listed = [
            BadRow(self.name, line, None, shortened(text), _REASONS.get(kind) or Said(_BROKEN, error=kind.lower()))
            for line, (_, kind, text) in zip(lines, found, strict=True)
        ]
        return count, tuple(listed)

    def _below(self, con: Any, rejects: str) -> int:
        """How many lines stand below the table, as reports are signed: each of one cell, and no row after them."""
        found = con.execute(
            f"SELECT line_byte_position, any_value(csv_line) FROM {sql.name(rejects)} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        cells = csv.reader([" ".join(text.split()) for _, text in found], delimiter=self.dialect.delimiter)
        if len(self.columns) < 3 or any(len(row) > 1 for row in cells):
            return 0
        with self.text.path.open("rb") as stream:
            stream.seek(found[0][0])
            after = [line for line in stream.read(_MOST_BELOW * 1_000).splitlines() if line.strip()]
            return len(found) if len(after) == len(found) and not stream.read(1) else 0

    def _lines(self, numbers: Sequence[int], rows: int, broken: set[int]) -> list[int | None]:
        """Physical lines of row numbers: by counting where each row is one line, else by walking through."""
        if not numbers:
            return []
        first = self.dialect.skip + self.dialect.header + 1
        if not broken and self.text.lines in (first + rows - 1, first + rows - 2):
            return [first + number for number in numbers]
        places = dict(self._walk(set(numbers), broken))
        return [places.get(number) for number in numbers]

    def _walk(self, wanted: set[int], broken: set[int]) -> Iterator[tuple[int, int]]:
        """Row number and line of the wanted rows, without keeping any row."""
        dialect, last = self.dialect, max(wanted)
        options: dict[str, Any] = (
            {"doublequote": True} if dialect.escape == '"' else {"escapechar": dialect.escape, "doublequote": False}
        )
        with self.text.path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            for _ in range(dialect.skip):
                stream.readline()
            reader = csv.reader(stream, delimiter=dialect.delimiter, **options)
            number, before = -1 - dialect.header, 0
            try:
                for row in reader:
                    line = dialect.skip + before + 1
                    before = reader.line_num
                    if row and line not in broken:
                        number += 1
                        if number in wanted:
                            yield number, line
                    if number >= last:
                        return
            except csv.Error:
                return


def lines_at(path: Path, places: Sequence[int]) -> list[int]:
    """The physical line, from 1, of each byte position; positions ascend."""
    wanted = np.asarray(places, dtype=np.int64)
    found = np.zeros(len(wanted), dtype=np.int64)
    start, line, done = 0, 1, 0
    for chunk in chunks(path):
        if done == len(wanted):
            break
        until = int(np.searchsorted(wanted, start + len(chunk)))
        ends = np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == 10)
        found[done:until] = line + np.searchsorted(ends, wanted[done:until] - start)
        start, line, done = start + len(chunk), line + len(ends), until
    found[done:] = line
    return [int(each) for each in found]
