"""How much one visitor may say: enough for anybody who types, and little enough for a program.

Counted on the visitor's own row, in the transaction that writes what they said; what is refused writes nothing.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from answerable.channels.chat.models import Visitor
from answerable.people.errors import Refused

WINDOW = timedelta(minutes=10)
MOST_MESSAGES = 60
MOST_BYTES = 60 * 1024 * 1024
MOST_CONVERSATIONS = 10
"""In a day, of one visitor."""


class TooMuch(Refused):
    """So many seconds until they may go on."""

    def __init__(self, words: str, retry_after: int) -> None:
        super().__init__(words)
        self.retry_after = retry_after


def check_budget(visitor: Visitor, *, size: int, now: datetime) -> None:
    """Raises TooMuch where another message of so many bytes would be too much. Reads the row only."""
    left = (visitor.window_began_at + WINDOW - now).total_seconds()
    if left <= 0:
        return
    if visitor.window_messages >= MOST_MESSAGES or visitor.window_bytes + size > MOST_BYTES:
        raise TooMuch(_("That was a lot at once. Please wait a few minutes, then go on."), max(1, int(left)))


def spend(visitor: Visitor, *, size: int, now: datetime) -> None:
    """Count it; whoever saves the row keeps it."""
    if now - visitor.window_began_at >= WINDOW:
        visitor.window_began_at, visitor.window_messages, visitor.window_bytes = now, 0, 0
    visitor.window_messages += 1
    visitor.window_bytes += size


def check_conversations(visitor: Visitor, now: datetime) -> None:
    """Raises TooMuch where they have begun enough for a day. One query."""
    if visitor.visits.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_CONVERSATIONS:
        raise TooMuch(_("You have begun many conversations today. Please go on in one of them."), 3600)
