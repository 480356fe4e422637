"""The door of the live stream for visitors: by the secret of their browser, hints of their conversations alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs

from django.utils import timezone

from answerable.channels.chat.identity import bearer
from answerable.channels.chat.models import Visitor
from answerable.channels.chat.origins import is_allowed
from answerable.channels.chat.visits import MOST_CONVERSATIONS, known_by, visits_of
from answerable.events.live.hint import Hint
from answerable.events.live.missing import of_roots
from answerable.events.live.reader import Headers

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
HERE_FOR = timedelta(seconds=50)
"""After their last sign of life. A stream that is open gives one twice a minute."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A browser with its stream open."""

    key: str
    roots: frozenset[str]
    headers: tuple[tuple[bytes, bytes], ...]

    def may_hear(self, hint: Hint) -> bool:
        return hint.root in self.roots and hint.verb in HEARD

    def is_ended_by(self, hint: Hint) -> bool:
        return False

    def missed(self, since: int) -> list[Hint] | None:
        found = of_roots(self.roots, since)
        return None if found is None else [hint for hint in found if self.may_hear(hint)]

    @classmethod
    def standing(cls, readers: "Sequence[Listening]") -> Collection[str]:
        """All of them: secrets do not end. That they are there is written down, in one statement."""
        keys = {reader.key for reader in readers}
        Visitor.objects.filter(pk__in=[int(key.rpartition("-")[2]) for key in keys]).update(seen_at=timezone.now())
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
    numbers = visits_of(known).values_list("conversation_id", flat=True)[:MOST_CONVERSATIONS]
    roots = frozenset(root for number in numbers for root in (f"conversation-{number}", f"presence-{number}"))
    allowed = ((b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")) if origin else ()
    return Listening(f"visitor-{known.visitor.pk}", roots, allowed)
