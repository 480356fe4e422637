"""Outlook's winmail.dat unpacked: [MS-OXTNEF] streams, with compressed RTF by [MS-OXRTFCP].

Written here because the one library there is for it, old and LGPL, reads all of MAPI and trusts its
input; a help desk needs the files, the body and nothing else, out of bytes that anybody may send.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from answerable.channels.email.charsets import decode, one_line

SIGNATURE = 0x223E9F78
BODY, RENDERING, TITLE, FILE, PROPERTIES, ATTACHMENT, CODEPAGE = (
    0x0002800C, 0x00069002, 0x00018010, 0x0006800F, 0x00069003, 0x00069005, 0x00069007)  # fmt: skip
PR_BODY, PR_RTF, PR_HTML, PR_DATA, PR_NAME, PR_LONG_NAME, PR_TYPE, PR_CONTENT_ID = (
    0x1000, 0x1009, 0x1013, 0x3701, 0x3704, 0x3707, 0x370E, 0x3712)  # fmt: skip
FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8,
         0x0040: 8, 0x0048: 16}  # fmt: skip
VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
MAX_FILES = 200
MAX_RTF = 20_000_000
RTF_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


@dataclass(slots=True)
class File:
    """One attached file as the stream tells it."""

    name: str = ""
    content_type: str = ""
    content_id: str | None = None
    data: bytes = b""


@dataclass(slots=True)
class Winmail:
    """What a winmail.dat held: bodies, each possibly empty, and files."""

    text: str = ""
    html: str = ""
    rtf: bytes = b""
    files: list[File] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def unpack(data: bytes) -> Winmail | None:
    """The content of a TNEF stream up to where it breaks, or None when it isn't one."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    winmail = Winmail()
    charset = "cp1252"
    try:
        for attribute, value in _attributes(data):
            if attribute == CODEPAGE and len(value) >= 4:
                charset = f"cp{struct.unpack_from('<I', value)[0]}"
            else:
                _take(winmail, attribute, value, charset)
    except (struct.error, IndexError, ValueError) as error:
        winmail.defects.append(f"winmail.dat is broken: {error}"[:200])
    return winmail


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 6
    while position + 9 <= len(data):
        _, attribute, length = struct.unpack_from("<BII", data, position)
        position += 9
        if position + length > len(data):
            raise ValueError("it is cut off")
        yield attribute, data[position : position + length]
        position += length + 2  # The checksum.


def _take(winmail: Winmail, attribute: int, value: bytes, charset: str) -> None:
    if attribute == RENDERING and len(winmail.files) < MAX_FILES:
        winmail.files.append(File())
    elif attribute == BODY:
        winmail.text = winmail.text or decode(value.rstrip(b"\0"), charset)[0]
    elif attribute == PROPERTIES:
        _take_bodies(winmail, dict(_properties(value)), charset)
    elif winmail.files:
        file = winmail.files[-1]
        if attribute == TITLE:
            file.name = file.name or one_line(decode(value.rstrip(b"\0"), charset)[0])
        elif attribute == FILE:
            file.data = value
        elif attribute == ATTACHMENT:
            _describe(file, dict(_properties(value)), charset)


def _take_bodies(winmail: Winmail, found: dict[int, Any], charset: str) -> None:
    winmail.text = _text(found.get(PR_BODY), charset).replace("\r\n", "\n") or winmail.text
    winmail.html = _text(found.get(PR_HTML), charset) or winmail.html
    if isinstance(found.get(PR_RTF), bytes):
        winmail.rtf = decompress_rtf(found[PR_RTF])


def _describe(file: File, found: dict[int, Any], charset: str) -> None:
    file.name = one_line(_text(found.get(PR_LONG_NAME) or found.get(PR_NAME), charset)) or file.name
    file.content_type = one_line(_text(found.get(PR_TYPE), charset)).lower()
    file.content_id = one_line(_text(found.get(PR_CONTENT_ID), charset)).strip("<>") or None
    if not file.data and isinstance(found.get(PR_DATA), bytes):
        file.data = found[PR_DATA]


def _text(value: Any, charset: str) -> str:
    if isinstance(value, str):
        return value
    return decode(value.rstrip(b"\0"), charset)[0] if isinstance(value, bytes) else ""


def _properties(data: bytes) -> Iterator[tuple[int, Any]]:
    """Pairs of property id and value: str for Unicode, bytes for 8-bit text and binary, None for others."""
    (count,) = struct.unpack_from("<I", data)
    position = 4
    for _ in range(count):
        kind, identifier = struct.unpack_from("<HH", data, position)
        position += 4
        if identifier >= 0x8000:
            position = _after_name(data, position)
        several, kind = bool(kind & 0x1000), kind & 0x0FFF
        values = 1
        if several or kind in VARIABLE:
            (values,) = struct.unpack_from("<I", data, position)
            position += 4
        value: Any = None
        for _ in range(values):
            value, position = _value(data, position, kind)
        yield identifier, value


def _after_name(data: bytes, position: int) -> int:
    """Where a named property's value begins: after its GUID and its number or padded name."""
    (kind,) = struct.unpack_from("<I", data, position + 16)
    position += 20
    (length,) = struct.unpack_from("<I", data, position)
    return position + 4 + (_padded(length) if kind else 0)


def _value(data: bytes, position: int, kind: int) -> tuple[Any, int]:
    if kind in FIXED:
        return None, position + max(FIXED[kind], 4)
    if kind not in VARIABLE:
        raise ValueError(f"property of unknown type {kind:#x}")
    (length,) = struct.unpack_from("<I", data, position)
    position += 4
    raw = data[position : position + length]
    if len(raw) < length:
        raise ValueError("a property is cut off")
    position += _padded(length)
    if kind == 0x001F:
        return raw.decode("utf-16-le", "replace").rstrip("\0"), position
    return raw[16:] if kind == 0x000D else raw, position  # An object begins with its interface's GUID.


def _padded(length: int) -> int:
    return (length + 3) & ~3


def decompress_rtf(data: bytes) -> bytes:
    """RTF out of [MS-OXRTFCP] bytes; raises ValueError when they are not that."""
    if len(data) < 16:
        raise ValueError("compressed RTF is too short")
    _, size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == 0x414C454D:  # "MELA": not compressed.
        return data[16 : 16 + size]
    if kind != 0x75465A4C or size > MAX_RTF:  # "LZFu"
        raise ValueError("compressed RTF of an unknown kind or size")
    window = bytearray(4096)
    window[: len(RTF_START)] = RTF_START
    write, position = len(RTF_START), 16
    output = bytearray()
    while position < len(data) and len(output) < size:
        control = data[position]
        position += 1
        for bit in range(8):
            if position >= len(data) or len(output) >= size:
                break
            if not control >> bit & 1:
                chunk = data[position : position + 1]
                position += 1
            else:
                (pair,) = struct.unpack_from(">H", data, position)
                position += 2
                offset, length = pair >> 4, (pair & 15) + 2
                if offset == write % 4096:
                    return bytes(output)
                chunk = None
            for step in range(1 if chunk is not None else length):
                byte = chunk[0] if chunk is not None else window[(offset + step) % 4096]
                output.append(byte)
                window[write % 4096] = byte
                write += 1
    return bytes(output[:size])
