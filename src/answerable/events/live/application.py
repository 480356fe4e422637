"""The stream itself: plain ASGI, so that an open one holds no worker thread."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async

from answerable.events.live.hint import RESET
from answerable.events.live.reader import Reader, missed_by, reader_of
from answerable.events.live.station import Listener, Station

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """GET /live/events, for members of staff; `Last-Event-ID` (or `?since=`) catches up from that event."""
    if scope["type"] != "http":
        return
    if scope["path"] != "/live/events":
        await _refuse(send, 404, b"There is nothing at this address.\n")
        return
    if scope["method"] != "GET":
        await _refuse(send, 405, b"The stream can only be read (GET).\n")
        return
    headers = {name.lower(): value for name, value in scope["headers"]}
    reader = await sync_to_async(reader_of, thread_sensitive=False)(headers.get(b"cookie", b"").decode("latin-1"))
    if reader is None:
        await _refuse(send, 401, b"Sign in first.\n")
        return
    await _stream(reader, _since(headers, scope), receive, send)


async def _stream(reader: Reader, since: int | None, receive: Receive, send: Send) -> None:
    station, listener = Station.here(), Listener(reader)
    station.join(listener)
    await station.wired()  # listen first, look back then: nothing falls between
    gone = asyncio.ensure_future(_until_gone(receive))
    gone.add_done_callback(lambda _task: listener.close())
    try:
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        words = b"retry: 1000\n\n" + await _catch_up(reader, since)
        await send({"type": "http.response.body", "body": words, "more_body": True})
        while not listener.closed:
            await listener.bell()
            if words := listener.take():
                await send({"type": "http.response.body", "body": words, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        station.leave(listener)
        gone.cancel()


async def _catch_up(reader: Reader, since: int | None) -> bytes:
    if since is None:
        return b""
    missed = await sync_to_async(missed_by, thread_sensitive=False)(reader, since)
    return RESET if missed is None else b"".join(hint.encoded() for hint in missed)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int, words: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})


def _since(headers: dict[bytes, bytes], scope: MutableMapping[str, Any]) -> int | None:
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("since", [""])[0]
    text = headers.get(b"last-event-id", b"").decode("latin-1") or asked
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
