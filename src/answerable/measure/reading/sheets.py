"""XLSX (ECMA-376) workbooks, each sheet a part, read as a stream by expat.

Our own reader, of a few elements, because the libraries build what a file claims: one cell at the far corner
makes them reserve the whole sheet. Here a sheet takes no more than its rows, one at a time.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from posixpath import normpath
from typing import Any
from xml.parsers import expat

from answerable.measure.failures import BadRow, Unreadable
from answerable.measure.reading.headers import columns_of
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.packed import guarded
from answerable.measure.reading.part import Part, Row, Staged
from answerable.measure.reading.rows import stage_rows
from answerable.measure.words import Said, gettext_noop

_SAMPLED = 1_000
_WIDEST = 16_384
_DAY_FORMATS = {*range(14, 23), *range(27, 37), *range(50, 59)}
_SPAN_FORMATS = {45, 46, 47}
_NOT_CODES = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
_REMEDY = gettext_noop("Save it as CSV, or export it again.")


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells of every sheet refer to."""

    strings: list[str]
    days: frozenset[int]
    spans: frozenset[int]
    since: datetime


def is_workbook(path: Path) -> bool:
    """Whether a zip archive is an XLSX workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def open_sheets(path: Path, name: str, scratch: Path, limits: Limits) -> list[Part]:
    """The sheets that hold a table. Raises Unreadable when the workbook is damaged, or a bomb."""
    with zipfile.ZipFile(path) as archive:
        if any(entry.flag_bits & 1 for entry in archive.infolist()):
            raise Unreadable(name, gettext_noop("It has a password."), gettext_noop("Save it without one."))
        titles, since = _titles(archive, name, limits)
        book = _Book(_strings(archive, name, limits), *_formats(archive, name, limits), since)
    parts = []
    for title, member in titles.items():
        shown = f"{name}#{title}" if len(titles) > 1 else name
        if (part := _part(path, shown, title, member, book, scratch, limits)) is not None:
            parts.append(part)
    if not parts:
        raise Unreadable(
            name,
            gettext_noop("None of its sheets holds a table."),
            gettext_noop("Put the header into one row, the data below."),
        )
    return parts


def _part(path: Path, name: str, title: str, member: str, book: _Book, scratch: Path, limits: Limits) -> Part | None:
    """A sheet as a part; None where it has no two rows alike."""
    first = list(islice(_rows(path, name, member, book, limits), _SAMPLED))
    filled = [(number, row) for number, row in first if any(cell is not None for cell in row)]
    if len(filled) < 2:
        return None
    usual = sorted(sum(cell is not None for cell in row) for _, row in filled)[len(filled) // 2]
    start = next(place for place, (_, row) in enumerate(filled) if sum(c is not None for c in row) > usual / 2)
    width = len(filled[start][1])
    filled = [(number, row) for number, row in filled[start:] if len(row) <= width]
    rows: list[Row] = [tuple(row) + (None,) * (width - len(row)) for _, row in filled]
    columns, header = columns_of(rows)
    begin = filled[header - 1][0] + 1 if header else filled[0][0]

    def stage(con: Any, relation: str, wanted: Sequence[str]) -> Staged:
        places = [columns.index(column) for column in wanted]
        too_wide: list[BadRow] = []
        count = 0

        def picked() -> Iterator[tuple[int, list[str | None]]]:
            nonlocal count
            for number, row in _rows(path, name, member, book, limits):
                if number < begin or not any(cell is not None for cell in row):
                    continue
                if len(row) > width:
                    count += 1
                    if len(too_wide) < limits.listed:
                        too_wide.append(
                            BadRow(name, number, None, None, gettext_noop("it has more columns than the header"))
                        )
                    continue
                yield number, [row[place] if place < len(row) else None for place in places]

        staged = stage_rows(con, relation, wanted, picked(), scratch / f"{relation}.parquet")
        return Staged(relation, staged.rows, staged.types, tuple(too_wide), count, staged.lines)

    traits = {"sheet": title} if header else {"sheet": title, "header": "none"}
    return Part(name, path, "xlsx", columns, tuple(rows[header:]), stage, traits)


def _titles(archive: zipfile.ZipFile, name: str, limits: Limits) -> tuple[dict[str, str], datetime]:
    """The visible sheets' titles and files, and the day that serial number 0 is."""
    sheets: dict[str, str] = {}
    since = [datetime(1899, 12, 30)]  # noqa: DTZ001 - serial numbers have no zone

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            key = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets[attributes.get("name", "sheet")] = key
        if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            since[0] = datetime(1904, 1, 1)  # noqa: DTZ001

    _parse(archive, "xl/workbook.xml", name, limits, start)
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[attributes.get("Id", "")] = normpath(path)

    _parse(archive, "xl/_rels/workbook.xml.rels", name, limits, relation)
    members = set(archive.namelist())
    return {title: targets[key] for title, key in sheets.items() if targets.get(key) in members}, since[0]


