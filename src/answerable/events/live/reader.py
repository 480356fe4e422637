"""What a door says of who knocks."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, Self

from answerable.events.live.hint import Hint

Headers = dict[bytes, bytes]


class Reader(Protocol):
    """Whose stream it is. Thousands are kept at once: keep them small (`__slots__`)."""

    @property
    def key(self) -> str:
        """Their session: streams are counted by it, and end with it."""

    @property
    def roots(self) -> frozenset[str] | None:
        """The roots whose hints reach them, such as `conversation-42`. None: every hint is asked about."""

    @property
    def most(self) -> int:
        """Streams that they may have open at a time, in one process."""

    @property
    def room(self) -> float:
        """Which share of the streams a process takes may be open when they are let in: those of visitors leave room
        for who works here."""

    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        """What the answer says besides, such as which site's pages may read it (CORS)."""

    def may_hear(self, hint: Hint) -> bool:
        """Whether it is for them; asked of every hint that reaches them, so it must be quick."""

    def is_ended_by(self, hint: Hint) -> bool:
        """Whether they may hear other things from now on: the browser then comes back, and is let in anew."""

    def missed(self, since: int) -> list[Hint] | None:
        """The hints after event `since`, oldest first; None where they are too many to tell. Blocking."""

    @classmethod
    def standing(cls, readers: Sequence[Self]) -> Collection[str]:
        """Keys of those whose sessions go on. Asked twice a minute of all of a kind at once. Blocking."""


Door = Callable[[Headers, str], Reader | None]
"""Headers by lower-case name, and the query string -> who it is; none: they are refused (401). Blocking."""
