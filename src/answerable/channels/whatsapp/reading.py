"""What a notification says (Cloud API, Webhooks, messages): read without asking anybody anything."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.instant.happened import Happening, Person, Progressed, Refused, Remote, Said, Withdrew
from answerable.channels.instant.keeping import words
from answerable.channels.whatsapp.client import WINDOW_SHUT, shut

FILES = {
    "image": "image.jpg",
    "video": "video.mp4",
    "audio": "audio.ogg",
    "document": "document",
    "sticker": "sticker.webp",
}
SILENT = ("request_welcome",)
"""What WhatsApp itself says, and no person: somebody has opened the chat."""
One = Mapping[str, Any]


def opened(notification: object, number: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What it brings for this number of ours, piece by piece: its name, the other's number, all that belongs to it."""
    for change in _each(_each([notification], "entry"), "changes"):
        value = _part(change, "value")
        if change.get("field") != "messages" or str(_part(value, "metadata").get("phone_number_id")) != number:
            continue
        names = {
            account: words(_part(one, "profile").get("name"))
            for one in _each([value], "contacts")
            for account in (str(one.get("wa_id", "")), str(one.get("user_id", "")))
        }
        for message in _each([value], "messages"):
            sender = _account(message, "from", "from_user_id")
            yield str(message.get("id", "")), sender, {"message": message, "name": names.get(sender, "")}
        for status in _each([value], "statuses"):
            name = f"{status.get('status')} {status.get('id')}"
            yield name, _account(status, "recipient_id", "recipient_user_id"), {"status": status}


def read(brought: One, account: str) -> list[Happening]:
    """One piece of those."""
    if isinstance(status := brought.get("status"), dict):
        return _status(status)
    message = _part(brought, "message")
    sender, name = _account(message, "from", "from_user_id"), str(message.get("id", ""))
    kind, replaces = message.get("type"), ""
    if not sender or not name or kind in SILENT:
        return []
    about = _part(message, str(kind))
    if kind == "revoke":
        return [Withdrew(sender, str(about.get("original_message_id", "")))]
    if kind == "edit":
        replaces, message = str(about.get("original_message_id", "")), _part(about, "message")
    text, files = _said(message), _files(message)
    if not text and not files:
        if kind == "reaction":  # that was taken back
            return []
        text = _("[Something that can't be shown here. Ask them to write it in words.]")
    phone = f"+{sender}" if sender.isdecimal() else ""
    return [
        Said(
            sender,
            Person(sender, words(brought.get("name"))[:200] or phone, phone),
            name,
            text,
            files=files,
            rewords=replaces,
            automatic=kind == "reaction",  # it asks for no answer
            sent_at=at(_part(brought, "message").get("timestamp")),
            account=account,
            answers=str(_part(message, "context").get("id") or about.get("message_id") or ""),
        )
    ]


def _account(told: One, number: str, user: str) -> str:
    """Their number, or where they hide it behind a user name, their business-scoped user ID."""
    return str(told.get(number) or told.get(user) or "")


def at(seconds: object) -> datetime | None:
    """A time as WhatsApp writes it: seconds since 1970, as text."""
    number = int(seconds) if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() else -1
    return datetime.fromtimestamp(number, UTC) if 0 <= number < 2**33 else None


def _status(status: One) -> list[Happening]:
    chat, name = _account(status, "recipient_id", "recipient_user_id"), str(status.get("id", ""))
    when = at(status.get("timestamp")) or timezone.now()
    match status.get("status"):
        case "delivered":
            return [Progressed(chat, name, when, is_ours=True)]
        case "read":
            return [Progressed(chat, name, when, read=True, is_ours=True)]
        case "failed":
            error = next(iter(_each([status], "errors")), {})
            if error.get("code") == WINDOW_SHUT:
                return [Refused(chat, name, shut())]
            more = words(_part(error, "error_data").get("details"))
            said = more or words(error.get("title") or error.get("message")) or "–"
            return [
                Refused(chat, name, _("WhatsApp answers: %(reason)s") % {"reason": f"{said} ({error.get('code')})"})
            ]
    return []


def _said(message: One) -> str:
    """Its words; of what is no words, a sentence."""
    kind = str(message.get("type", ""))
    part = _part(message, kind)
    match kind:
        case "text":
            return words(part.get("body"))
        case "image" | "video" | "document":
            return words(part.get("caption"))
        case "button":
            return words(part.get("text"))
        case "interactive":
            chosen = _part(part, str(part.get("type", "")))
            return words(chosen.get("title") or chosen.get("body"))
        case "system":
            return words(part.get("body"))
        case "reaction":
            return _("[A reaction: %(words)s]") % {"words": words(part.get("emoji"))} if part.get("emoji") else ""
        case "location":
            told = [words(part.get("name")), words(part.get("address")), _place(part)]
            return _("[A place on the map: %(place)s]") % {"place": ", ".join(filter(None, told))}
        case "contacts":
            return "\n".join(_contact(one) for one in _each([message], "contacts"))
    return ""


def _contact(one: One) -> str:
    phones = ", ".join(words(phone.get("phone")) for phone in _each([one], "phones"))
    told = {"name": words(_part(one, "name").get("formatted_name")), "phone": phones}
    return _("[A contact: %(name)s, %(phone)s]") % told


def _files(message: One) -> list[Remote]:
    kind = str(message.get("type", ""))
    part = _part(message, kind)
    if kind not in FILES or not part.get("id"):
        return []
    content_type = words(part.get("mime_type")).partition(";")[0][:127] or "application/octet-stream"
    return [Remote(words(part.get("filename")) or FILES[kind], content_type, {"media": str(part["id"])})]


def _place(part: One) -> str:
    latitude, longitude = part.get("latitude"), part.get("longitude")
    numbers = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}" if numbers else ""


def _part(whole: One, name: str) -> One:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _each(wholes: Any, name: str) -> list[One]:
    """All objects of the lists that are called so."""
    found: list[One] = []
    for whole in wholes:
        several = whole.get(name) if isinstance(whole, dict) else None
        found += [one for one in several if isinstance(one, dict)] if isinstance(several, list) else []
    return found
