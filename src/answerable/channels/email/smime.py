"""Mail signed in the opaque way, whose words stand inside the signature (RFC 8551, 3.5.2; RFC 5652, 5).

Anybody can read it: no key is needed. Outlook writes it where clear signing is switched off.
"""

from collections.abc import Iterator

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
DATA = bytes.fromhex("2a864886f70d010701")
SEQUENCE, OCTETS, OCTETS_IN_PIECES, EXPLICIT = 0x30, 0x04, 0x24, 0xA0
MAX_DEPTH = 16

Element = tuple[int, int, int]
"""Tag, and where the content begins and ends (X.690, 8.1)."""


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity that was signed; None where it is something else, such as encrypted, or broken."""
    try:
        kind, explicit = _children(data, _element(data, 0, len(data))[:3])[:2]
        if _value(data, kind) != SIGNED_DATA:
            return None
        signed = _children(data, _children(data, explicit)[0])
        held = next(each for each in signed if each[0] == SEQUENCE)
        kind, explicit = _children(data, held)[:2]
        if _value(data, kind) != DATA or explicit[0] != EXPLICIT:
            return None
        return b"".join(_pieces(data, _children(data, explicit)[0]))
    except (ValueError, IndexError, StopIteration):
        return None


def _children(data: bytes, parent: Element) -> list[Element]:
    return list(_inside(data, parent))


def _inside(data: bytes, parent: Element) -> Iterator[Element]:
    _tag, position, end = parent
    while position < end:
        tag, first, last, position = _element(data, position, end)
        yield tag, first, last


def _pieces(data: bytes, element: Element, depth: int = 0) -> Iterator[bytes]:
    if element[0] == OCTETS:
        yield _value(data, element)
    elif element[0] == OCTETS_IN_PIECES and depth < MAX_DEPTH:
        for each in _inside(data, element):
            yield from _pieces(data, each, depth + 1)
    else:
        raise ValueError


def _value(data: bytes, element: Element) -> bytes:
    return data[element[1] : element[2]]


def _element(data: bytes, at: int, end: int, depth: int = 0) -> tuple[int, int, int, int]:
    """Tag, content's begin and end, and where the next one begins. ValueError or IndexError where it is cut or odd."""
    tag, length, start = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F or depth > MAX_DEPTH:
        raise ValueError
    if length == 0x80:  # as long as it is until two zeros
        position = start
        while data[position : position + 2] != b"\0\0":
            position = _element(data, position, end, depth + 1)[3]
        return tag, start, position, position + 2
    if length > 0x80:
        size = length - 0x80
        start, length = start + size, int.from_bytes(data[start : start + size], "big")
    if start + length > end:
        raise ValueError
    return tag, start, start + length, start + length
