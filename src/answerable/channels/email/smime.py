"""Mail signed in the opaque way, whose words stand inside the signature (RFC 8551, 3.5.2; RFC 5652, 5).

Anybody can read it: no key is needed. Outlook writes it where clear signing is switched off.
"""

from collections.abc import Iterator
from dataclasses import dataclass

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
DATA = bytes.fromhex("2a864886f70d010701")
SEQUENCE, OCTETS, OCTETS_IN_PIECES, EXPLICIT = 0x30, 0x04, 0x24, 0xA0
MAX_DEPTH = 16
MOST_ELEMENTS = 500_000
"""That are looked at: more than 50 MB in pieces of a thousand bytes need, and a second of work."""

Element = tuple[int, int, int]
"""Tag, and where the content begins and ends (X.690, 8.1)."""


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity that was signed; None where it is something else, such as encrypted, or broken."""
    reader = Reader(data)
    try:
        whole = reader.element(0, len(data))[:3]
        kind, explicit = reader.first_two(whole)
        if reader.value(kind) != SIGNED_DATA:
            return None
        signed = next(reader.inside(explicit))
        held = next(each for each in reader.inside(signed) if each[0] == SEQUENCE)
        kind, explicit = reader.first_two(held)
        if reader.value(kind) != DATA or explicit[0] != EXPLICIT:
            return None
        return b"".join(reader.pieces(next(reader.inside(explicit))))
    except (ValueError, IndexError, StopIteration):
        return None


@dataclass(slots=True)
class Reader:
    """Reads elements by the basic rules (X.690, 8). ValueError or IndexError where one is cut, odd, or one too many."""

    data: bytes
    left: int = MOST_ELEMENTS

    def value(self, element: Element) -> bytes:
        """The content's bytes."""
        return self.data[element[1] : element[2]]

    def inside(self, parent: Element) -> Iterator[Element]:
        """The elements that a constructed one holds."""
        _tag, position, end = parent
        while position < end:
            tag, first, last, position = self.element(position, end)
            yield tag, first, last

    def first_two(self, parent: Element) -> tuple[Element, Element]:
        """An identifier, and what it is about."""
        inside = self.inside(parent)
        return next(inside), next(inside)

    def pieces(self, element: Element, depth: int = 0) -> Iterator[bytes]:
        """Of a string of octets, whole or in pieces."""
        if element[0] == OCTETS:
            yield self.value(element)
        elif element[0] == OCTETS_IN_PIECES and depth < MAX_DEPTH:
            for each in self.inside(element):
                yield from self.pieces(each, depth + 1)
        else:
            raise ValueError

    def element(self, at: int, end: int, depth: int = 0) -> tuple[int, int, int, int]:
        """Tag, content's begin and end, and where the next one begins."""
        self.left -= 1
        tag, length, start = self.data[at], self.data[at + 1], at + 2
        if tag & 0x1F == 0x1F or depth > MAX_DEPTH or self.left < 0:
            raise ValueError
        if length == 0x80:  # as long as it is until two zeros
            position = start
            while self.data[position : position + 2] != b"\0\0":
                position = self.element(position, end, depth + 1)[3]
            return tag, start, position, position + 2
        if length > 0x80:
            size = length - 0x80
            start, length = start + size, int.from_bytes(self.data[start : start + size], "big")
        if start + length > end:
            raise ValueError
        return tag, start, start + length, start + length
