"""The report as a workbook (XLSX): a sheet for each table, with numbers, shares and instants that are such.

Written row by row, so that it takes no more memory than a page of rows. What begins like a formula is a text led by
an apostrophe, as in the tables of CSV: it stays one when the sheet is saved as CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.numbers import NumberFormatError, parse_decimal

from answerable.core.cells import neutral
from answerable.measure.document.model import Document
from answerable.measure.document.tables import Sheet, sheets

if TYPE_CHECKING:
    from answerable.measure.study import Study

ROWS, TITLE, LONGEST = 1_048_576, 31, 32_767
"""What a sheet can hold: rows, letters of its title, letters of a cell."""
NARROW, WIDE = 8, 60
_NUMERAL = re.compile(r"[-−]?\d[\d\s.,'’]*(\s?%)?")
_DATES = "yyyy-mm-dd hh:mm:ss"


def as_workbook(document: Document, study: Study, path: Path) -> None:
    """Write the workbook at a path, what is needed on the way beside it. Raises OSError."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"title": document.title, "subject": document.subtitle, "created": document.made_at})
    writer = Writer(book, document.language, ZoneInfo(study.report.period.zone))
    for sheet in sheets(document, study):
        writer.write(sheet)
    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise (cause if isinstance(cause, OSError) else OSError(5, "it cannot be written", str(path))) from error


class Writer:
    """Writes tables into a workbook, for readers of one language and zone."""

    def __init__(self, book: Any, locale: str, zone: ZoneInfo) -> None:
        self.book, self.locale, self.zone = book, locale, zone
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.share = book.add_format({"num_format": "0.0%"})
        self.instant = book.add_format({"num_format": _DATES})
        self.titles: set[str] = set()

    def write(self, sheet: Sheet) -> None:
        """A table, on as many sheets as its rows need."""
        rows = iter(sheet.rows)
        while True:
            found = self._sheet(sheet, rows)
            if found < ROWS - 1:
                return

    def _sheet(self, sheet: Sheet, rows: Iterator[Sequence[Any]]) -> int:
        """One sheet of a table; answers how many rows it took."""
        page = self.book.add_worksheet(self._title(sheet.name))
        page.freeze_panes(1, 0)
        widths = [len(header) for header in sheet.headers]
        for place, header in enumerate(sheet.headers):
            page.write_string(0, place, neutral(header), self.head)
        number = 0
        for number, row in enumerate(islice(rows, ROWS - 1), start=1):
            for place, value in enumerate(row):
                self._cell(page, number, place, value, sheet)
                if number <= 200:
                    widths[place] = max(widths[place], _width(value, place in sheet.instants))
        for place, width in enumerate(widths):
            page.set_column(place, place, min(max(width, NARROW), WIDE) + 2)
        if number:
            page.autofilter(0, 0, number, len(widths) - 1)
        return number

    def _cell(self, page: Any, row: int, place: int, value: Any, sheet: Sheet) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            page.write_boolean(row, place, value)
        elif isinstance(value, (int, float)) and place in sheet.instants:
            local = datetime.fromtimestamp(value, UTC).astimezone(self.zone).replace(tzinfo=None)
            page.write_datetime(row, place, local, self.instant)
        elif isinstance(value, (int, float)) and abs(value) < 1e15:
            page.write_number(row, place, value)
        elif place in sheet.numbers and (read := _number(str(value), self.locale)) is not None:
            page.write_number(row, place, read, self.share if str(value).endswith("%") else None)
        else:
            page.write_string(row, place, neutral(value)[:LONGEST])

    def _title(self, name: str) -> str:
        """A sheet's title, unlike all others."""
        number, title = 2, name[:TITLE]
        while title.lower() in self.titles:
            end = f"-{number}"
            number, title = number + 1, name[: TITLE - len(end)] + end
        self.titles.add(title.lower())
        return title


def _width(value: Any, instant: bool) -> int:
    return len(_DATES) if instant else max(map(len, str(value).split("\n")))


def _number(text: str, locale: str) -> float | None:
    """A number as the reader's language writes it, a share of a hundred as a share; None for anything else."""
    if _NUMERAL.fullmatch(text) is None:
        return None
    try:
        read = float(parse_decimal(text.rstrip("% \u00a0\u202f").replace("−", "-"), locale=locale, strict=True))
    except NumberFormatError:
        return None
    return read / 100 if text.endswith("%") else read
