"""A message as a tree of parts, each a stretch of the original bytes (RFC 5322, 2.1; RFC 2046, 5.1).

Only offsets are kept: nothing is copied, so that an attached mail can be handed on byte for byte, which
the standard library's parser, rebuilding it from lines, does not promise. Depth and number of parts are
limited; what lies beyond a limit stays one part, unread but not lost.
"""

import re
from dataclasses import dataclass, field

from answerable.channels.email.parameters import Field, media_type, read_field

LINE = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|\Z)")
DELIMITED = re.compile(rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
"""What may stand behind a boundary in a delimiter's line."""
NAME = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*")
MAX_DEPTH = 20
MAX_PARTS = 500
MAX_HEADERS = 2_000
MAX_HEADER = 100_000
"""Bytes of one header that are read; that is two thousand addresses."""


@dataclass(frozen=True, slots=True)
class Part:
    """One entity: its headers as (lower-case name, unfolded raw value) and its content's place in `raw`."""

    raw: bytes = field(repr=False)
    headers: tuple[tuple[str, bytes], ...]
    start: int
    end: int
    type: str
    content_type: Field
    children: tuple["Part", ...] = ()

    @property
    def content(self) -> bytes:
        """The content as it stands in the message, transfer encoding not undone."""
        return self.raw[self.start : self.end]

    def get(self, name: str) -> bytes | None:
        """Raw value of the first header called `name` (lower case)."""
        return next((value for key, value in self.headers if key == name), None)

    def get_all(self, name: str) -> list[bytes]:
        """Raw values of all headers called `name` (lower case), top first."""
        return [value for key, value in self.headers if key == name]


@dataclass(slots=True)
class Splitter:
    """Splits one message; `defects` collects in words what was wrong with it."""

    raw: bytes
    defects: list[str]
    parts: int = 0

    def part(self, start: int, end: int, depth: int = 0, default: str = "text/plain") -> Part:
        """The entity at raw[start:end] with all that is inside it."""
        self.parts += 1
        headers, body = self.headers(start, end)
        raw_type = next((value for name, value in headers if name == "content-type"), None)
        content_type = read_field(raw_type) if raw_type else Field(default)
        kind = media_type(content_type)
        children: tuple[Part, ...] = ()
        if kind.startswith("multipart/"):
            children = self.children(content_type, kind, body, end, depth)
            if not children:
                kind = "text/plain"
        return Part(self.raw, tuple(headers), body, end, kind, content_type, children)

    def headers(self, start: int, end: int) -> tuple[list[tuple[str, bytes]], int]:
        """Headers from `start`, unfolded, and where the content begins."""
        found: list[tuple[str, bytes]] = []
        position = start
        while position < end:
            match = LINE.match(self.raw, position, end)
            assert match is not None
            line, following = match.group(1), match.end()
            if not line.strip():
                return found, following
            if line[:1] in (b" ", b"\t") and found:
                name, value = found[-1]
                if len(value) < MAX_HEADER:
                    found[-1] = (name, value + b" " + line.strip()[:MAX_HEADER])
            elif named := NAME.match(line):
                found.append((named.group(1).decode("ascii").lower(), line[named.end() : MAX_HEADER].strip()))
            elif position == start and line.startswith((b"From ", b">From ")):
                pass  # The envelope line of an mbox file.
            else:
                self.defects.append("the headers end without an empty line")
                return found, position
            if len(found) > MAX_HEADERS:
                self.defects.append(f"more than {MAX_HEADERS} headers")
                return found, following
            position = following
        return found, position

    def children(self, content_type: Field, kind: str, start: int, end: int, depth: int) -> tuple[Part, ...]:
        """The parts between the boundary's lines; empty when the multipart can't be split."""
        boundary = content_type.parameters.get("boundary", "").rstrip()
        if not boundary:
            self.defects.append("multipart without a boundary")
            return ()
        if depth >= MAX_DEPTH:
            self.defects.append(f"nested deeper than {MAX_DEPTH}")
            return ()
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        children = []
        for first, last in self.stretches(boundary.encode("utf-8", "replace"), start, end):
            if self.parts >= MAX_PARTS:
                self.defects.append(f"more than {MAX_PARTS} parts")
                break
            children.append(self.part(first, last, depth + 1, default))
        if not children:
            self.defects.append("multipart without parts")
        return tuple(children)

    def stretches(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """Begin and end of each stretch between delimiter lines, the line end before one belonging to it."""
        delimiter = b"--" + boundary
        found: list[tuple[int, int]] = []
        opened: int | None = None
        position = start
        while (position := self.raw.find(delimiter, position, end)) != -1:
            at, position = position, position + 1
            rest = DELIMITED.match(self.raw, at + len(delimiter), end)
            if rest is None:
                continue
            position = rest.end()
            if at > start and self.raw[at - 1] not in b"\r\n":
                continue
            if opened is not None:
                found.append((opened, max(opened, self.line_end_before(at))))
            opened = None if rest.group(1) else position
            if rest.group(1) or len(found) > MAX_PARTS:
                return found
        if opened is not None:
            self.defects.append("multipart without its closing line")
            found.append((opened, end))
        return found

    def line_end_before(self, position: int) -> int:
        """Where the line end just before `position` begins."""
        return position - (2 if self.raw[position - 2 : position] == b"\r\n" else 1)


def split(raw: bytes, defects: list[str]) -> Part:
    """The tree of the message `raw`; what was wrong is appended to `defects`."""
    return Splitter(raw, defects).part(0, len(raw))
