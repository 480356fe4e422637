"""What lists show of a conversation's last message."""

from answerable.core.bidi import unturned
from answerable.desk.sealed import sealed


def preview_of(text: str) -> str:
    """How a message begins, in one line, for staff: without customers' keys."""
    return " ".join(unturned(sealed(text[:2000])).split())[:200]
