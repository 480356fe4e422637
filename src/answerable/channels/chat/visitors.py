"""The door of the live stream for visitors: by the secret of their browser, hints of their conversations alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import ClassVar
from urllib.parse import parse_qs

from django.utils import timezone

from answerable.channels.chat.identity import bearer
from answerable.channels.chat.origins import is_allowed
from answerable.channels.chat.visits import known_by, numbers_of
from answerable.events.live.hint import Hint
from answerable.events.live.missing import of_roots
from answerable.events.live.reader import Headers
from answerable.events.prepared import ask

HEARD = frozenset(
    {
        "message.received",
        "message.sent",
        "conversation.assigned",
        "conversation.taken",
        "conversation.solved",
        "conversation.closed",
        "conversation.reopened",
        "conversation.status_changed",
        "presence.changed",
    }
)
"""That somebody of ours writes a note, or does anything else, is not theirs to know."""
AT_ONCE = 250
# Whoever is held just now gives a sign of life by what they do.
HERE = """
WITH free AS (SELECT id FROM chat_visitor WHERE id = ANY(%s) FOR NO KEY UPDATE SKIP LOCKED)
UPDATE chat_visitor SET seen_at = %s FROM free WHERE chat_visitor.id = free.id
"""
HERE_FOR = timedelta(seconds=50)
"""After their last sign of life. A stream that is open gives one twice a minute."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A browser with its stream open."""

    key: str
    roots: frozenset[str]
    headers: tuple[tuple[bytes, bytes], ...]

    most: ClassVar[int] = 3
    room: ClassVar[float] = 0.9

    def may_hear(self, hint: Hint) -> bool:
        return hint.root in self.roots and hint.verb in HEARD

    def is_ended_by(self, hint: Hint) -> bool:
        return False

    def missed(self, since: int) -> list[Hint] | None:
        found = of_roots(self.roots, since)
        return None if found is None else [hint for hint in found if self.may_hear(hint)]

    @classmethod
    def standing(cls, readers: "Sequence[Listening]") -> Collection[str]:
        """All of them: secrets do not end. That they are there is written down, some hundred in a statement, so that
        nobody who writes meanwhile waits for it."""
        keys = {reader.key for reader in readers}
        now, numbers = timezone.now(), sorted(int(key.rpartition("-")[2]) for key in keys)
        for start in range(0, len(numbers), AT_ONCE):
            ask(HERE, [numbers[start : start + AT_ONCE], now])
        return keys


def reader_of(headers: Headers, query: str) -> Listening | None:
    """Whose secret stands in the Authorization header, of the chat that `?key=` names; none where there is no such
    visitor, or the page is none that may have this chat. Two queries."""
    secret = bearer(headers.get(b"authorization", b"").decode("latin-1"))
    key = parse_qs(query).get("key", [""])[0]
    known = known_by(key, secret) if secret and key.isalnum() else None
    if known is None:
        return None
    origin = headers.get(b"origin", b"").decode("latin-1")
    if origin and not is_allowed(known.visitor.widget, origin):
        return None
    roots = frozenset(f"{noun}-{number}" for number in numbers_of(known) for noun in ("conversation", "presence"))
    return Listening(f"visitor-{known.visitor.pk}", roots, _allowing(origin))


@lru_cache(maxsize=256)
def _allowing(origin: str) -> tuple[tuple[bytes, bytes], ...]:
    """One for all who come from there."""
    if not origin:
        return ()
    again = (b"access-control-expose-headers", b"retry-after")
    return (b"access-control-allow-origin", origin.encode("latin-1")), again, (b"vary", b"origin")
