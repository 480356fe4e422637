"""Encoded words of RFC 2047, also as broken mailers write them."""

import binascii
import re
from itertools import groupby

from answerable.channels.email.charsets import decode, one_line

WORD = re.compile(rb"=\?([\w.:+()-]*)(?:\*[\w-]*)?\?([BbQq])\?(.*?)(?:\?=|\Z)", re.DOTALL)


def unbase64(data: bytes) -> bytes:
    """Bytes of base64 text, forgiving foreign characters and missing padding."""
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data.replace(b"-", b"+").replace(b"_", b"/"))
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def decode_header(raw: bytes, hint: str | None = None) -> str:
    """One header's text: encoded words decoded, 8-bit bytes as UTF-8 or as `hint`, the body's charset.

    Adjacent words of one charset are joined before decoding, since mailers split a letter over two words.
    """
    if b"=?" not in raw:
        return one_line(decode(raw, hint)[0] if not raw.isascii() else raw.decode("ascii"))
    return one_line("".join(_joined(_pieces(raw, hint))))


def _pieces(raw: bytes, hint: str | None) -> list[tuple[str | None, bytes]]:
    """Pairs of charset and bytes; plain stretches have the charset None and are UTF-8."""
    pieces: list[tuple[str | None, bytes]] = []
    position = 0
    for match in WORD.finditer(raw):
        between = raw[position : match.start()]
        if between.strip() or (between and not pieces):
            pieces.append((None, decode(between, hint)[0].encode("utf-8", "replace")))
        label, kind, text = match.groups()
        data = unbase64(text) if kind in b"Bb" else binascii.a2b_qp(text.replace(b" ", b"_"), header=True)
        pieces.append((label.decode("ascii", "replace").lower() or "utf-8", data))
        position = match.end()
    if rest := raw[position:]:
        pieces.append((None, decode(rest, hint)[0].encode("utf-8", "replace")))
    return pieces


def _joined(pieces: list[tuple[str | None, bytes]]) -> list[str]:
    return [
        decode(b"".join(data for _, data in group), charset or "utf-8")[0]
        for charset, group in groupby(pieces, key=lambda piece: piece[0])
    ]
