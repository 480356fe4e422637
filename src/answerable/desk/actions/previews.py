"""What lists show of a conversation's last message."""

from collections.abc import Iterable

from answerable.core.bidi import unturned
from answerable.desk.models import Message
from answerable.desk.sealed import sealed


def preview_of(text: str, files: Iterable[str] = ()) -> str:
    """How a message begins, in one line, for staff: without customers' keys. One without words is told by the names of
    its files, which are the same in every reader's language."""
    return _line(text) or _line(", ".join(filter(None, files)))


def preview_of_kept(message: Message | None) -> str:
    """The same of one that is written down; empty for none. A query where it has no words."""
    if message is None:
        return ""
    return preview_of(message.text) or preview_of("", message.attachments.values_list("name", flat=True))


def _line(text: str) -> str:
    return " ".join(unturned(sealed(text[:2000])).split())[:200]
