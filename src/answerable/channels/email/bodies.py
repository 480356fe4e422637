"""The parts of a message sorted into text, HTML, pictures in the text, files and invitations."""

import mimetypes
import re
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape

from answerable.channels.email import smime, tnef
from answerable.channels.email.attachments import DISPLAYABLE, OCTETS, Attachment, safe_name, safe_type
from answerable.channels.email.charsets import codec_name, decode, one_line
from answerable.channels.email.flowed import unflow
from answerable.channels.email.mime import Part, split
from answerable.channels.email.parameters import Field, read_field
from answerable.channels.email.plaintext import MAX_HTML, html_to_text
from answerable.channels.email.transfer import undo
from answerable.channels.email.words import unbase64

MAX_TEXT = 1_000_000
"""Characters of all text parts together, and of all HTML parts, that are kept for reading, so that many parts cost no
more than one; all of it stays in the stored message."""
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
OPAQUE = ("application/pkcs7-mime", "application/x-pkcs7-mime")
MOST_ENVELOPES = 3
"""Signatures around signatures that are opened."""
FOR_OTHERS = ("text/x-amp-html", "text/watch-html")
"""The same words once more, for programs that are not ours."""
META = b"charset="
HELD = re.compile(
    r"(?P<src>\ssrc\s{0,9}=\s{0,9})(?P<quote>[\"'])data:image/[\w.+-]{1,40};base64,(?P<data>[A-Za-z0-9+/=\s]*+)(?P=quote)",
    re.IGNORECASE,
)
UUENCODED = re.compile(
    r"^begin [0-7]{3,4} (?P<name>[^\s/\\][^\n]{0,200})\n(?:M[ -`]{60,61}\n)*+(?:[!-L][ -`]{0,61}\n)?+[ `]?\n?end[ ]*$",
    re.MULTILINE,
)
STANDS_IN = re.compile(r"html|brows|pārlūk|браузер|ბრაუზერ|navigat|navegad|przegląd", re.IGNORECASE)
WORD = re.compile(r"\w+")
LONGEST_STAND_IN = 400


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the body, as text, as HTML, or as both when the sender wrote both."""

    text: str | None = None
    html: str | None = None

    @property
    def readable(self) -> str:
        """The text, made of the HTML when there is none."""
        if not self.html:
            return self.text or ""
        if self.text is not None and not _may_stand_in(self.text):
            return self.text
        written = html_to_text(self.html)
        return written if not self.text or _says_something_else(self.text, written) else self.text


@dataclass(slots=True)
class Sorter:
    """Walks the tree once and fills its fields."""

    defects: list[str]
    hint: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    opened: int = 0
    """Signatures with words inside that were opened."""
    left: dict[str, int] = field(default_factory=lambda: {"text/plain": MAX_TEXT, "text/html": MAX_TEXT})
    """Characters that are still kept."""

    def segments(self, part: Part, inside: str = "") -> list[Segment]:
        """The body's stretches in `part`, in order; `inside` is the type of the multipart around it."""
        if part.children:
            found = [each for child in part.children for each in self.segments(child, part.type)]
            return [_merged(found)] if part.type == "multipart/alternative" and found else found
        disposition = read_field(part.get("content-disposition") or b"", self.hint)
        data = self.data(part)
        if part.type in ("text/plain", "text/html") and not _is_file(part, disposition):
            return [self.segment(part, data)]
        return self.file(part, disposition, data, inside)

    def data(self, part: Part) -> bytes:
        """A leaf's bytes, transfer encoding undone."""
        raw = part.get("content-transfer-encoding")
        encoding = read_field(raw).value if raw else ""
        data, defect = undo(part.content, encoding)
        if defect:
            self.defects.append(defect)
        return data

    def segment(self, part: Part, data: bytes) -> Segment:
        """A text or HTML leaf."""
        parameters = part.content_type.parameters
        label = parameters.get("charset")
        if part.type == "text/html" and not (label and codec_name(label)):
            label = _meta_charset(data) or label
        if not data.strip():
            return Segment(text="") if part.type == "text/plain" else Segment(html="")
        text, defect = decode(data, label)
        if defect:
            self.defects.append(defect)
        if part.type == "text/html":
            text = self.pictures(text)
        if len(text) > self.left[part.type]:
            text = text[: self.left[part.type]]
            self.defects.append(f"body cut at {MAX_TEXT} characters")
        self.left[part.type] -= len(text)
        if part.type == "text/html":
            if len(text) > MAX_HTML:
                self.defects.append(f"HTML read as text to {MAX_HTML} characters")
            return Segment(html=text)
        if parameters.get("format", "").lower() == "flowed":
            text = unflow(text, parameters.get("delsp", "").lower() == "yes")
        return Segment(text=self.uuencoded(text))

    def uuencoded(self, text: str) -> str:
        """The text without the files that old programs write into it, which are kept."""

        def filed(match: re.Match[str]) -> str:
            data, defect = undo(match[0].encode("ascii", "replace"), "uuencode")
            if defect or not data:
                return match[0]
            self.attach(match["name"], mimetypes.guess_type(match["name"])[0] or OCTETS, data)
            return ""

        return UUENCODED.sub(filed, text) if "\nend" in text else text

    def pictures(self, html: str) -> str:
        """The HTML with pictures that it holds itself made files: their letters would take the words' place."""

        def filed(match: re.Match[str]) -> str:
            data = unbase64(match["data"].encode())
            if safe_type("", data) not in DISPLAYABLE:
                return match[0]
            content_id = f"{sha256(data).hexdigest()[:32]}@data"
            if all(each.content_id != content_id for each in self.attachments):
                self.attach("", "", data, inline=True, content_id=content_id)
            return f"{match['src']}{match['quote']}cid:{content_id}{match['quote']}"

        return HELD.sub(filed, html) if "data:image" in html else html

    def file(self, part: Part, disposition: Field, data: bytes, inside: str) -> list[Segment]:
        """A leaf that is a file; a winmail.dat may hold the body too, as what is signed in the opaque way does."""
        name = disposition.parameters.get("filename") or part.content_type.parameters.get("name") or ""
        if inside == "multipart/alternative" and part.type in FOR_OTHERS:
            return []
        if part.type in TNEF or name.lower() == "winmail.dat":
            winmail = tnef.unpack(data)
            if winmail:
                return self.winmail(winmail)
        is_opaque = part.type in OPAQUE or name.lower().endswith(".p7m")
        if is_opaque and self.opened < MOST_ENVELOPES and (signed := smime.signed_content(data)):
            self.opened += 1
            return self.segments(split(signed, self.defects))
        if part.type == "text/calendar":
            self.calendars.append(decode(data, part.content_type.parameters.get("charset"))[0][:MAX_TEXT])
        content_id = one_line((part.get("content-id") or b"").decode("utf-8", "replace")).strip("<> ")[:255] or None
        inline = disposition.value == "inline" or (inside == "multipart/related" and disposition.value != "attachment")
        self.attach(name, part.type, data, inline=inline, content_id=content_id)
        return []

    def winmail(self, winmail: tnef.Winmail) -> list[Segment]:
        """The files and bodies of an Outlook stream."""
        self.defects += winmail.defects
        for file in winmail.files:
            self.attach(
                file.name,
                file.content_type,
                file.data,
                inline=bool(file.content_id),
                content_id=file.content_id,
            )
        if winmail.text or winmail.html:
            return [Segment(text=winmail.text or None, html=winmail.html or None)]
        if winmail.rtf:
            self.attach("message.rtf", "application/rtf", winmail.rtf)
        return []

    def attach(self, name: str, kind: str, data: bytes, inline: bool = False, content_id: str | None = None) -> None:
        """Keep a file."""
        kind = safe_type(kind, data)
        name = safe_name(name, kind, len(self.attachments) + 1)
        self.attachments.append(Attachment(name, kind, data, inline, content_id))


