"""The mail listener: takes messages in by SMTP or LMTP, and says yes only once they are kept.

It is no relay: it takes mail for our inboxes' addresses (plus-addresses included) and refuses all other at RCPT.
Messages that come at the same moment on several connections are kept by one statement.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)

from answerable.channels.email.data import Blockwise, BlockwiseLMTP
from answerable.channels.email.ledger import WAKES
from answerable.channels.email.mailboxes import spellings
from answerable.channels.email.models import Arrival
from answerable.desk.models import Inbox
from answerable.events.inserting import copy_all
from answerable.events.wire import notify

LARGEST_MESSAGE = 50 * 1024 * 1024  # bytes
MOST_RECIPIENTS = 100
MOST_TOGETHER = 32
SILENCE_SECONDS = 120
ADDRESSES_LAST_SECONDS = 5.0
IDLE_SECONDS = 1.0
"""After which a connection to the database is asked whether it still works before it is used."""
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


@dataclass
class Addressees:
    """The addresses that are ours, remembered for a few seconds; a new one is known at once."""

    known: frozenset[str] = frozenset()
    read_at: float = -ADDRESSES_LAST_SECONDS

    async def include(self, address: str) -> bool:
        """Is this the address of an inbox, as it is or with a +token?"""
        wanted = spellings(address)
        if time.monotonic() - self.read_at > ADDRESSES_LAST_SECONDS or self.known.isdisjoint(wanted):
            self.known = await asyncio.to_thread(_addresses)
            self.read_at = time.monotonic()
        return not self.known.isdisjoint(wanted)


@dataclass
class Keeper:
    """Writes down whatever is waiting, all of it at once; who comes meanwhile waits for the next round."""

    waiting: asyncio.Queue[tuple[Arrival, asyncio.Future[int]]] = field(default_factory=asyncio.Queue)
    pen: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "keeper"))
    written_at: float = -IDLE_SECONDS

    async def keep(self, arrival: Arrival) -> int:
        """Its number in the ledger, once it is there. DatabaseError when it could not be kept."""
        kept: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.waiting.put_nowait((arrival, kept))
        return await kept

    async def run(self) -> None:
        while True:
            together = [await self.waiting.get()]
            while len(together) < MOST_TOGETHER and not self.waiting.empty():
                together.append(self.waiting.get_nowait())
            if not await self._keep_all(together) and len(together) > 1:
                for one in together:  # one of them may be at fault, and the others must not suffer for it
                    await self._keep_all([one])

    async def _keep_all(self, together: Sequence[tuple[Arrival, asyncio.Future[int]]]) -> bool:
        """Whether they were kept. One that could not be, alone, hears why."""
        try:
            arrivals = [arrival for arrival, _future in together]
            await asyncio.get_running_loop().run_in_executor(self.pen, self._write, arrivals)
        except Exception as error:  # whatever it is: this task keeps all that comes, so it goes on; who sent it hears
            for _arrival, future in together if len(together) == 1 else []:
                if not future.done():
                    future.set_exception(error)
            return False
        for arrival, future in together:
            if not future.done():  # its connection may have broken off meanwhile
                future.set_result(arrival.pk)
        return True

    def _write(self, arrivals: Sequence[Arrival]) -> None:
        """In the one thread that writes: it keeps its connection while mail is coming, and then gives it back."""
        if time.monotonic() - self.written_at > IDLE_SECONDS:
            close_old_connections()
        try:
            copy_all(arrivals)
            notify(WAKES)
        except DatabaseError:
            connection.close()
            raise
        self.written_at = time.monotonic()

    async def close(self) -> None:
        """Once what is being written is written."""
        await asyncio.get_running_loop().run_in_executor(self.pen, connections.close_all)
        self.pen.shutdown()


class Doorkeeper:
    """What aiosmtpd calls at each step of a delivery."""

    def __init__(self, door: Door, addressees: Addressees, keeper: Keeper) -> None:
        self.door = door
        self.addressees = addressees
        self.keeper = keeper

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 That is too many recipients for one message."
        try:
            known = await self.addressees.include(address)
        except DatabaseError as error:
            _report("the inboxes could not be read", error)
            return TRY_AGAIN
        if not known:
            return "550 5.1.1 There is no such address here."
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message, then say so. LMTP wants an answer for each recipient (RFC 2033, section 4.2)."""
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        arrival = new_arrival(
            raw,
            door=self.door.name,
            envelope_from=envelope.mail_from or "",
            envelope_to=envelope.rcpt_tos,
            peer=f"{session.peer[0] if session.peer else ''} ({session.host_name or ''})",
        )
        try:
            answer = f"250 2.0.0 Kept as {await self.keeper.keep(arrival)}"
        except Exception as error:  # whatever it is: the sender must not take it for a refusal of the message
            _report("a message could not be kept, and its sender is to come back", error)
            answer = TRY_AGAIN
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.door.lmtp else answer


