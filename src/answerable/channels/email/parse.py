"""Bytes of a mail in, `ParsedMail` out, or `Unparseable` with the reason: nothing else ever."""

import hashlib
from datetime import datetime

from answerable.channels.email.attachments import Attachment
from answerable.channels.email.automatic import read_automatic
from answerable.channels.email.bodies import Sorter, read_html, read_text
from answerable.channels.email.charsets import codec_name, storable
from answerable.channels.email.dates import read_date
from answerable.channels.email.identifiers import read_identifier, read_identifiers
from answerable.channels.email.invitations import read_invitation
from answerable.channels.email.mailboxes import normal_address, read_addresses
from answerable.channels.email.message import ParsedMail, Unparseable
from answerable.channels.email.mime import Part, split
from answerable.channels.email.words import decode_header

MAX_SIZE = 50 * 1024 * 1024
MAX_SUBJECT = 500
MAX_DEFECTS = 20
SENDERS = ("from", "reply-to", "sender")
DELIVERY = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to",
            "apparently-to")  # fmt: skip


def parse(raw: bytes, received_at: datetime | None = None, envelope_from: str | None = None) -> ParsedMail:
    """Read one message (RFC 5322, MIME). A date more than a day after `received_at` is nonsense.

    `envelope_from` is the sender by SMTP, empty for the null path of bounces; without it the Return-Path
    header is believed.

    Raises Unparseable when it is empty, larger than MAX_SIZE, has no header at all, or trips a mistake of
    ours: one mail must never hold up the next, so a mistake becomes a reason that an administrator sees.
    """
    if not raw.strip():
        raise Unparseable("the message is empty")
    if len(raw) > MAX_SIZE:
        raise Unparseable(f"the message has {len(raw)} bytes, more than {MAX_SIZE}")
    try:
        return _read(raw, received_at, envelope_from)
    except Unparseable:
        raise
    except Exception as error:  # see above: a mistake of ours becomes a reason
        raise Unparseable(f"unexpected {type(error).__name__}: {error}"[:300]) from error


def _read(raw: bytes, received_at: datetime | None, envelope_from: str | None) -> ParsedMail:
    defects: list[str] = []
    part = split(raw, defects)
    if not part.headers:
        raise Unparseable("the message has no headers")
    hint = _charset_hint(part)
    sorter = Sorter(defects, hint)
    segments = sorter.segments(part)
    text = read_text(segments) or _attached_words(sorter.attachments)
    subject = (_header(part, "subject", hint) or "")[:MAX_SUBJECT]
    text = text or next(filter(None, (read_invitation(each, subject) for each in sorter.calendars)), "")
    date, wrong = read_date(_header(part, "date", hint), received_at)
    # A From without an address, as of Exchange's own kind, is no reason to lose who wants the answer.
    senders = next(filter(None, (read_addresses(part.get_all(each), hint) for each in SENDERS)), ())
    message_id = read_identifier(part.get("message-id"))
    return_path = _return_path(part) if envelope_from is None else storable(envelope_from).strip("<> ")
    defects += [wrong] if wrong else []
    defects += [] if senders else ["no sender"]
    defects += [] if message_id else ["no message id"]
    return ParsedMail(
        sha256=hashlib.sha256(raw).hexdigest(),
        fingerprint=_fingerprint(part),
        size=len(raw),
        message_id=message_id,
        in_reply_to=read_identifiers(b" ".join(part.get_all("in-reply-to"))),
        references=read_identifiers(b" ".join(part.get_all("references"))),
        subject=subject,
        sender=senders[0] if senders else None,
        reply_to=read_addresses(part.get_all("reply-to"), hint),
        to=read_addresses(part.get_all("to"), hint),
        cc=read_addresses(part.get_all("cc"), hint),
        delivered_to=_delivered_to(part),
        return_path=return_path,
        date=date,
        text=text,
        html=read_html(segments),
        inline_images={each.content_id: each for each in sorter.attachments if each.content_id and each.displayable},
        attachments=tuple(sorter.attachments),
        calendars=tuple(sorter.calendars),
        automatic=read_automatic(part, return_path),
        defects=tuple(dict.fromkeys(defects))[:MAX_DEFECTS],
        headers=part.headers,
    )


def _fingerprint(part: Part) -> str:
    digest = hashlib.sha256()
    for name in ("message-id", "from", "date", "subject"):
        digest.update(b" ".join((part.get(name) or b"").split()) + b"\n")
    digest.update(part.content.replace(b"\r\n", b"\n").rstrip())
    return digest.hexdigest()


def _attached_words(attachments: list[Attachment]) -> str:
    """Of a mail that says nothing itself: those of the one attached to it, below who wrote them."""
    forwarded = next((each for each in attachments if each.content_type == "message/rfc822"), None)
    if forwarded is None:
        return ""
    part = split(forwarded.data, [])
    hint = _charset_hint(part)
    words = read_text(Sorter([], hint).segments(part))
    heads = [(name, _header(part, name.lower(), hint)) for name in ("From", "Date", "To", "Subject")]
    return "\n".join([*(f"{name}: {value}" for name, value in heads if value), "", words]) if words else ""


def _header(part: Part, name: str, hint: str | None) -> str | None:
    raw = part.get(name)
    return None if raw is None else decode_header(raw, hint)


def _charset_hint(part: Part) -> str | None:
    """The charset of the first text, by which raw 8-bit headers are most likely written too."""
    label = part.content_type.parameters.get("charset")
    if label and codec_name(label):
        return label
    return next((hint for child in part.children if (hint := _charset_hint(child))), None)


def _delivered_to(part: Part) -> tuple[str, ...]:
    found = [each.address for each in read_addresses([raw for name in DELIVERY for raw in part.get_all(name)])]
    return tuple(dict.fromkeys(found))


def _return_path(part: Part) -> str | None:
    raw = part.get("return-path")
    if raw is None:
        return None
    text = raw.decode("utf-8", "replace").strip().strip("<>").strip()
    return (normal_address(text) or None) if text else ""
