"""Signed marks on what we send, by which an answer finds its conversation again.

Three marks, tried in this order: the Message-ID that answers name in References and In-Reply-To, the
reply address `support+c42.k3y...@example.com`, and, last, the Thread-Index, of which Outlook and Exchange keep
the beginning, also where they name no message. Each holds the conversation's number and an HMAC-SHA256 of it
(RFC 2104), cut to 50 bits or more, so that nobody can write into a conversation by counting. Base32 in lower
case, since mailers change the case of addresses.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal

from answerable.channels.email.message import ParsedMail

SHORT, LONG = 10, 16
"""Letters of a signature, 5 bits each: in what people see, and in a Message-ID."""
TAG = re.compile(rf"^c(\d{{1,18}})\.([a-z2-7]{{{SHORT}}})$", re.IGNORECASE)
IDENTIFIER = re.compile(rf"^c(\d{{1,18}})\.m(\d{{1,18}})\.([a-z2-7]{{4,32}})\.([a-z2-7]{{{LONG}}})@", re.IGNORECASE)
TICKS_FROM_1601_TO_1970 = 116_444_736_000_000_000  # of 100 nanoseconds
TIME, NUMBER, HEAD = 6, 12, 22
"""Where in a Thread-Index its time ends, the conversation's number, and what all answers keep."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads the marks. `domain` is what our Message-IDs end in; the key never leaves the server."""

    key: bytes = field(repr=False)
    domain: str

    def message_id(self, conversation: int, message: int, nonce: str | None = None) -> str:
        """`c42.m107.nonce.signature@domain`, without brackets; keep it with the message, a retry sends the same."""
        nonce = nonce or base64.b32encode(secrets.token_bytes(5)).decode().lower()
        mark = f"c{conversation}.m{message}.{nonce}"
        return f"{mark}.{self._sign('id', mark, LONG)}@{self.domain}"

    def reply_address(self, inbox: str, conversation: int) -> str:
        """`support+c42.signature@example.com`, for inboxes whose server delivers plus addresses."""
        local, _, domain = inbox.rpartition("@")
        return f"{local}+{self.tag(conversation)}@{domain}"

    def tag(self, conversation: int) -> str:
        """`c42.signature`, what stands after the plus."""
        return f"c{conversation}.{self._sign('address', str(conversation), SHORT)}"

    def thread_index(self, conversation: int, at: datetime) -> str:
        """A Thread-Index (MS-OXOMSG, 2.2.1.3) in base64: when the conversation began, and in place of a random GUID its
        number and 80 bits of a signature. Answers to it add to its end."""
        time = (int(at.timestamp() * 10_000_000) + TICKS_FROM_1601_TO_1970).to_bytes(8, "big")[:TIME]
        number = conversation.to_bytes(NUMBER - TIME, "big")
        return base64.b64encode(time + number + self._digest("index", str(conversation))[: HEAD - NUMBER]).decode()

    def read_message_id(self, identifier: str) -> tuple[int, int] | None:
        """Conversation and message of an identifier we made, or None."""
        match = IDENTIFIER.match(identifier)
        if not match:
            return None
        conversation, message, nonce, signature = match.groups()
        mark = f"c{conversation}.m{message}.{nonce.lower()}"
        return (int(conversation), int(message)) if self._holds("id", mark, signature) else None

    def read_address(self, address: str) -> int | None:
        """Conversation of a reply address we made, or None."""
        match = TAG.match(address.rpartition("@")[0].rpartition("+")[2])
        return int(match.group(1)) if match and self._holds("address", match.group(1), match.group(2)) else None

    def read_thread_index(self, index: str) -> int | None:
        """Conversation of a Thread-Index that we made, or that answers one of ours; None for any other."""
        try:
            head = base64.b64decode("".join(index.split()), validate=True)[:HEAD]
        except ValueError:
            return None
        conversation = int.from_bytes(head[TIME:NUMBER], "big")
        signature = self._digest("index", str(conversation))[: HEAD - NUMBER]
        return conversation if hmac.compare_digest(head[NUMBER:], signature) else None

    def _holds(self, purpose: str, text: str, signature: str) -> bool:
        return hmac.compare_digest(self._sign(purpose, text, len(signature)), signature.lower())

    def _sign(self, purpose: str, text: str, length: int) -> str:
        return base64.b32encode(self._digest(purpose, text)).decode().lower()[:length]

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.new(self.key, f"{purpose}:{text}".encode(), sha256).digest()


@dataclass(frozen=True, slots=True)
class Match:
    """The conversation a mail belongs to, by which mark, and whether a signature of ours proved it."""

    conversation: int
    by: Literal["reference", "address", "index"]
    signed: bool


def match_conversation(
    mail: ParsedMail,
    signer: Signer,
    find_conversation: Callable[[Sequence[str]], int | None],
    recipients: Sequence[str] = (),
) -> Match | None:
    """The conversation this mail answers, or None.

    `find_conversation` answers for identifiers of messages we know, nearest first and never empty.
    `recipients` are the envelope's; To, Cc and Delivered-To are looked at too.
    """
    identifiers = mail.thread_ids
    for identifier in identifiers:
        if ours := signer.read_message_id(identifier):
            stands_in = find_conversation([identifier])  # where the message is by now
            return Match(stands_in or ours[0], "reference", signed=True)
    if identifiers and (known := find_conversation(identifiers)) is not None:
        return Match(known, "reference", signed=False)
    for address in (*recipients, *mail.delivered_to, *(each.address for each in (*mail.to, *mail.cc))):
        if (conversation := signer.read_address(address)) is not None:
            return Match(conversation, "address", signed=True)
    if (conversation := signer.read_thread_index(mail.header("thread-index") or "")) is not None:
        return Match(conversation, "index", signed=True)
    return None


def sender_may_append(mail: ParsedMail, match: Match, participants: Collection[str]) -> bool:
    """Whether the sender may write into the conversation: one of its people, or holder of a mark we signed.

    An identifier alone, without our signature, is no secret: it was in everybody's copy.
    """
    if match.signed:
        return True
    return mail.sender is not None and mail.sender.address.lower() in {each.lower() for each in participants}
