"""What lists show of a conversation's last message."""

from collections.abc import Iterable, Sequence

from answerable.core.bidi import unturned
from answerable.desk.models import Conversation, Message
from answerable.desk.sealed import sealed


def preview_of(text: str, files: Iterable[str] = ()) -> str:
    """How a message begins, in one line, for staff: without customers' keys. One without words is told by the names of
    its files, which are the same in every reader's language."""
    return _line(text) or _line(", ".join(filter(None, files)))


def preview_of_kept(message: Message | None) -> str:
    """The same of one that is written down; empty for none. A query where it has no words."""
    if message is None:
        return ""
    return preview_of_own(message) or preview_of("", message.attachments.values_list("name", flat=True))


def show_last(conversation: Conversation, last: Message | None) -> None:
    """Have lists show how the last message begins, and whose words those are. Not written yet."""
    conversation.preview = preview_of_kept(last)
    conversation.preview_by_id = last.user_id if last else None


def preview_of_own(message: Message, files: Iterable[str] = ()) -> str:
    """The same without what it quotes and signs with; where there are no other words, of its files, or of those."""
    return preview_of(_unfolded(message.text, message.folds), files) or preview_of(message.text)


def _unfolded(text: str, folds: Sequence[Sequence[int]]) -> str:
    begins = [0, *(end for _, end in folds)]
    ends = [*(start for start, _ in folds), len(text)]
    return "".join(text[begin:end] for begin, end in zip(begins, ends, strict=True))


def _line(text: str) -> str:
    return " ".join(unturned(sealed(text[:2000])).split())[:200]
