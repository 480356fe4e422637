"""Web pages saved as workbooks, as many systems export them: their tables, read as a stream by Python's own parser."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

from answerable.core.said import Said, gettext_noop
from answerable.measure.failures import AGAIN, COLUMNS, CUT_OFF, Unreadable
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.part import Part
from answerable.measure.reading.text import Progress, open_text
from answerable.measure.reading.written_tables import DEEP, DEEPEST, ENDLESS, LONG, MOST, PIECE, Table, number, parts_of

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_PAGE = re.compile(rb"<(!doctype html|html|head|body|table|meta|style|center|div|font|tr)\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def looks_like_page(head: bytes) -> bool:
    """Whether a file begins like a web page, or a table out of one."""
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return text.startswith(b"<") and _PAGE.search(text[:2048]) is not None and b"<log" not in text[:2048]


def open_page(path: Path, name: str, scratch: Path, limits: Limits, progress: Progress | None = None) -> list[Part]:
    """The tables of a web page that have rows, each a part. Raises Unreadable where there is none."""
    with path.open("rb") as stream:
        declared = _CHARSET.search(stream.read(4096))
    generous = replace(limits, line=limits.unpacked)
    text = open_text(path, name, scratch, generous, encoding=_encoding(declared), progress=progress)
    page = _Page(name, limits, scratch)
    with text.path.open(encoding="utf-8-sig", errors="replace", newline="") as pages:
        while piece := pages.read(PIECE):
            page.read(piece)
    page.end()
    return parts_of(page.tables, path, name, "html", {"encoding": text.encoding}, limits)


def _encoding(declared: re.Match[bytes] | None) -> str | None:
    """The encoding that a page names; none where it is UTF-8, which is tried first anyway, or not known."""
    found = declared[1].decode("ascii") if declared else ""
    with suppress(LookupError):
        return None if codecs.lookup(found).name.startswith("utf") else found
    return None


@dataclass(slots=True)
class _Row:
    """A row of a table in a page. `held` are the cells of rows above that reach into it: place -> rows left, text."""

    table: Table
    held: dict[int, tuple[int, str]] = field(default_factory=dict)
    cells: list[tuple[str, int, int]] = field(default_factory=list)
    text: list[str] | None = None
    size: int = 0
    across: int = 1
    down: int = 1


class _Page(HTMLParser):
    """The tables of a page, those inside others on their own."""

    def __init__(self, name: str, limits: Limits, scratch: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.name, self.limits, self.scratch = name, limits, scratch
        self.tables: list[Table] = []
        self.open: list[_Row] = []
        self.hidden = 0

    def read(self, piece: str) -> None:
        """Read on. Raises Unreadable where a tag goes on without end, or is none."""
        try:
            self.feed(piece)
        except AssertionError as error:  # what the parser says of a declaration that it does not know
            raise Unreadable(self.name, gettext_noop("It is a web page that is damaged."), CUT_OFF) from error
        if len(self.rawdata) > self.limits.token:
            raise Unreadable(self.name, ENDLESS, CUT_OFF)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Tables, rows and cells begin; what was not ended ends."""
        if tag == "table":
            self._table()
        elif tag in ("script", "style"):
            self.hidden += 1
        elif tag == "tr" and self.open:
            self._row()
        elif tag in ("td", "th") and self.open:
            self._cell()
            told = dict(attrs)
            self.open[-1].text, self.open[-1].size = [], 0
            self.open[-1].across, self.open[-1].down = self._span(told, "colspan"), self._span(told, "rowspan")
        elif tag in ("br", "p", "div", "li") and self.open and self.open[-1].text is not None:
            self.open[-1].text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Tables, rows and cells end."""
        if tag in ("script", "style"):
            self.hidden = max(0, self.hidden - 1)
        elif self.open and tag in ("td", "th"):
            self._cell()
        elif self.open and tag in ("tr", "thead", "tbody"):
            self._row()
        elif self.open and tag == "table":
            self._row()
            self.open.pop().table.end()

    def handle_data(self, data: str) -> None:
        """The text of a cell."""
        row = self.open[-1] if self.open else None
        if row is None or row.text is None or self.hidden:
            return
        row.text.append(data)
        row.size += len(data)
        if row.size > self.limits.record:
            raise Unreadable(self.name, LONG, AGAIN)

    def end(self) -> None:
        """The tables that the page left open."""
        while self.open:
            self._row()
            self.open.pop().table.end()

    def _table(self) -> None:
        if len(self.open) > DEEPEST or len(self.tables) > MOST:
            raise Unreadable(self.name, DEEP, AGAIN)
        self.tables.append(Table(self.name, str(len(self.tables) + 1), self.scratch, self.limits))
        self.open.append(_Row(self.tables[-1]))

    def _span(self, told: dict[str, str | None], key: str) -> int:
        """How many columns or rows a cell takes."""
        return min(max(number(told.get(key)), 1), self.limits.columns)

    def _cell(self) -> None:
        row = self.open[-1]
        if row.text is not None:
            row.cells.append((_SPACE.sub(" ", "".join(row.text)).strip(), row.across, row.down))
            row.text = None
            if len(row.cells) > self.limits.columns:
                raise Unreadable(self.name, Said(COLUMNS, n=len(row.cells)), AGAIN)

    def _row(self) -> None:
        """A row is over: its cells in their places, with those that reach into it from above."""
        self._cell()
        row = self.open[-1]
        cells, row.cells = row.cells, []
        if not cells:
            return
        if len(cells) == 1 and not row.held:
            row.table.add([cells[0][0]])
            return
        placed: list[str] = []
        held: dict[int, tuple[int, str]] = {}

        def from_above() -> None:
            while (above := row.held.get(len(placed))) is not None:
                if above[0] > 1:
                    held[len(placed)] = (above[0] - 1, above[1])
                placed.append(above[1])

        for text, across, down in cells:
            from_above()
            for part in range(across):
                if down > 1:
                    held[len(placed)] = (down - 1, "" if part else text)
                placed.append("" if part else text)
            if len(placed) > self.limits.columns:
                break
        from_above()
        row.held = held
        row.table.add(placed)
