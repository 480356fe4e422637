"""What stands in a timeline: a message with what was made of it, or something that was done, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from answerable.customers.models import Contact
from answerable.desk.models import Attachment, Delivery, Kind, Message
from answerable.desk.sealed import sealed
from answerable.events.models import Event
from answerable.people.models import User

SHORT = 280
"""Characters."""
SHORT_QUOTE = 400
"""Characters."""


@dataclass(frozen=True)
class Part:
    """A stretch of a message's text; what is quoted, and the signature, is folded."""

    text: str
    is_quoted: bool
    is_answered: bool = False
    """One of several short quotes with words under each, which say little without them."""

    @property
    def is_signature(self) -> bool:
        """What stands below two dashes, as mail programs sign (RFC 3676, section 4.3)."""
        return self.is_quoted and self.text.startswith(("-- \n", "--\n"))


def parts(text: str, folds: Any) -> list[Part]:
    """`text` cut at its quoted spans ([[from, to], ...], ascending). Spans that make no sense are not folded."""
    cut, here = [], 0
    for fold in folds:
        start, end = fold
        if not here <= start < end <= len(text):
            continue
        if text[here:start].strip():
            cut.append(Part(text[here:start].strip("\n"), False))
        cut.append(Part(text[start:end].strip("\n"), True))
        here = end
    if text[here:].strip() or not cut:
        cut.append(Part(text[here:].strip("\n"), False))
    return _answered(cut)


def _answered(cut: list[Part]) -> list[Part]:
    if len(cut) < 4:
        return cut
    found = {
        index
        for index, (part, below) in enumerate(pairwise(cut))
        if part.is_quoted and not below.is_quoted and len(part.text) <= SHORT_QUOTE and not part.is_signature
    }
    if len(found) < 2:
        return cut
    return [replace(part, is_answered=index in found) for index, part in enumerate(cut)]


def in_short(message: Message) -> str:
    """How it begins, without what it quotes."""
    own = next((part.text for part in parts(sealed(message.text), message.folds) if not part.is_quoted), message.text)
    return " ".join(own.split())[:SHORT]


@dataclass(frozen=True)
class Entry:
    """A message as the timeline shows it."""

    message: Message
    attachments: Sequence[Attachment]
    parts: Sequence[Part]
    may_undo: bool
    ways: Sequence[str] = ()
    """Addresses that it can be sent to again, where it did not arrive."""
    is_by_copy: bool = False
    """Somebody else than the customer wrote it."""
    is_reworded: bool = False
    """Its new words stand further down."""
    is_message: bool = True

    @property
    def key(self) -> str:
        return f"message-{self.message.pk}"

    @property
    def at(self) -> datetime:
        return self.message.created_at

    @property
    def author(self) -> Contact | User | None:
        """Who wrote it; None where no person did."""
        return self.message.contact or self.message.user

    @property
    def is_undone(self) -> bool:
        return self.state == Delivery.State.UNDONE

    @property
    def has_failed(self) -> bool:
        return self.state in (Delivery.State.FAILED, Delivery.State.BOUNCED)

    @property
    def is_waiting(self) -> bool:
        return self.state == Delivery.State.WAITING

    @property
    def has_html(self) -> bool:
        return bool(getattr(self.message, "has_html", False))

    @property
    def wants_html(self) -> bool:
        """Where the words alone would not do: pictures stand among them, there are none, or we have formatted them."""
        ours = self.message.kind == Kind.OUTBOUND and not self.message.automatic
        pictured = any(a.is_inline for a in self.attachments)
        return self.has_html and (ours or pictured or not self.message.text.strip())

    @property
    def is_copied(self) -> bool:
        """Whether others than the customer got it, too."""
        delivery = getattr(self.message, "delivery", None) if self.message.kind == Kind.OUTBOUND else None
        return delivery is not None and bool(delivery.copied or delivery.blind)

    @property
    def files(self) -> list[Attachment]:
        """What stands below the message: all but the pictures within it."""
        return [file for file in self.attachments if not (file.is_inline and self.has_html)]

    @property
    def arrived(self) -> datetime | None:
        """When it reached the customer, where its channel says so."""
        return self.message.delivery.arrived_at if self.state == Delivery.State.SENT else None

    @property
    def seen(self) -> datetime | None:
        """When the customer had it before their eyes, likewise."""
        return self.message.delivery.seen_at if self.state == Delivery.State.SENT else None

    @property
    def error(self) -> str:
        """Why it did not arrive, or has not left yet."""
        delivery = getattr(self.message, "delivery", None) if self.has_failed or self.is_waiting else None
        return delivery.error if delivery else ""

    @property
    def look(self) -> tuple[object, ...]:
        """All that decides how it is drawn, but for what stands in it."""
        message, author = self.message, bool(self.author)
        drawn = self.state, self.has_html, self.wants_html, bool(self.error), message.origin_id
        fate = (
            message.withdrawn_at is not None,
            message.rewords_id,
            self.is_reworded,
            bool(self.seen),
            bool(self.arrived),
            self.is_by_copy,
        )
        return message.kind, message.automatic, author, *drawn, *fate

    @cached_property
    def state(self) -> str:
        """Its delivery's; nothing where none is owed."""
        delivery = getattr(self.message, "delivery", None) if self.message.kind == Kind.OUTBOUND else None
        return delivery.state if delivery else ""


@dataclass(frozen=True)
class Happening:
    """An event in words."""

    event: Event
    icon: str
    words: str
    undo: int = 0
    """The number of what can be put back, where it can be by who reads."""
    is_message: bool = False

    @property
    def key(self) -> str:
        return f"event-{self.event.pk}"

    @property
    def at(self) -> datetime:
        return self.event.at
