"""What a file is, by its content, never by its name; and its parts."""

from __future__ import annotations

import filecmp
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from answerable.core.said import Said, gettext_noop, of_system
from answerable.measure.failures import AGAIN, CLOSED, EMPTY, Unreadable
from answerable.measure.reading.delimited import open_delimited
from answerable.measure.reading.excel_xml import looks_like_excel_xml, open_excel_xml
from answerable.measure.reading.json_lines import looks_like_json, open_json
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.mapping import FileMap
from answerable.measure.reading.packed import GZIP, ZIP, unpacked
from answerable.measure.reading.parquet import MAGIC as PARQUET
from answerable.measure.reading.parquet import open_parquet
from answerable.measure.reading.part import Part
from answerable.measure.reading.sheets import is_workbook, open_sheets
from answerable.measure.reading.text import Progress
from answerable.measure.reading.web_pages import looks_like_page, open_page
from answerable.measure.reading.xml_events import looks_like_xml, open_xes

AS_XLSX = gettext_noop("Open it in Excel or LibreOffice, and save it as .xlsx, without a password.")
UNPACK = gettext_noop("Unpack it first.")
_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0",
        gettext_noop("It is an old Excel file (.xls of Excel 97 to 2003), or one with a password."),
        AS_XLSX,
    ),
    (b"\x09\x08", gettext_noop("It is an old Excel file (.xls of Excel 5 or 95)."), AS_XLSX),
    (b"MIME-Version:", gettext_noop("It is a web archive (.mht)."), AS_XLSX),
    (b"%PDF", gettext_noop("It is a PDF."), gettext_noop("Export the data themselves, as CSV or XLSX.")),
    (b"SQLite format 3", gettext_noop("It is a database."), gettext_noop("Export its tables as CSV.")),
    (b"7z\xbc\xaf\x27\x1c", gettext_noop("It is a 7-Zip archive."), UNPACK),
    (b"Rar!", gettext_noop("It is a RAR archive."), UNPACK),
    (b"BZh", gettext_noop("It is compressed by bzip2."), UNPACK),
    (b"\xfd7zXZ", gettext_noop("It is compressed by xz."), UNPACK),
    (b"\x28\xb5\x2f\xfd", gettext_noop("It is compressed by zstd."), UNPACK),
    (b"ORC", gettext_noop("It is an ORC file."), gettext_noop("Export it as Parquet or CSV.")),
    (b"ARROW1", gettext_noop("It is an Arrow file."), gettext_noop("Export it as Parquet or CSV.")),
)  # fmt: skip


_WORKBOOKS = {
    "xl/workbook.bin": gettext_noop("It is a binary Excel workbook (.xlsb)."),
    "content.xml": gettext_noop("It is an OpenDocument spreadsheet (.ods)."),
    "Index/Document.iwa": gettext_noop("It is a Numbers spreadsheet (.numbers)."),
}
"""Workbooks of other kinds, by a file in them."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files are read: the scratch directory, the limits, and who wants to know how far it is."""

    scratch: Path
    limits: Limits
    progress: Progress | None = None


def shown_names(paths: Sequence[Path]) -> list[str]:
    """What files are called: by their names alone, and of those alike with the directory. What no screen can show,
    or no text hold, is a question mark."""
    often = Counter(path.name for path in paths)
    named = [path.name or str(path) if often[path.name] == 1 else f"{path.parent.name}/{path.name}" for path in paths]
    return [_printable(name) for name in named]


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)


def alike(one: Path, other: Path) -> bool:
    """Whether two files hold the same."""
    try:
        return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def open_parts(path: Path, name: str, desk: Desk, given: FileMap | None = None) -> list[Part]:
    """The parts of a file that is called so. Raises Unreadable, saying why and what would help."""
    head = _head(path, name)
    path = _plainly_named(path, desk)
    if head.startswith(GZIP):
        path = unpacked(path, name, desk.scratch, desk.limits)
        if (head := _head(path, name)).startswith(GZIP):
            raise Unreadable(name, gettext_noop("It is compressed twice."), UNPACK)
    for magic, reason, remedy in _FOREIGN:
        if head.startswith(magic):
            raise Unreadable(name, reason, remedy)
    if head.startswith(PARQUET):
        return [open_parquet(path, name, desk.limits)]
    if head.startswith(ZIP):
        if not is_workbook(path):
            raise Unreadable(name, *_not_xlsx(path))
        return open_sheets(path, name, desk.scratch, desk.limits)
    if (parts := _tagged(path, name, desk, head)) is not None:
        return parts
    if looks_like_json(head) and (given is None or given.delimiter is None):
        return open_json(path, name, desk.scratch, desk.limits, desk.progress)
    return [_text(path, name, desk, given)]


def _tagged(path: Path, name: str, desk: Desk, head: bytes) -> list[Part] | None:
    """The parts of a file of tags; None where it is none."""
    if looks_like_excel_xml(head):
        return open_excel_xml(path, name, desk.scratch, desk.limits)
    if looks_like_page(head):
        return open_page(path, name, desk.scratch, desk.limits, desk.progress)
    return [open_xes(path, name, desk.scratch, desk.limits)] if looks_like_xml(head) else None


def _not_xlsx(path: Path) -> tuple[str, str]:
    """What a zip archive is that is no XLSX, and what would help."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        members = set()
    for member, what in _WORKBOOKS.items():
        if member in members:
            return what, AS_XLSX
    return gettext_noop("It is a zip archive, not a workbook, or damaged."), UNPACK


def _plainly_named(path: Path, desk: Desk) -> Path:
    """The file under a name that DuckDB takes for no pattern, and that is text."""
    if not set("*?[]{}") & set(str(path)) and str(path).isprintable():
        return path
    link = desk.scratch / f"{len(list(desk.scratch.iterdir()))}.file"
    link.symlink_to(path.absolute())
    return link


def _head(path: Path, name: str) -> bytes:
    """The first bytes of a file that can be opened and has some."""
    try:
        if path.is_dir():
            raise Unreadable(name, gettext_noop("It is a directory."), gettext_noop("Name the files in it."))
        if not path.exists():
            raise Unreadable(
                _printable(str(path)), gettext_noop("There is no such file."), gettext_noop("Check its name.")
            )
        if not path.is_file():
            raise Unreadable(
                name, gettext_noop("It is not an ordinary file."), gettext_noop("Save the data to a file first.")
            )
        with path.open("rb") as stream:
            head = stream.read(4096)
    except Unreadable:
        raise
    except (OSError, ValueError) as error:
        why = of_system(error) if isinstance(error, OSError) else str(error)
        raise Unreadable(name, Said(CLOSED, error=why), gettext_noop("Check its name and permissions.")) from error
    if not head:
        raise Unreadable(name, EMPTY, AGAIN)
    return head


def _text(path: Path, name: str, desk: Desk, given: FileMap | None) -> Part:
    return open_delimited(
        path,
        name,
        desk.scratch,
        desk.limits,
        encoding=given.encoding if given else None,
        delimiter=given.delimiter if given else None,
        progress=desk.progress,
    )