def _strings(archive: zipfile.ZipFile, name: str, limits: Limits) -> list[str]:
    """The shared texts, without their phonetic readings."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    texts = _Texts(name, limits)
    _parse(archive, "xl/sharedStrings.xml", name, limits, texts.start, texts.end, texts.data)
    return texts.found


class _Texts:
    """What expat calls while it reads the shared texts. Each counts 60 bytes beside its own."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.reading = self.phonetic = False
        self.size = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            self.pieces = []
        elif tag == "rPh":
            self.phonetic = True
        elif tag == "t":
            self.reading = not self.phonetic

    def end(self, tag: str) -> None:
        if tag == "si":
            self.found.append("".join(self.pieces))
            self._grow(60)
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "t":
            self.reading = False

    def data(self, text: str) -> None:
        if self.reading:
            self.pieces.append(text)
            self._grow(len(text))

    def _grow(self, size: int) -> None:
        self.size += size
        if self.size > self.limits.strings:
            raise Unreadable(
                self.name,
                Said(gettext_noop("Its texts take more than {most} MB."), most=self.limits.strings >> 20),
                gettext_noop("Save it as CSV."),
            )


def _formats(archive: zipfile.ZipFile, name: str, limits: Limits) -> tuple[frozenset[int], frozenset[int]]:
    """Which styles show days, and which spans of time."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset(), frozenset()
    codes: dict[int, str] = {}
    used: list[int] = []
    inside = [False]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt" and attributes.get("numFmtId", "").isdigit():
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside[0] = True
        elif tag == "xf" and inside[0]:
            number = attributes.get("numFmtId", "0")
            used.append(int(number) if number.isdigit() else 0)

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside[0] = False

    _parse(archive, "xl/styles.xml", name, limits, start, end)
    shown = {number: _NOT_CODES.sub("", code.split(";")[0]).lower() for number, code in codes.items()}
    spans = _SPAN_FORMATS | {number for number, code in shown.items() if re.search(r"\[[hms]+\]", code)}
    days = _DAY_FORMATS | {
        number for number, code in shown.items() if re.search(r"[dyhs]|m", code) and "general" not in code
    }
    styles = list(enumerate(used))
    return (
        frozenset(style for style, number in styles if number in days - spans),
        frozenset(style for style, number in styles if number in spans),
    )


def _parse(
    archive: zipfile.ZipFile, member: str, name: str, limits: Limits, start: Any, end: Any = None, data: Any = None
) -> None:
    """A whole member, by handlers of local tag names."""
    for _ in _parsed(archive, member, name, limits, start, end, data):
        pass


def _parsed(
    archive: zipfile.ZipFile, member: str, name: str, limits: Limits, start: Any, end: Any, data: Any
) -> Iterator[None]:
    """Parse a member, pausing every 64 KB so that what was found can be taken away."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def doctype(*_: Any) -> None:
        raise Unreadable(name, gettext_noop("It declares a document type, which no workbook needs."), _REMEDY)

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = lambda tag, attributes: _begin(parser, start, end, tag, attributes)
    if data is not None:
        parser.CharacterDataHandler = data
    try:
        entry = archive.getinfo(member)
        with archive.open(entry) as stream:
            fed = 0
            for piece in guarded(stream, name, max(entry.compress_size, 1), limits):
                for begin in range(0, len(piece), 1 << 16):
                    parser.Parse(piece[begin : begin + (1 << 16)], False)
                    fed += len(piece[begin : begin + (1 << 16)])
                    if fed - parser.CurrentByteIndex > limits.token:
                        raise Unreadable(
                            name, Said(gettext_noop("A tag in its {member} has no end."), member=member), _REMEDY
                        )
                    yield
        parser.Parse(b"", True)
        yield
    except (
        KeyError,
        expat.ExpatError,
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(
            name, Said(gettext_noop("Its {member} is damaged ({error})."), member=member, error=str(error)), _REMEDY
        ) from error


def _begin(parser: Any, start: Any, end: Any, tag: str, attributes: dict[str, str]) -> None:
    """The first element tells whether tags have a prefix; where they have none, the handlers take them as they are."""
    if ":" in tag:
        parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
        parser.EndElementHandler = None if end is None else lambda tag: end(tag.rpartition(":")[2])
    else:
        parser.StartElementHandler, parser.EndElementHandler = start, end
    start(tag.rpartition(":")[2], attributes)


class _Sheet:
    """What expat calls while it reads a sheet: gathers rows, each with its number and its cells as text."""

    def __init__(self, name: str, book: _Book, limits: Limits) -> None:
        self.name, self.book, self.limits = name, book, limits
        self.rows: list[tuple[int, list[str | None]]] = []
        self.row: list[str | None] = []
        self.number = 0
        self.place = -1
        self.kind = "n"
        self.style = 0
        self.text: list[str] = []
        self.size = 0
        self.reading = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.kind, self.text, self.size = attributes.get("t", "n"), [], 0
            style = attributes.get("s", "0")
            self.style = int(style) if style.isdigit() else 0
            self.place = self._place(attributes.get("r"))
        elif tag in ("v", "t"):
            self.reading = tag == "v" or self.kind == "inlineStr"
        elif tag == "row":
            written = attributes.get("r", "")
            self.number = int(written) if written.isdigit() and len(written) < 9 else self.number + 1
            self.row, self.place = [], -1

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.reading = False
        elif tag == "c":
            self._cell()
        elif tag == "row":
            while self.row and self.row[-1] is None:
                self.row.pop()
            self.rows.append((self.number, self.row))

    def data(self, text: str) -> None:
        if self.reading:
            self.text.append(text)
            self.size += len(text)
            if self.size > self.limits.record:
                raise Unreadable(
                    self.name, Said(gettext_noop("A cell in row {n} is too long."), n=self.number), _REMEDY
                )

    def _place(self, reference: str | None) -> int:
        """The column of a reference such as AB12, from 0; the next one where there is none."""
        place = 0
        for character in reference or "":
            if not "A" <= character <= "Z":
                break
            place = 26 * place + ord(character) - 64
        found = place - 1 if place else self.place + 1
        if found >= _WIDEST:
            raise Unreadable(
                self.name, Said(gettext_noop("Row {n} has more columns than a sheet can."), n=self.number), _REMEDY
            )
        return found

    def _cell(self) -> None:
        if not self.text:
            return
        value = self._value("".join(self.text))
        if value is not None:
            self.row.extend([None] * (self.place + 1 - len(self.row)))
            self.row[self.place] = value

    def _value(self, text: str) -> str | None:
        """A cell's text: a shared string, a date, a span, or the number as written."""
        if self.kind == "s":
            strings, number = self.book.strings, int(text) if text.strip().isdigit() else -1
            return strings[number] if 0 <= number < len(strings) else None
        if self.kind == "b":
            return "true" if text == "1" else "false"
        if self.kind == "n":
            try:
                return _number(float(text), text, self.style, self.book)
            except (ValueError, OverflowError):
                return text
        return text


def _number(value: float, text: str, style: int, book: _Book) -> str:
    """A number as it is shown: a day, a span of time, or plainly."""
    if style in book.spans and abs(value) < 1e6:
        seconds = round(value * 86_400)
        return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
    if style in book.days and 0 <= value < 3e6:
        if value < 1:
            seconds = round(value * 86_400)
            return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
        found = book.since + timedelta(seconds=round(value * 86_400))
        return found.isoformat(" ") if value % 1 else found.date().isoformat()
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if "e" in text.lower() else text.strip()


def _rows(path: Path, name: str, member: str, book: _Book, limits: Limits) -> Iterator[tuple[int, list[str | None]]]:
    """The rows of a sheet with their numbers, as text, one after the other."""
    sheet = _Sheet(name, book, limits)
    with zipfile.ZipFile(path) as archive:
        for _ in _parsed(archive, member, name, limits, sheet.start, sheet.end, sheet.data):
            yield from sheet.rows
            sheet.rows = []
