"""Who listens in this process."""

import asyncio
import logging
from asyncio import Task
from collections.abc import Collection
from contextlib import suppress
from itertools import count
from weakref import WeakKeyDictionary

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from answerable.events.live.hint import RESET, Hint
from answerable.events.live.reader import RECENT, Reader, still_signed_in
from answerable.events.wire import CHANNEL, conninfo

MOST_UNREAD = 500
SILENCE_SECONDS = 15
SLICES = 15
STILL_HERE = b": still here\n\n"
SESSIONS_CHECKED_EVERY_SECONDS = 30
LONGEST_RETRY_SECONDS = 10
WIRED_WITHIN_SECONDS = 5
# Events after which somebody may see other things than before: their streams begin anew.
RIGHTS_CHANGED = ("user.", "membership.", "team.", "session.")
logger = logging.getLogger(__name__)


class Listener:
    """One open stream: what is still to be sent, and a bell."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.unread: list[bytes] = []
        self.closed = False
        self._loop = asyncio.get_running_loop()
        self._bell: asyncio.Future[None] | None = None

    def tell(self, encoded: bytes) -> None:
        if len(self.unread) >= MOST_UNREAD:
            self.unread = [RESET]
        else:
            self.unread.append(encoded)
        self._ring()

    def close(self) -> None:
        self.closed = True
        self._ring()

    def bell(self) -> "asyncio.Future[None]":
        """Rings once there is something to take, or the stream is closed. A bare future: thousands of streams are told
        of one change, and an asyncio.Event costs twice as much, a timeout more than all else in here."""
        self._bell = self._loop.create_future()
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
    """The listeners of one event loop, and the LISTEN connection that feeds them all."""

    _stations: WeakKeyDictionary[asyncio.AbstractEventLoop, "Station"] = WeakKeyDictionary()

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self._tasks: list[Task[None]] = []
        self._wired = asyncio.Event()

    @classmethod
    def here(cls) -> "Station":
        return cls._stations.setdefault(asyncio.get_running_loop(), cls())

    def join(self, listener: Listener) -> None:
        self.listeners.add(listener)
        if not self._tasks:
            self._tasks = [
                asyncio.ensure_future(self._listen()),
                asyncio.ensure_future(self._watch_sessions()),
                asyncio.ensure_future(self._keep_open()),
            ]

    async def wired(self) -> None:
        """Return once hints flow, or at the latest after a few seconds: then a reset will follow."""
        if self._wired.is_set():
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wired.wait(), WIRED_WITHIN_SECONDS)

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)

    def broadcast(self, hint: Hint) -> None:
        encoded = hint.encoded()
        for listener in self.listeners:
            if listener.reader.may_hear(hint):
                listener.tell(encoded)
        if hint.verb.startswith(RIGHTS_CHANGED):
            self._begin_anew(hint)

    def _begin_anew(self, hint: Hint) -> None:
        """The browser reconnects by itself, and is let in by the rights it has then."""
        RECENT.forget()
        for listener in self.listeners:
            if hint.verb.startswith("team.") or hint.root == f"user-{listener.reader.user_id}":
                listener.close()

    async def _listen(self) -> None:
        wait, was_cut = 0.5, False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as wire:
                    await wire.execute(f"LISTEN {CHANNEL}")
                    RECENT.forget()  # rights may have changed while nobody listened
                    if was_cut:
                        for listener in self.listeners:
                            listener.tell(RESET)  # something may have been missed meanwhile
                    self._wired.set()
                    wait = 0.5
                    async for notification in wire.notifies():
                        self.broadcast(Hint.from_payload(notification.payload))
            except psycopg.OperationalError as error:
                self._wired.clear()
                was_cut = True
                logger.warning("live: no connection to the database (%s); again in %s s", error, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_RETRY_SECONDS)

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
            readers = {listener.reader.session_key: listener.reader for listener in self.listeners}
            try:
                await sync_to_async(_note_connected, thread_sensitive=False)({one.user_id for one in readers.values()})
                alive = await sync_to_async(still_signed_in, thread_sensitive=False)(list(readers.values()))
            except Exception:
                logger.exception("live: sessions could not be checked or noted")
                continue
            for listener in self.listeners:
                if listener.reader.session_key not in alive:
                    listener.close()


def _note_connected(people: Collection[int]) -> None:
    """Tell whom it concerns (`settings.CONNECTED`) that these have a page open. Blocking."""
    try:
        if people:
            import_string(settings.CONNECTED)(people)
    finally:
        close_old_connections()
