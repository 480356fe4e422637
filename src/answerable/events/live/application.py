"""The streams themselves: plain ASGI, so that an open one holds no worker thread."""

import random
from asyncio import ensure_future
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.utils.module_loading import import_string

from answerable.events.live.hint import RESET
from answerable.events.live.reader import Door, Headers, Reader
from answerable.events.live.station import Listener, Station
from answerable.events.live.threads import in_thread

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

STREAM_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)
SOONEST_RETRY_MS, LATEST_RETRY_MS = 500, 3000  # not all at once, when a process has ended
FULL_RETRY_SECONDS, MANY_RETRY_SECONDS = 15, 60
FULL = "Too many streams are open here."


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """GET one of `settings.LIVE_DOORS`; `Last-Event-ID` (or `?since=`) catches up from that event."""
    if scope["type"] != "http":
        return None
    door = _door(scope["path"])
    if door is None:
        return await _refuse(send, 404, "There is nothing at this address.")
    if scope["method"] != "GET":
        return await _refuse(send, 405, "The stream can only be read (GET).", [(b"allow", b"GET")])
    station = Station.here()
    if station.is_full():
        return await _busy(send, 503, FULL, FULL_RETRY_SECONDS)
    headers, query = {name.lower(): value for name, value in scope["headers"]}, scope.get("query_string", b"")
    reader = await in_thread(door, headers, query.decode("latin-1"))
    if reader is None:
        return await _refuse(send, 401, "Sign in first.")
    if station.count(reader.key) >= reader.most:
        said = f"{reader.most} streams of this session are open already."
        return await _busy(send, 429, said, MANY_RETRY_SECONDS, reader.headers)
    if station.is_full(reader.room):
        return await _busy(send, 503, FULL, FULL_RETRY_SECONDS, reader.headers)
    since = _since(headers, query)
    del headers
    scope.clear()  # the server keeps it as long as the stream, and of all an idle stream needs it would be the most
    await _stream(station, reader, since, receive, send)
    return None


async def _stream(station: Station, reader: Reader, since: int | None, receive: Receive, send: Send) -> None:
    listener = Listener(reader)
    station.join(listener)
    gone = ensure_future(_until_gone(receive, listener))
    try:
        await station.wired()  # listen first, look back then: nothing falls between
        start = {"type": "http.response.start", "status": 200, "headers": [*STREAM_HEADERS, *reader.headers]}
        await send(start)
        retry = random.randint(SOONEST_RETRY_MS, LATEST_RETRY_MS)  # noqa: S311 (no secret)
        words = b"retry: %d\n\n" % retry + await _catch_up(reader, since)
        del start
        while True:
            await send({"type": "http.response.body", "body": words, "more_body": True})
            if listener.closed:
                break
            await listener.bell()
            words = listener.take()
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        station.leave(listener)
        gone.cancel()


async def _catch_up(reader: Reader, since: int | None) -> bytes:
    if since is None:
        return b""
    missed = await in_thread(reader.missed, since)
    return RESET if missed is None else b"".join(hint.encoded() for hint in missed)


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.close()


async def _busy(send: Send, status: int, text: str, seconds: int, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
    again = (b"retry-after", b"%d" % seconds)
    await _refuse(send, status, f"{text} Try again in {seconds} s.", [again, *more])


async def _refuse(send: Send, status: int, text: str, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})


def _door(path: str) -> Door | None:
    return _known(path) if path in settings.LIVE_DOORS else None


@cache
def _known(path: str) -> Door:
    door: Door = import_string(settings.LIVE_DOORS[path])
    return door


def _since(headers: Headers, query: bytes) -> int | None:
    asked = parse_qs(query.decode("latin-1")).get("since", [""])[0]
    text = headers.get(b"last-event-id", b"").decode("latin-1") or asked
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
