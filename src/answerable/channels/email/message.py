"""What a mail says, read out of its bytes: the words every other module of this channel uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from answerable.channels.email.attachments import Attachment
from answerable.channels.email.mailboxes import Address
from answerable.channels.email.words import decode_header

Carrier = Literal["form", "list", "colleague"]
"""What brings a mail in its author's name, or who."""


class Unparseable(ValueError):
    """No mail can be read out of these bytes. The text says why, for the administrator who looks."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """What a mail's headers tell about being written by a machine. Facts only; `autoreply` judges."""

    auto_submitted: str = ""
    """RFC 3834, 5: the keyword in lower case, `no` and an absent header both give the empty string."""
    precedence: str = ""
    autoreply_headers: tuple[str, ...] = ()
    """Names of the headers present by which mailers without RFC 3834 mark an answer."""
    suppress: str = ""
    """X-Auto-Response-Suppress, lower case: the sender asks for no automatic answer."""
    empty_return_path: bool = False
    list_headers: tuple[str, ...] = ()
    list_id: str = ""
    report_type: str = ""
    """Of a multipart/report: delivery-status, disposition-notification, feedback-report...; `unknown`
    when it is a report that doesn't say of what."""
    spam_flag: bool = False
    spam_score: float | None = None

    def without_list(self) -> "Automatic":
        """The same, of a mail that a list has only passed on."""
        precedence = "" if self.precedence == "list" else self.precedence
        return replace(self, list_headers=(), list_id="", precedence=precedence)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail read. Every text can be stored by PostgreSQL: no NUL, no lone surrogate.

    `text` is the best plain text there is, with format=flowed unfolded, or made of the HTML. `html` is
    raw and dangerous: only `sanitise` may show it. Times are UTC. `defects` are words for people.
    """

    sha256: str
    """Of all bytes, in hexadecimal."""
    fingerprint: str
    """Equal for two deliveries of one message, whose trace headers differ: SHA-256, in hexadecimal, over
    Message-ID, From, Date, Subject and all that follows the headers."""
    size: int
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    subject: str = ""
    sender: Address | None = None
    """The first address of From."""
    author: Address | None = None
    """Who wrote it, where a form, a mailing list or a colleague sent it: see `authors` and `forwards`. Nothing vouches
    for that."""
    carried_by: Carrier | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Addresses it may have been delivered to, out of Delivered-To, X-Original-To and their like."""
    return_path: str | None = None
    """The envelope's sender as the last server wrote it; the empty string for `<>`, None when not written."""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    inline_images: Mapping[str, Attachment] = field(default_factory=dict)
    """By Content-ID without brackets. They stand in `attachments` too."""
    attachments: tuple[Attachment, ...] = ()
    calendars: tuple[str, ...] = ()
    automatic: Automatic = Automatic()
    defects: tuple[str, ...] = ()
    headers: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    """All headers of the message, top first: lower-case name and raw unfolded value."""

    @property
    def writer(self) -> Address | None:
        """Whom we take for its author, and answer: the one behind what sent it, else the sender."""
        return self.author or self.sender

    def header(self, name: str) -> str | None:
        """The first header called `name`, decoded."""
        return next(iter(self.header_all(name)), None)

    def header_all(self, name: str) -> list[str]:
        """All headers called `name`, decoded, top first."""
        wanted = name.lower()
        return [decode_header(value) for key, value in self.headers if key == wanted]

    @property
    def thread_ids(self) -> tuple[str, ...]:
        """Identifiers this mail says it follows, nearest first: In-Reply-To, then References backwards."""
        return tuple(dict.fromkeys((*self.in_reply_to, *reversed(self.references))))
