"""Workbooks of Excel 2003 in XML (SpreadsheetML), named .xls or .xml: a stream by expat, without document types."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.parsers import expat

from answerable.core.said import Said, gettext_noop
from answerable.measure.failures import AGAIN, COLUMNS, CUT_OFF, Unreadable
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.part import Part
from answerable.measure.reading.text import chunks
from answerable.measure.reading.written_tables import DEEP, DEEPEST, ENDLESS, LONG, MOST, PIECE, Table, number, parts_of

_EXCEL = b"urn:schemas-microsoft-com:office:spreadsheet"
_SPACE = re.compile(r"\s+")


def looks_like_excel_xml(head: bytes) -> bool:
    """Whether a file begins like a workbook of Excel 2003 in XML."""
    text = head.replace(b"\0", b"")
    return _EXCEL in text and b"<html" not in text.lower()


def open_excel_xml(path: Path, name: str, scratch: Path, limits: Limits) -> list[Part]:
    """The sheets that have rows, each a part. Raises Unreadable where it is damaged, or holds no table."""
    book = _Book(name, limits, scratch)
    for chunk in chunks(path):
        for start in range(0, len(chunk), PIECE):
            book.feed(chunk[start : start + PIECE])
    book.feed(b"", final=True)
    return parts_of(book.tables, path, name, "spreadsheetml", {}, limits)


class _Book:
    """What expat calls: keeps one row at a time."""

    def __init__(self, name: str, limits: Limits, scratch: Path) -> None:
        self.name, self.limits, self.scratch = name, limits, scratch
        self.tables: list[Table] = []
        self.row: list[str] = []
        self.place = 0
        self.across = 0
        self.inside: list[str] = []
        self.text: list[str] = []
        self.held = 0
        self.size = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, data: bytes, final: bool = False) -> None:
        """Read on. Raises Unreadable where it is not well-formed."""
        try:
            self.parser.Parse(data, final)
        except Unreadable:
            raise
        except (expat.ExpatError, ValueError) as error:
            line = self.parser.ErrorLineNumber
            raise Unreadable(
                self.name, Said(gettext_noop("In line {n} it is broken ({error})."), n=line, error=str(error)), CUT_OFF
            ) from error
        self.size += len(data)
        if self.size - self.parser.CurrentByteIndex > self.limits.token and not final:
            raise Unreadable(self.name, ENDLESS, CUT_OFF)

    def _doctype(self, *_: Any) -> None:
        raise Unreadable(
            self.name,
            gettext_noop("It declares a document type, which no workbook needs."),
            gettext_noop("Save it as .xlsx."),
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        told = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if tag == "Worksheet":
            title = told.get("Name") or str(len(self.tables) + 1)
            self.tables.append(Table(self.name, title, self.scratch, self.limits))
        elif tag == "Row":
            self.row, self.place, self.held = [], 0, 0
        elif tag == "Cell":
            self.place = (number(told.get("Index")) or self.place + 1) - 1
            self.across = number(told.get("MergeAcross"))
            if self.place + self.across > self.limits.columns:
                raise Unreadable(self.name, Said(COLUMNS, n=self.place + self.across), AGAIN)
        elif tag == "Data":
            self.text = []
        self.inside.append(tag)
        if len(self.inside) > DEEPEST or len(self.tables) > MOST:
            raise Unreadable(self.name, DEEP, AGAIN)

    def _data(self, text: str) -> None:
        if "Data" in self.inside and "Comment" not in self.inside:
            self.text.append(text)
            self.held += len(text)
            if self.held > self.limits.record:
                raise Unreadable(self.name, LONG, AGAIN)

    def _end(self, tag: str) -> None:
        self.inside.pop()
        tag = tag.rpartition(" ")[2]
        if tag == "Data" and "Comment" not in self.inside:
            self.row.extend([""] * (self.place + 1 - len(self.row)))
            self.row[self.place] = _SPACE.sub(" ", "".join(self.text)).strip()
        elif tag == "Cell":
            self.place += 1 + self.across
        elif tag == "Row" and self.tables:
            self.tables[-1].add(self.row)
        elif tag == "Worksheet":
            self.tables[-1].end()
