"""From bytes to UTF-8 lines: encoding, line ends, and the dangers of text, in one pass over the file.

What is UTF-8 already is read where it lies; anything else is written anew into the scratch directory. No more
than a megabyte of the file is in memory at a time.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from answerable.measure.failures import AS_TEXT, Unreadable
from answerable.measure.reading.encodings import guess
from answerable.measure.reading.limits import Limits
from answerable.measure.words import Said, gettext_noop

CHUNK = 1 << 20
SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")

Progress = Callable[[str, float], None]


@dataclass(slots=True)
class Survey:
    """What one pass over the bytes found. `foreign` are lines that are not ASCII, up to 64 KB of them."""

    lines: int = 0
    returns: int = 0
    pairs: int = 0
    utf8: bool = True
    foreign: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class Text:
    """UTF-8 text in a file: its path, the encoding it came in, how many line ends, and whether that is sure."""

    path: Path
    encoding: str
    lines: int
    doubt: str | None = None


def open_text(
    path: Path,
    file: str,
    scratch: Path,
    limits: Limits,
    *,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> Text:
    """The file as UTF-8. Raises Unreadable on NUL bytes, endless lines and encodings that do not fit."""
    marked = _mark(path)
    if (encoding or marked or "utf-8").replace("_", "-").startswith(("utf-16", "utf-32")):
        return _rewritten(path, file, scratch, limits, encoding or marked or "", None)
    found = _survey(path, file, limits, progress)
    doubt = None
    if encoding is None:
        encoding, doubt = ("utf-8", None) if found.utf8 else guess(bytes(found.foreign))
    mixed = found.returns > found.pairs or 0 < found.pairs < found.lines
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii") and not mixed:
        return Text(path, "utf-8", found.lines, doubt)
    return _rewritten(path, file, scratch, limits, encoding, doubt)


def _mark(path: Path) -> str | None:
    """The encoding that a byte order mark names, or that zeros betray."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    pairs = len(head) // 2
    if pairs >= 4 and head[1::2].count(0) > 0.6 * pairs and head[0::2].count(0) == 0:
        return "utf-16-le"
    if pairs >= 4 and head[0::2].count(0) > 0.6 * pairs and head[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _survey(path: Path, file: str, limits: Limits, progress: Progress | None) -> Survey:
    found = Survey()
    decoder = codecs.getincrementaldecoder("utf-8")()
    size, seen, run = max(path.stat().st_size, 1), 0, 0
    for chunk in chunks(path):
        if (nul := chunk.find(0)) >= 0:
            raise nul_byte(file, found.lines + chunk.count(b"\n", 0, nul) + 1)
        last = chunk.rfind(b"\n")
        run = run + len(chunk) if last < 0 else len(chunk) - last - 1
        lines = chunk.count(b"\n")
        if run > limits.line and b"\r" not in chunk:
            raise endless_line(file, found.lines + lines + 1, limits)
        found.lines += lines
        found.pairs += chunk.count(b"\r\n")
        found.returns += chunk.count(b"\r")
        _foreign(found, decoder, chunk)
        seen += len(chunk)
        if progress:
            progress(Said(gettext_noop("looking through {file}"), file=file), seen / size)
    if found.utf8 and decoder.getstate()[0]:
        found.utf8 = False
    return found


def _foreign(found: Survey, decoder: codecs.IncrementalDecoder, chunk: bytes) -> None:
    """Whether it is UTF-8 so far, and lines to guess by if not."""
    if chunk.isascii() and not (found.utf8 and decoder.getstate()[0]):
        return
    if found.utf8:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            found.utf8 = False
    for line in _FOREIGN.finditer(chunk):
        if len(found.foreign) >= SAMPLE:
            break
        found.foreign += line.group()[:1024] + b"\n"


def _rewritten(path: Path, file: str, scratch: Path, limits: Limits, encoding: str, doubt: str | None) -> Text:
    """The file written anew in UTF-8, with line feeds for line ends."""
    target = scratch / f"{len(list(scratch.iterdir()))}.txt"
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict" if encoding.startswith("utf") else "replace")
    except LookupError as error:
        raise Unreadable(
            file,
            Said(gettext_noop("There is no encoding “{name}”."), name=encoding),
            gettext_noop("Name one such as utf-8 or windows-1257."),
        ) from error
    lines = run = 0
    held = ""
    with target.open("w", encoding="utf-8", newline="") as out:
        for chunk in _closed(chunks(path)):
            try:
                text = held + decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                raise Unreadable(
                    file,
                    Said(gettext_noop("After line {n} it is not {name} any more."), n=lines + 1, name=encoding),
                    gettext_noop("Is it cut off? Export it again as UTF-8."),
                ) from error
            held = "\r" if chunk and text.endswith("\r") else ""
            text = (
                text.removesuffix(held)
                .replace("\r\n", "\n")
                .replace("\r", "\n")
                .removeprefix("\ufeff" if not lines else "")
            )
            if "\0" in text:
                raise nul_byte(file, lines + text.count("\n", 0, text.index("\0")) + 1)
            last = text.rfind("\n")
            run = run + len(text) if last < 0 else len(text) - last - 1
            lines += text.count("\n")
            if run > limits.line:
                raise endless_line(file, lines + 1, limits)
            out.write(text)
    return Text(target, encoding, lines, doubt)


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a megabyte at a time."""
    with path.open("rb") as stream:
        yield from pieces(stream)


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a stream, a megabyte at a time."""
    while chunk := stream.read(CHUNK):
        yield chunk


def _closed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, and an empty one that says it was all."""
    yield from parts
    yield b""


def nul_byte(file: str, line: int) -> Unreadable:
    """A NUL byte stands in what should be text."""
    return Unreadable(
        file, Said(gettext_noop("Line {n} holds a NUL byte: this is not text, or it was damaged."), n=line), AS_TEXT
    )


def endless_line(file: str, line: int, limits: Limits) -> Unreadable:
    """A line has no end."""
    return Unreadable(
        file,
        Said(
            gettext_noop(
                "Line {n} is longer than {most} MB: this is not a table, or a quotation mark is never closed."
            ),
            n=line,
            most=limits.line >> 20,
        ),
        gettext_noop("Open it in a text editor at that line, or export it again."),
    )
