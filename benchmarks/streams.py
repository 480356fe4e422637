"""Thousands of open live streams, in the load clients' process: each counts what it hears and when."""

from __future__ import annotations

import asyncio
import resource
import threading
import time
from collections import defaultdict
from collections.abc import Sequence

from benchmarks.client import Wrong

AT_ONCE = 200
"""Connections being opened at a time."""
OPEN_WITHIN_SECONDS = 180
_open: list[Streams] = []


class Stream(asyncio.Protocol):
    """One connection. The part of an event that has not all come yet waits for its rest."""

    def __init__(self, streams: Streams, cookie: str) -> None:
        self.streams, self.cookie = streams, cookie
        self.opened: asyncio.Future[None] = streams.loop.create_future()
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(f"GET /live/events HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if not self.opened.done():
            self.rest += data
            if b"retry: " in self.rest:
                self.opened.set_result(None)
            elif b"HTTP/1.1 200" not in self.rest[:12] and b"\r\n\r\n" in self.rest:
                self.opened.set_exception(Wrong(f"a stream was refused: {self.rest[:100]!r}"))
            return
        *events, self.rest = (self.rest + data).split(b"\n\n")
        for event in events:
            at = event.find(b"id: ")
            if at >= 0:
                self.streams.heard[int(event[at + 4 : event.index(b"\n", at)])].append(now)

    def connection_lost(self, error: Exception | None) -> None:
        self.streams.lost += 1
        if not self.opened.done():
            self.opened.set_exception(Wrong("a stream was closed before it began"))


class Streams:
    """Streams of one event loop in a thread of its own. `heard`: event -> when each stream was told."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.heard: defaultdict[int, list[float]] = defaultdict(list)
        self.lost = 0
        self._streams: list[Stream] = []
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def connect(self, port: int, cookies: Sequence[str], count: int) -> None:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(cookie: str) -> None:
            async with places:
                stream = Stream(self, cookie)
                await self.loop.create_connection(lambda: stream, "127.0.0.1", port)
                await stream.opened
                self._streams.append(stream)

        await asyncio.gather(*(one(cookies[number % len(cookies)]) for number in range(count)))

    async def close(self) -> None:
        """Cut every stream, and wait until each one's socket is closed."""
        for stream in self._streams:
            stream.transport.abort()
        while self.lost < len(self._streams):
            await asyncio.sleep(0.01)


def allow_open_files() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def connect(port: int, people: Sequence[dict[str, str]], count: int) -> float:
    """Open so many streams; seconds until every one has begun."""
    allow_open_files()
    streams = Streams()
    _open.append(streams)
    began = time.perf_counter()
    cookies = [f"sessionid={person['sessionid']}" for person in people]
    asyncio.run_coroutine_threadsafe(streams.connect(port, cookies, count), streams.loop).result(OPEN_WITHIN_SECONDS)
    return time.perf_counter() - began


def heard(events: Sequence[int]) -> dict[int, list[float]]:
    """When (time.perf_counter, one clock for the machine) each stream was told of these, so far."""
    if _open[-1].lost:
        raise Wrong(f"{_open[-1].lost} streams were cut")
    return {event: list(_open[-1].heard.get(event, [])) for event in events}


def counted(events: Sequence[int]) -> int:
    """How many times streams were told of these, so far."""
    return sum(len(_open[-1].heard.get(event, [])) for event in events)


def disconnect() -> None:
    streams = _open.pop()
    asyncio.run_coroutine_threadsafe(streams.close(), streams.loop).result(OPEN_WITHIN_SECONDS)
    streams.loop.call_soon_threadsafe(streams.loop.stop)
