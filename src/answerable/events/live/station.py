"""Who listens in this process."""

import asyncio
import logging
from asyncio import Future, Task
from collections.abc import Callable
from contextlib import suppress
from itertools import chain, count
from weakref import WeakKeyDictionary

import psycopg

from answerable.events.live import signals
from answerable.events.live.hint import RESET, Hint
from answerable.events.live.reader import Reader
from answerable.events.live.threads import in_thread
from answerable.events.wire import CHANNEL, conninfo

MOST_STREAMS = 7_000
"""In one process, which takes some more connections than these: pages have to be served, too."""
MOST_UNREAD = 500
SILENCE_SECONDS = 15
SLICES = 15
STILL_HERE = b": still here\n\n"
SESSIONS_CHECKED_EVERY_SECONDS = 30
LONGEST_RETRY_SECONDS = 10
WIRED_WITHIN_SECONDS = 5
LOOKOUTS: list[Callable[[Hint | None], None]] = []
"""Told of each hint before it is passed on, and with None when some may have been missed. They must be quick."""
logger = logging.getLogger(__name__)


class Listener:
    """One open stream: what is still to be sent, and a bell."""

    __slots__ = ("_bell", "closed", "reader", "unread")

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.unread: list[bytes] = []
        self.closed = False
        self._bell: Future[None] | None = None

    def tell(self, encoded: bytes) -> None:
        if len(self.unread) >= MOST_UNREAD:
            self.unread = [RESET]
        else:
            self.unread.append(encoded)
        self._ring()

    def close(self) -> None:
        self.closed = True
        self._ring()

    def bell(self) -> "Future[None]":
        """Rings once there is something to take, or the stream is closed. A bare future: thousands of streams are told
        of one change, and an asyncio.Event costs twice as much, a timeout more than all else in here."""
        self._bell = asyncio.get_running_loop().create_future()
        if self.unread or self.closed:
            self._ring()
        return self._bell

    def take(self) -> bytes:
        """What has come in, all at once."""
        unread, self.unread = self.unread, []
        return unread[0] if len(unread) == 1 else b"".join(unread)

    def _ring(self) -> None:
        if self._bell is not None and not self._bell.done():
            self._bell.set_result(None)


class Station:
    """The listeners of one event loop, and the LISTEN connection that feeds them all.

    Who says at which roots they listen is found by those, so that what happens in one conversation costs nothing for
    the thousands who listen at others.
    """

    _stations: WeakKeyDictionary[asyncio.AbstractEventLoop, "Station"] = WeakKeyDictionary()

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self._everywhere: set[Listener] = set()
        self._at: dict[str, list[Listener]] = {}
        self._counts: dict[str, int] = {}
        self._tasks: list[Task[None]] = []
        self._wired = asyncio.Event()

    @classmethod
    def here(cls) -> "Station":
        return cls._stations.setdefault(asyncio.get_running_loop(), cls())

    def is_full(self, room: float = 1.0) -> bool:
        """Whether this share of what a process takes is taken."""
        return len(self.listeners) >= MOST_STREAMS * room

    def count(self, key: str) -> int:
        """Streams of one session."""
        return self._counts.get(key, 0)

    def join(self, listener: Listener) -> None:
        reader = listener.reader
        self.listeners.add(listener)
        self._counts[reader.key] = self.count(reader.key) + 1
        if reader.roots is None:
            self._everywhere.add(listener)
        for root in reader.roots or ():
            self._at.setdefault(root, []).append(listener)
        if not self._tasks:
            self._tasks = [
                asyncio.ensure_future(self._listen()),
                asyncio.ensure_future(self._watch_sessions()),
                asyncio.ensure_future(self._keep_open()),
            ]

    def leave(self, listener: Listener) -> None:
        reader = listener.reader
        self.listeners.remove(listener)
        self._counts[reader.key] -= 1
        if not self._counts[reader.key]:
            del self._counts[reader.key]
        self._everywhere.discard(listener)
        for root in reader.roots or ():
            self._at[root].remove(listener)
            if not self._at[root]:
                del self._at[root]

    async def wired(self) -> None:
        """Return once hints flow, or at the latest after a few seconds: then a reset will follow."""
        if self._wired.is_set():
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wired.wait(), WIRED_WITHIN_SECONDS)

    def broadcast(self, hint: Hint) -> None:
        for lookout in LOOKOUTS:
            lookout(hint)
        encoded = hint.encoded()
        for listener in chain(self._everywhere, self._at.get(hint.root, ())):
            if listener.reader.may_hear(hint):
                listener.tell(encoded)
            if listener.reader.is_ended_by(hint):
                listener.close()

    def _something_was_missed(self, *, of_streams: bool = True) -> None:
        for lookout in LOOKOUTS:
            lookout(None)
        for listener in self.listeners if of_streams else ():
            listener.tell(RESET)

    async def _listen(self) -> None:
        wait, was_cut = 0.5, False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as wire:
                    await wire.execute(f"LISTEN {CHANNEL}; LISTEN {signals.CHANNEL}")
                    self._something_was_missed(of_streams=was_cut)
                    self._wired.set()
                    wait = 0.5
                    async for notification in wire.notifies():
                        for line in notification.payload.splitlines():
                            self._pass_on(line)
                        if not notification.payload:
                            self._something_was_missed()
            except psycopg.OperationalError as error:
                self._wired.clear()
                was_cut = True
                logger.warning("live: no connection to the database (%s); again in %s s", error, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_RETRY_SECONDS)

    def _pass_on(self, line: str) -> None:
        """One that can't be read, as of another version of ours, must not end the listening: something was missed."""
        try:
            hint = Hint.from_payload(line)
        except (ValueError, LookupError, TypeError):
            logger.warning("live: a notification cannot be read: %.200s", line)
            self._something_was_missed()
        else:
            self.broadcast(hint)

    async def _keep_open(self) -> None:
        """Say something on every stream now and then, so that nothing between us and the reader gives it up."""
        for turn in count():
            await asyncio.sleep(SILENCE_SECONDS / SLICES)
            for place, listener in enumerate(list(self.listeners)):
                if place % SLICES == turn % SLICES and not listener.unread:
                    listener.tell(STILL_HERE)

    async def _watch_sessions(self) -> None:
        while True:
            await asyncio.sleep(SESSIONS_CHECKED_EVERY_SECONDS)
            readers: dict[type[Reader], dict[str, Reader]] = {}
            for listener in self.listeners:
                readers.setdefault(type(listener.reader), {})[listener.reader.key] = listener.reader
            for kind, known in readers.items():
                await self._end_revoked(kind, known)

    async def _end_revoked(self, kind: type[Reader], readers: dict[str, Reader]) -> None:
        try:
            standing = await in_thread(kind.standing, list(readers.values()))
        except Exception:
            logger.exception("live: sessions could not be checked")
            return
        ended = readers.keys() - standing
        for listener in self.listeners:
            if listener.reader.key in ended and isinstance(listener.reader, kind):
                listener.close()