def read_text(segments: list[Segment]) -> str:
    """All stretches as one text."""
    return "\n\n".join(text for each in segments if (text := each.readable.strip("\n")))


def read_html(segments: list[Segment]) -> str:
    """All stretches as one HTML, or nothing when the sender wrote none."""
    if not any(each.html for each in segments):
        return ""
    return "\n".join(
        each.html or f"<pre>{escape(each.text or '')}</pre>" for each in segments if each.html or each.text
    )


def _merged(found: list[Segment]) -> Segment:
    """Alternatives say the same thing, the richest last (RFC 2046, 5.1.4)."""
    texts = [each.text for each in found if each.text is not None]
    htmls = [each.html for each in found if each.html]
    return Segment(text="\n\n".join(texts) if texts else None, html="\n".join(htmls) if htmls else None)


def _may_stand_in(text: str) -> bool:
    """Short, and nothing but marks or about browsers: perhaps not the words, but what is said where there are none."""
    return len(text) <= LONGEST_STAND_IN and (not WORD.search(text) or bool(STANDS_IN.search(text)))


def _says_something_else(text: str, written: str) -> bool:
    """Whether the HTML's words are there, and most of the text's are none of them."""
    words, others = set(WORD.findall(text.lower())), set(WORD.findall(written.lower()))
    return bool(others) and len(words & others) * 2 <= len(words)


def _is_file(part: Part, disposition: Field) -> bool:
    return disposition.value == "attachment" or bool(
        disposition.parameters.get("filename") or (disposition.value and part.content_type.parameters.get("name"))
    )


def _meta_charset(data: bytes) -> str | None:
    """The charset an HTML document names in its own head."""
    head = data[:2048].lower()
    if META not in head:
        return None
    value = head.split(META, 1)[1].lstrip(b"\"' ")[:40]
    label = value.replace(b"'", b'"').replace(b">", b'"').replace(b"/", b'"').replace(b" ", b'"').split(b'"')[0]
    return label.decode("ascii", "replace") or None
