"""Attachments: a name that is safe to show, and a type that is what the bytes are."""

import mimetypes
import re
from dataclasses import dataclass, field

from answerable.channels.email.charsets import one_line

OCTETS = "application/octet-stream"
MAX_NAME = 180
UNSAFE = re.compile(r'[/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')
TYPE = re.compile(r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}$")
SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"BM....\0\0\0\0", re.DOTALL), "image/bmp"),
    (re.compile(rb"%PDF-"), "application/pdf"),
)
DISPLAYABLE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
ENDINGS = {"message/rfc822": ".eml", "text/calendar": ".ics", "text/plain": ".txt", "text/html": ".html",
           "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "application/rtf": ".rtf",
           "image/jpeg": ".jpg", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is a file: `inline` when the sender meant it to be seen inside the text."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    inline: bool = False
    content_id: str | None = None

    @property
    def displayable(self) -> bool:
        """True for pictures, checked by their first bytes, that a page may show without asking."""
        return self.content_type in DISPLAYABLE


def safe_type(declared: str, data: bytes) -> str:
    """What the first bytes prove it to be; a declared picture or PDF that isn't one is plain octets."""
    for signature, kind in SIGNATURES:
        if signature.match(data):
            return kind
    declared = declared.lower()
    if not TYPE.match(declared) or declared in DISPLAYABLE or declared in ("application/pdf", "image/bmp"):
        return OCTETS
    return declared


def safe_name(name: str, content_type: str, number: int) -> str:
    """A file name without paths, controls and direction overrides; made from type and number when empty."""
    clean = UNSAFE.sub("_", one_line(re.split(r"[/\\]", name)[-1])).strip(" .")
    if not clean.strip("_"):
        ending = ENDINGS.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"
        return f"attachment-{number}{ending}"
    if len(clean) > MAX_NAME:
        stem, dot, ending = clean.rpartition(".")
        clean = f"{stem[: MAX_NAME - 20]}{dot}{ending[:18]}" if dot else clean[:MAX_NAME]
    return clean
