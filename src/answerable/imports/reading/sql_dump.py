"""Rows out of what mysqldump writes: `CREATE TABLE` names the columns, each `INSERT` stands in a line of its own.

Texts are bytes, as MySQL keeps them; numbers and dates are text; NULL is None.
"""

import re
from collections.abc import Collection, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from answerable.imports.reading.failures import Unreadable
from answerable.imports.reading.files import Source

CREATE = re.compile(rb"CREATE TABLE (?:IF NOT EXISTS )?`(\w+)`", re.IGNORECASE)
COLUMN = re.compile(rb"\s*`(\w+)` ")
INSERT = re.compile(rb"(?:INSERT|REPLACE) (?:IGNORE )?INTO `(\w+)`\s*(?:\(([^)]*)\))?\s*VALUES\s*", re.IGNORECASE)
VALUE = re.compile(
    rb"\s*(?:(?:_binary\s*|_utf8mb4\s*)?'([^'\\]*(?:(?:\\.|'')[^'\\]*)*)'|0x([0-9A-Fa-f]+)|(NULL)|([-+.0-9eE]+))\s*([,)])",
    re.DOTALL,
)
NEXT = re.compile(rb"\s*([,;(])\s*")
ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
MEANT = {b"0": b"\0", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"Z": b"\x1a"}
SIGNED, COMPLETE = (b"-- MySQL dump", b"-- MariaDB dump"), b"-- Dump completed"
LONGEST_LINE = 256 << 20
"""Bytes of one INSERT; MySQL itself takes at most a gigabyte, and sixteen megabytes unless told otherwise."""


def rows_of(source: Source, tables: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table without its prefix, column -> value) of the tables wanted. Raises Unreadable."""
    columns: dict[str, list[str]] = {}
    with source.opened() as stream:
        for place, line in _lines(stream, source.name):
            if match := CREATE.match(line):
                columns[match[1].decode()] = names = []
                continue
            if columns and (column := COLUMN.match(line)) and not line.startswith(b"INSERT"):
                names.append(column[1].decode())
                continue
            if (match := INSERT.match(line)) is None or (table := _wanted(match[1].decode(), tables)) is None:
                continue
            told = re.findall(r"`(\w+)`", match[2].decode()) if match[2] else columns.get(match[1].decode(), [])
            for values in _tuples(line, match.end(), source.name, place):
                if len(values) != len(told):
                    raise _broken(source.name, place)
                yield table, dict(zip(told, values, strict=True))


def _lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes]]:
    """By number. A dump that says what it is says when it is complete, too."""
    place, is_signed, last = 0, False, b""
    while line := stream.readline(LONGEST_LINE):
        place += 1
        if len(line) >= LONGEST_LINE:
            raise _broken(name, place)
        is_signed = is_signed or line.startswith(SIGNED)
        last = line if line.strip() else last
        yield place, line
    if is_signed and not last.startswith(COMPLETE):
        raise _broken(name, place)


def _wanted(name: str, tables: Collection[str]) -> str | None:
    """Without what the installation put before all its tables, `ost_` by default."""
    if name in tables:
        return name
    _prefix, _line, rest = name.partition("_")
    return rest if rest in tables else None


def _tuples(line: bytes, at: int, name: str, place: int) -> Iterator[list[Any]]:
    while True:
        if line[at : at + 1] != b"(":
            raise _broken(name, place)
        values, at = _values(line, at + 1, name, place)
        yield values
        follows = NEXT.match(line, at)
        if follows is None:
            if line[at:].strip():
                raise _broken(name, place)
            return
        if follows[1] == b";":
            return
        at = follows.end()


def _values(line: bytes, at: int, name: str, place: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    while True:
        match = VALUE.match(line, at)
        if match is None:
            raise _broken(name, place)
        at = match.end()
        written, digits, nothing, number, end = match.groups()
        if written is not None:
            values.append(_plain(written))
        elif digits is not None:
            values.append(bytes.fromhex(digits.decode()) if len(digits) % 2 == 0 else b"")
        else:
            values.append(None if nothing else number.decode())
        if end == b")":
            return values, at


def _plain(written: bytes) -> bytes:
    if b"\\" not in written and b"''" not in written:
        return written
    return ESCAPED.sub(lambda found: MEANT.get(found[1], found[1]) if found[1] is not None else b"'", written)


def _broken(name: str, place: int) -> Unreadable:
    words = _("%(file)s is broken at line %(n)s, or ends too early. Dump the database again with mysqldump.")
    return Unreadable(words % {"file": name, "n": place})
