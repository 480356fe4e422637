"""What a rule decides, and what it may ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from answerable.channels.email.addressing import Signer
from answerable.channels.email.bounce import Bounce
from answerable.channels.email.message import ParsedMail

Outcome = Literal["opened", "appended", "bounce", "auto-reply", "loop", "spam", "duplicate", "quarantined"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one mail, with the reason in words for the ledger.

    `conversation` is the one it belongs to, also for an auto-reply or a bounce that names it; `message` our
    message that a bounce is about, when its identifier is signed. `automatic` mail was written by a machine:
    it is never acknowledged and never counts as a customer's answer. `follow_up_of` is a conversation
    the mail refers to though its sender may not write there.
    """

    outcome: Outcome
    reason: str
    conversation: int | None = None
    message: int | None = None
    automatic: bool = False
    follow_up_of: int | None = None
    bounce: Bounce | None = None
    signed: bool = False
    """A mark that we signed proves that whoever wrote it has seen our mail."""


class Context(Protocol):
    """What the rules ask of the world: the ledger's and the conversations' side of a mail's way.

    `raw` is the stored message, `recipients` the envelope's, `instance` our name in the X-Answerable-Instance
    header, `spam_threshold` the score from which X-Spam-Score means spam, or None to trust the flag alone.
    """

    @property
    def raw(self) -> bytes: ...
    @property
    def recipients(self) -> Sequence[str]: ...
    @property
    def signer(self) -> Signer: ...
    @property
    def instance(self) -> str: ...
    @property
    def spam_threshold(self) -> float | None: ...

    def is_duplicate(self, mail: ParsedMail) -> bool:
        """Whether the ledger has a message, in this inbox, with the mail's `fingerprint`, or with its sha256."""
        ...

    def find_conversation(self, message_ids: Sequence[str]) -> int | None:
        """Conversation of the first of these identifiers that belongs to a known message, in or out."""
        ...

    def stands_beside(self, conversation: int) -> int | None:
        """The conversation that this one, with a third party, stands beside; None for one with a customer."""
        ...

    def asides(self, conversation: int) -> Sequence[int]:
        """Conversations with third parties beside this one, the newest first."""
        ...

    def participants(self, conversation: int) -> Collection[str] | None:
        """Addresses of a conversation's contact and copies; None when there is no such conversation here."""
        ...
