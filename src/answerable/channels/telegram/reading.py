"""What an update says (Bot API, Update and Message): read without asking Telegram anything."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from answerable.channels.instant.happened import Happening, Parted, Person, Remote, Said
from answerable.channels.instant.keeping import words

NAMELESS = {
    "photo": ("photo.jpg", "image/jpeg"),
    "voice": ("voice.ogg", "audio/ogg"),
    "video_note": ("video.mp4", "video/mp4"),
}
FILES = ("document", "video", "audio", "voice", "animation", "video_note")
Message = Mapping[str, Any]


def read(update: Mapping[str, Any], account: str) -> list[Happening]:
    """Of private chats and of groups that the bot is in; nothing of channels."""
    if isinstance(message := update.get("message"), dict):
        return _message(message, account, is_edit=False)
    if isinstance(message := update.get("edited_message"), dict):
        return _message(message, account, is_edit=True)
    if isinstance(changed := update.get("my_chat_member"), dict):
        gone = _part(changed, "new_chat_member").get("status") in ("left", "kicked")
        return [Parted(str(_part(changed, "chat").get("id", "")))] if gone else []
    return []


def name_of(chat: str, message: object) -> str:
    """A message's name: its number is one within its chat."""
    return f"{chat}/{message}"


def _message(message: Message, account: str, *, is_edit: bool) -> list[Happening]:
    chat, sender = str(_part(message, "chat").get("id", "")), _part(message, "from")
    if not chat or not sender.get("id"):
        return []
    text, files = _said(message), _files(message)
    if not text and not files:
        return []
    name = name_of(chat, message.get("message_id"))
    quoted = _quoted(message)
    return [
        Said(
            chat,
            _person(sender),
            name,
            quoted + text,
            folds=[[0, len(quoted)]] if quoted else (),
            files=() if is_edit else files,
            rewords=name if is_edit else "",
            automatic=sender.get("is_bot") is True,
            sent_at=at(message.get("edit_date") if is_edit else message.get("date")),
            account=account,
        )
    ]


def at(seconds: object) -> datetime | None:
    """A time as Telegram writes it: seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and 0 <= seconds < 2**33 else None


def _person(sender: Mapping[str, Any]) -> Person:
    name = " ".join(filter(None, [words(sender.get("first_name")), words(sender.get("last_name"))]))
    return Person(str(sender["id"]), name.strip()[:200] or words(sender.get("username")))


def _said(message: Message) -> str:
    """Its words; of what is no words, a sentence."""
    if text := words(message.get("text") or message.get("caption")):
        return text
    if sticker := _part(message, "sticker"):
        return _("[A sticker: %(words)s]") % {"words": words(sticker.get("emoji")) or "–"}
    if venue := _part(message, "venue"):
        place = f"{words(venue.get('title'))}, {words(venue.get('address'))} {_place(_part(venue, 'location'))}"
        return _("[A place on the map: %(place)s]") % {"place": place}
    if location := _part(message, "location"):
        return _("[A place on the map: %(place)s]") % {"place": _place(location)}
    if contact := _part(message, "contact"):
        name = " ".join(filter(None, [words(contact.get("first_name")), words(contact.get("last_name"))]))
        told = {"name": name, "phone": words(contact.get("phone_number"))}
        return _("[A contact: %(name)s, %(phone)s]") % told
    if poll := _part(message, "poll"):
        return _("[A poll: %(words)s]") % {"words": words(poll.get("question"))}
    return ""


def _quoted(message: Message) -> str:
    """What it answers, each line behind `> `, and an empty line."""
    answered = _part(message, "reply_to_message")
    said = _said(answered) if answered else ""
    return "".join(f"> {line}\n" for line in said[:2000].splitlines()) + "\n" if said else ""


def _files(message: Message) -> list[Remote]:
    """Of a photo there are several sizes: the largest."""
    found: list[tuple[str, Message]] = []
    sizes = message.get("photo")
    if isinstance(sizes, list) and sizes and isinstance(sizes[-1], dict):
        found.append(("photo", sizes[-1]))
    elif animation := _part(message, "animation"):  # which comes as a document, too
        found.append(("animation", animation))
    else:
        found += [(kind, file) for kind in FILES if (file := _part(message, kind))]
    return [_remote(kind, file) for kind, file in found if file.get("file_id")]


def _remote(kind: str, file: Mapping[str, Any]) -> Remote:
    name, content_type = NAMELESS.get(kind, (f"{kind}", "application/octet-stream"))
    size = file.get("file_size")
    return Remote(
        words(file.get("file_name")) or name,
        words(file.get("mime_type"))[:127] or content_type,
        {"file_id": str(file["file_id"])},
        size if isinstance(size, int) else None,
    )


def _place(location: Mapping[str, Any]) -> str:
    latitude, longitude = location.get("latitude"), location.get("longitude")
    numbers = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}" if numbers else ""


def _part(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = message.get(name)
    return found if isinstance(found, dict) else {}
