"""What an update says (Bot API, Update and Message): read without asking Telegram anything."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from answerable.channels.instant.happened import Happening, Joined, Parted, Person, Remote, Said
from answerable.channels.instant.keeping import words
from answerable.channels.instant.quoting import quote

NAMELESS = {
    "photo": ("photo.jpg", "image/jpeg"),
    "voice": ("voice.ogg", "audio/ogg"),
    "video_note": ("video.mp4", "video/mp4"),
}
FILES = ("document", "video", "audio", "voice", "animation", "video_note")
PRIVATE = "private"
STARTS = re.compile(r"/start(@\w+)?( \S{1,64})?")
"""What the button says that everybody presses who has not written to the bot before (Bot Features, Deep Linking)."""
SILENT = frozenset({
    "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set",
    "connected_website", "boost_added", "passport_data", "proximity_alert_triggered", "forum_topic_created",
    "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "video_chat_started", "video_chat_ended",
    "video_chat_scheduled", "video_chat_participants_invited",
})  # fmt: skip
"""What Telegram itself says in a chat, and no person."""
Message = Mapping[str, Any]


def read(update: Mapping[str, Any], account: str) -> list[Happening]:
    """Of private chats: in groups and channels a bot of ours has nothing to say (see `gathering`)."""
    if gathering(update):
        return []
    if isinstance(message := update.get("message"), dict):
        return _message(message, account, is_edit=False)
    if isinstance(message := update.get("edited_message"), dict):
        return _message(message, account, is_edit=True)
    if isinstance(changed := update.get("my_chat_member"), dict):
        chat = str(_part(changed, "chat").get("id", ""))
        gone = _part(changed, "new_chat_member").get("status") in ("left", "kicked")
        return [Parted(chat) if gone else Joined(chat, account)]
    return []


def gathering(update: Mapping[str, Any]) -> str:
    """The group or channel that it comes from; nothing where it is a private chat, or we are in it no longer."""
    changed = _part(update, "my_chat_member")
    found = changed or _part(update, "message") or _part(update, "edited_message")
    chat, status = _part(found, "chat"), _part(changed, "new_chat_member").get("status")
    if chat.get("type", PRIVATE) == PRIVATE or status in ("left", "kicked"):
        return ""
    return str(chat.get("id", ""))


def name_of(chat: str, message: object) -> str:
    """A message's name: its number is one within its chat."""
    return f"{chat}/{message}"


def _message(message: Message, account: str, *, is_edit: bool) -> list[Happening]:
    chat, sender = str(_part(message, "chat").get("id", "")), _part(message, "from")
    if not chat or not sender.get("id"):
        return []
    text, files = _said(message), _files(message)
    if not text and not files:
        if SILENT & message.keys():
            return []
        text = _("[Something that can't be shown here. Ask them to write it in words.]")
    name = name_of(chat, message.get("message_id"))
    quoted = _quoted(message)
    return [
        Said(
            chat,
            _person(sender),
            name,
            quoted + text,
            folds=[[0, len(quoted)]] if quoted else (),
            files=files,
            rewords=name if is_edit else "",
            automatic=sender.get("is_bot") is True or STARTS.fullmatch(text) is not None,
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
    for kind, marks in (("text", "entities"), ("caption", "caption_entities")):
        if text := words(message.get(kind)):
            return _with_links(text, message.get(marks))
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


def _with_links(text: str, marks: object) -> str:
    """With the addresses of links, which stand beside the text. Their places count in UTF-16 (MessageEntity)."""
    coded, done = text.encode("utf-16-le"), 0
    told = []
    for mark in marks if isinstance(marks, list) else ():
        found = mark if isinstance(mark, dict) else {}
        url, start, length = words(found.get("url")), found.get("offset"), found.get("length")
        if found.get("type") != "text_link" or not url or not isinstance(start, int) or not isinstance(length, int):
            continue
        end = 2 * (start + length)
        if done < end <= len(coded):
            told += [coded[done:end].decode("utf-16-le", "replace"), f" ({url})"]
            done = end
    return "".join([*told, coded[done:].decode("utf-16-le", "replace")])


def _quoted(message: Message) -> str:
    """What it answers: the words that they chose of it, or all."""
    answered = _part(message, "reply_to_message")
    return quote(words(_part(message, "quote").get("text")) or (_said(answered) if answered else ""))


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
