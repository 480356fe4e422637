"""What a person wrote in a room, read out of an `m.room.message` event: words, quotes, files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from answerable.channels.instant.happened import Remote
from answerable.channels.instant.keeping import words

FILES = ("m.image", "m.file", "m.audio", "m.video", "m.sticker")
REPLY = re.compile(r"<mx-reply>.*?</mx-reply>", re.DOTALL)
LONGEST = 100_000
HTML = "org.matrix.custom.html"


@dataclass(frozen=True)
class Content:
    """What stands in it. `folds` are the spans of `text` that are quoted."""

    text: str
    html: str = ""
    folds: Sequence[Sequence[int]] = ()
    files: Sequence[Remote] = ()


def read(content: Mapping[str, Any], sender: str, *, is_sticker: bool = False) -> Content:
    """Of an event's content, or of the new content of an edit."""
    kind = "m.sticker" if is_sticker else str(content.get("msgtype", ""))
    body = words(content.get("body"))[:LONGEST]
    if kind in FILES:
        return _file(content, kind, body)
    if kind == "m.location":
        place = words(content.get("geo_uri"))
        return Content(_("[A place on the map: %(place)s]") % {"place": " ".join(filter(None, [body, place]))})
    if kind == "m.emote":
        return Content(f"* {sender} {body}")
    text, folds = _quoted(body)
    return Content(text, _html(content), folds)


def answered(content: Mapping[str, Any]) -> str:
    """The name of the message that it answers; in a thread, unless it answers one, of that which the thread is about
    (Client-Server API, Rich replies, Threading). Nothing where it answers none."""
    relation = _part(content, "m.relates_to")
    reply = words(_part(relation, "m.in_reply_to").get("event_id"))
    if relation.get("rel_type") == "m.thread" and (not reply or relation.get("is_falling_back") is True):
        return words(relation.get("event_id"))
    return reply


def reaction(content: Mapping[str, Any]) -> tuple[str, str]:
    """What they put below a message, and its name; nothing where that is not said."""
    relation = _part(content, "m.relates_to")
    key = words(relation.get("key")) if relation.get("rel_type") == "m.annotation" else ""
    return _("[A reaction: %(words)s]") % {"words": key[:100]} if key else "", words(relation.get("event_id"))


def asked(content: Mapping[str, Any]) -> str:
    """The question of a poll, as the specification has it (v1.7) or programs had it before (MSC3381)."""
    poll = _part(content, "m.poll") or _part(content, "org.matrix.msc3381.poll.start")
    question = _part(poll, "question")
    text = question.get("m.text")
    found = (
        next((words(one.get("body")) for one in text if isinstance(one, dict)), "") if isinstance(text, list) else ""
    )
    told = found or words(question.get("org.matrix.msc1767.text")) or words(question.get("body"))
    return _("[A poll: %(words)s]") % {"words": told[:LONGEST]}


def at(milliseconds: object) -> datetime | None:
    """A time as Matrix writes it: milliseconds since 1970."""
    if not isinstance(milliseconds, int) or not 0 <= milliseconds < 2**43:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _html(content: Mapping[str, Any]) -> str:
    """As it was sent, to be sanitised wherever it is shown; without the reply's quote, which the text folds."""
    if content.get("format") != HTML:
        return ""
    return REPLY.sub("", words(content.get("formatted_body"))[:LONGEST])


def _quoted(body: str) -> tuple[str, list[list[int]]]:
    """Older clients begin a reply with the lines it answers, each behind `> `, and an empty line (until v1.13)."""
    if not body.startswith("> <"):
        return body, []
    end = 0
    for line in body.splitlines(keepends=True):
        if not line.startswith("> "):
            break
        end += len(line)
    return body, [[0, end]] if body[end:].strip() else []


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _file(content: Mapping[str, Any], kind: str, body: str) -> Content:
    """With a `filename` the body is what was said beside it (v1.10); without, it is the name."""
    info = _part(content, "info")
    name = words(content.get("filename")) or body
    caption = body if content.get("filename") and body != name else ""
    if kind == "m.sticker":
        return Content(_("[A sticker: %(words)s]") % {"words": body})
    address = words(content.get("url"))
    if not address:
        return Content("\n".join(filter(None, [caption, _("[The encrypted file %(name)s]") % {"name": name}])))
    size = info.get("size") if isinstance(info.get("size"), int) else None
    remote = Remote(name, words(info.get("mimetype"))[:127] or "application/octet-stream", {"mxc": address}, size)
    return Content(caption, _html(content) if caption else "", files=[remote])