def _report(words: str, error: Exception) -> None:
    """A database that is away, or a full disk, is a line, since mail goes on coming; else it is a fault of ours."""
    if isinstance(error, OperationalError | InterfaceError):
        logger.error("%s: %s", words, str(error).strip().partition("\n")[0])
    else:
        logger.error("%s", words, exc_info=error)


def _addresses() -> frozenset[str]:
    try:
        return frozenset(Inbox.objects.filter(retired_at=None).values_list("address", flat=True))
    finally:
        close_old_connections()


def is_ours(address: str) -> bool:
    """Is this the address of an inbox in use, as it is or with a +token?"""
    return Inbox.objects.filter(address__in=spellings(address), retired_at=None).exists()


def new_arrival(
    raw: bytes,
    *,
    door: str,
    envelope_from: str,
    envelope_to: Sequence[str],
    peer: str = "",
    name_at_door: str | None = None,
) -> Arrival:
    """The ledger's row for a message, not saved yet."""
    return Arrival(
        door=door,
        raw=raw,
        envelope_from=_kept(envelope_from)[:320],
        envelope_to=[_kept(address)[:320] for address in envelope_to],
        peer=_kept(peer)[:300],
        name_at_door=name_at_door,
    )


def _kept(text: str) -> str:
    """As PostgreSQL can keep it: bytes that were no UTF-8 (they come as lone surrogates) are shown as such."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\x00", "")


def keep(raw: bytes, *, door: str, envelope_from: str, envelope_to: Sequence[str], peer: str = "") -> int:
    """Write one message down, raw, and answer its number in the ledger. What it means is decided afterwards."""
    arrival = new_arrival(raw, door=door, envelope_from=envelope_from, envelope_to=envelope_to, peer=peer)
    arrival.save(force_insert=True)
    notify(WAKES)
    return arrival.pk


def listen(doors: Iterable[Door], stop: threading.Event) -> None:
    """Stand at these doors until `stop` is set; then let whoever is inside finish, for a moment."""
    asyncio.run(_listen(list(doors), stop))


async def _listen(doors: Sequence[Door], stop: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    addressees, keeper = Addressees(), Keeper()
    writing = asyncio.create_task(keeper.run())
    servers = [
        await loop.create_server(_protocol(Doorkeeper(door, addressees, keeper)), door.host, door.port)
        for door in doors
    ]
    for door, server in zip(doors, servers, strict=True):
        logger.info("%s on %s:%s", door.name.upper(), *server.sockets[0].getsockname()[:2])
    await asyncio.to_thread(stop.wait)
    for server in servers:
        server.close()
    writing.cancel()
    await keeper.close()


def _protocol(doorkeeper: Doorkeeper) -> Any:
    speaks = BlockwiseLMTP if doorkeeper.door.lmtp else Blockwise
    return lambda: speaks(
        doorkeeper,
        data_size_limit=LARGEST_MESSAGE,
        enable_SMTPUTF8=True,
        ident="Answerable",
        timeout=SILENCE_SECONDS,
    )
