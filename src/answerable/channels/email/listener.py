"""The mail listener: takes messages in by SMTP or LMTP, and says yes only once they are kept.

It is no relay: it takes mail for our inboxes' addresses (plus-addresses included) and refuses all other at RCPT.
"""

import asyncio
import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from answerable.channels.email.models import Arrival
from answerable.desk.models import Inbox

LARGEST_MESSAGE = 50 * 1024 * 1024  # bytes
MOST_RECIPIENTS = 100
SILENCE_SECONDS = 120
TRY_AGAIN = "451 4.3.0 We could not keep your message just now. Please try again."
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Door:
    """Where the listener listens, and which of the two protocols it speaks there."""

    host: str
    port: int
    lmtp: bool = False

    @property
    def name(self) -> Arrival.Door:
        return Arrival.Door.LMTP if self.lmtp else Arrival.Door.SMTP


class Doorkeeper:
    """What aiosmtpd calls at each step of a delivery."""

    def __init__(self, door: Door) -> None:
        self.door = door

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 That is too many recipients for one message."
        try:
            known = await sync_to_async(is_ours, thread_sensitive=False)(address)
        except DatabaseError:
            logger.exception("the inboxes could not be read")
            return TRY_AGAIN
        if not known:
            return "550 5.1.1 There is no such address here."
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message, then say so. LMTP wants an answer for each recipient (RFC 2033, section 4.2)."""
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        try:
            number = await sync_to_async(keep, thread_sensitive=False)(
                raw,
                door=self.door.name,
                envelope_from=envelope.mail_from or "",
                envelope_to=envelope.rcpt_tos,
                peer=f"{session.peer[0] if session.peer else ''} ({session.host_name or ''})",
            )
        except DatabaseError:
            logger.exception("a message could not be kept")
            answer = TRY_AGAIN
        else:
            answer = f"250 2.0.0 Kept as {number}"
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.door.lmtp else answer


def is_ours(address: str) -> bool:
    """Is this the address of an inbox, as it is or with a +token?"""
    try:
        return Inbox.objects.filter(address__in=spellings(address), retired_at=None).exists()
    finally:
        close_old_connections()


def spellings(address: str) -> list[str]:
    """The address in lower case, and without what follows a plus sign."""
    local, at, domain = address.strip().lower().rpartition("@")
    return [f"{local}{at}{domain}", f"{local.partition('+')[0]}{at}{domain}"]


def keep(
    raw: bytes,
    *,
    door: str,
    envelope_from: str,
    envelope_to: Sequence[str],
    peer: str = "",
    name_at_door: str | None = None,
) -> int:
    """Write the message down, raw, and answer its number in the ledger. What it means is decided afterwards."""
    try:
        arrival = Arrival.objects.create(
            door=door,
            raw=raw,
            envelope_from=envelope_from[:320],
            envelope_to=[address[:320] for address in envelope_to],
            peer=peer.replace("\x00", "")[:300],
            name_at_door=name_at_door,
        )
        return arrival.pk
    finally:
        close_old_connections()


def listen(doors: Iterable[Door], stop: threading.Event) -> None:
    """Stand at these doors until `stop` is set; then let whoever is inside finish, for a moment."""
    asyncio.run(_listen(list(doors), stop))


async def _listen(doors: Sequence[Door], stop: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(_protocol(door), door.host, door.port) for door in doors]
    for door, server in zip(doors, servers, strict=True):
        logger.info("%s on %s:%s", door.name.upper(), *server.sockets[0].getsockname()[:2])
    await asyncio.to_thread(stop.wait)
    for server in servers:
        server.close()


def _protocol(door: Door) -> Any:
    speaks = LMTP if door.lmtp else SMTP
    return lambda: speaks(
        Doorkeeper(door),
        data_size_limit=LARGEST_MESSAGE,
        enable_SMTPUTF8=True,
        ident="Answerable",
        timeout=SILENCE_SECONDS,
    )
