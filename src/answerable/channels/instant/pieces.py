"""An answer as it leaves by a messenger: its words, cut where one message can't hold them, then each of its files."""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.conf import settings

from answerable.channels.instant.messenger import Messenger, Piece
from answerable.desk.models import Attachment, Kind, Message

KEY = re.compile(r"a([0-9]{1,18})\.([0-9]{1,4})\.([0-9a-f]{16})")
PICTURE = re.compile(r"<img\b[^>]*>")


def pieces_of(message: Message, files: Sequence[Attachment], messenger: Messenger) -> list[Piece]:
    """In their order; the same however often they are asked for. What is formatted stays so where it fits beside its
    words; its pictures leave as files."""
    texts = cut(message.text.strip(), messenger.longest_text, messenger.length)
    html = PICTURE.sub("", message.html) if messenger.takes_html and len(texts) == 1 else ""
    if messenger.length(texts[0]) + messenger.length(html) > messenger.longest_text:
        html = ""
    found = [Piece(0, "", text, html, is_automatic=message.automatic) for text in texts]
    found += [Piece(0, "", file=file, is_automatic=message.automatic) for file in files]
    return [replace(one, place=place, key=key_of(message, place)) for place, one in enumerate(found)]


def cut(text: str, longest: int, length: Callable[[str], int] = len) -> list[str]:
    """In stretches that are at most so long: between paragraphs, lines or words where there are any. `length` is at
    least one for each character."""
    found = []
    while (fits := _fitting(text, longest, length)) < len(text):
        marks = ("\n\n", "\n", " ")
        at = next((at for mark in marks if (at := text.rfind(mark, fits // 2, fits)) > 0), fits)
        found.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*found, text] if text or not found else found


def _fitting(text: str, longest: int, length: Callable[[str], int]) -> int:
    """How many characters of it are no longer than that: by halves, since it grows with each."""
    low, high = 1, min(len(text), longest)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= longest else (low, middle - 1)
    return max(1, high)


def key_of(message: Message, place: int) -> str:
    """How a piece is called when it leaves: ours to read again, and nobody's to make up."""
    return f"a{message.pk}.{place}.{_signature(message.pk, place)}"


def read_key(key: str) -> tuple[Message, int] | None:
    """Which message, and which place in it; None where the key is none of ours."""
    found = KEY.fullmatch(key)
    if found is None:
        return None
    number, place, signature = int(found[1]), int(found[2]), found[3]
    if not hmac.compare_digest(signature, _signature(number, place)):
        return None
    message = Message.objects.filter(pk=number, kind=Kind.OUTBOUND).first()
    return (message, place) if message else None


def _signature(number: int, place: int) -> str:
    told = f"messenger piece {number}.{place}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()[:16]
