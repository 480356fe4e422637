"""Content-Transfer-Encoding undone (RFC 2045, 6), whatever the state of the bytes."""

import binascii
import re

from answerable.channels.email.words import unbase64

IDENTITY = frozenset({"", "7bit", "8bit", "binary"})
UUENCODED = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)


def undo(data: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes behind `encoding` and a defect in words. Never raises."""
    if encoding in IDENTITY:
        return data, None
    if encoding == "base64":
        clean = b"".join(data.split())
        try:
            return binascii.a2b_base64(clean, strict_mode=True), None
        except binascii.Error:
            return unbase64(clean), "broken base64" if clean else None
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), None
    if encoding in UUENCODED:
        return _uudecoded(data)
    return data, f"unknown transfer encoding {encoding[:40]!r}"


def _uudecoded(data: bytes) -> tuple[bytes, str | None]:
    begin = UU_BEGIN.search(data)
    decoded = []
    for line in data[begin.end() if begin else 0 :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            continue
        length = (((line[0] - 32) & 63) * 4 + 5) // 3  # Some encoders write more than the length they tell.
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            try:
                decoded.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                return b"".join(decoded), "broken uuencoding"
    return b"".join(decoded), None
