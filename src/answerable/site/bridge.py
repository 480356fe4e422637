"""Django's WSGI handler behind an ASGI server: a pool of threads, one hop there and one back.

Measured against a2wsgi and Django's own ASGIHandler in docs/adr/0009: half to a quarter of their cost.
The request's body is taken in before a thread is used and the response's body is read ahead, so a slow
client occupies memory, not a thread with its database connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import re
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import IO, Any, Final, Protocol

from answerable.site.crew import Crew

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
Headers = list[tuple[bytes, bytes]]

MEGABYTE: Final = 2**20
BODY_LIMIT: Final = 100 * MEGABYTE
"""A request longer than this is refused with 413."""
BODY_IN_MEMORY: Final = MEGABYTE
BATCH: Final = 256 * 1024
"""Bytes of a response sent at once."""
READ_AHEAD: Final = 16 * MEGABYTE
"""Bytes of a response held for a slow client before its thread waits for the client."""

CHARSET: Final = re.compile(r""";\s*charset\s*(\*[^=]*)?=\s*("[^"]*"|[^;]*)""", re.IGNORECASE)
"""Left out of a request's content type: all is read as UTF-8. Django would decode by any codec Python knows, some of
which (`hex`, `utf-7`) make no text, or halves of letters."""

log = logging.getLogger("answerable.web")


class WsgiResponse(Protocol):
    """What Django's handler returns."""

    def __iter__(self) -> Any: ...
    def close(self) -> None: ...


WsgiApplication = Callable[[Environ, Callable[..., Any]], WsgiResponse]


class ClientGone(Exception):
    """The client closed the connection before the end."""


class Bridge:
    """An ASGI application (HTTP only) that answers by a WSGI one in up to `threads` threads."""

    def __init__(self, application: WsgiApplication, threads: int) -> None:
        self._application = application
        self._crew = Crew(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.ExitStack() as stack:
            try:
                body, length = await _read(scope, receive, stack)
            except ClientGone:
                return None
            if length > BODY_LIMIT:
                return await _refuse_length(send, scope["path"])
            exchange = Exchange(self._application, environ(scope, body, length))
            self._crew.submit(exchange.run)
            await exchange.deliver(scope["method"] == "HEAD", receive, send)
        return None


class Exchange:
    """One request on its way through a thread and its response on its way back."""

    def __init__(self, application: WsgiApplication, environ: Environ) -> None:
        self._application = application
        self._environ = environ
        self._loop = asyncio.get_running_loop()
        self._parts: asyncio.Queue[tuple[bytes, bool]] = asyncio.Queue()
        self._ahead = 0
        self._room = threading.Condition()
        self._gone = False
        self._status = 500
        self._headers: Headers = []

    def run(self) -> None:
        """In a thread: answer, and hand over the body batch by batch."""
        try:
            response = self._application(self._environ, self._start_response)
            try:
                batch = b"".join(self._batches(response))
            finally:
                response.close()
        except ClientGone:
            return
        except (Exception, SystemExit):  # which would end the thread and leave the client waiting
            log.exception("%s %s failed", self._environ["REQUEST_METHOD"], self._environ["PATH_INFO"])
            self._status, self._headers = 500, [(b"content-type", b"text/plain")]
            batch = b"Something went wrong."
        self._loop.call_soon_threadsafe(self._parts.put_nowait, (batch, True))

    async def deliver(self, head: bool, receive: Receive, send: Send) -> None:
        """In the event loop: send what the thread hands over."""
        part, last = await self._parts.get()
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        if last:
            return await send({"type": "http.response.body", "body": b"" if head else part})
        left = asyncio.ensure_future(_until_disconnect(receive))
        try:
            while not last and not left.done():
                if not head:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                self._make_room(len(part))
                await asyncio.sleep(0)  # a send and a get that need not wait would never let `left` be seen
                part, last = await self._parts.get()
            await send({"type": "http.response.body", "body": b"" if head else part})
        finally:
            self._make_room(READ_AHEAD, gone=True)
            left.cancel()
        return None

    def _start_response(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        self._status = int(status[:3])
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def _batches(self, response: WsgiResponse) -> Iterable[bytes]:
        """Send whole batches on; yield what remains for the end."""
        batch = bytearray()
        for chunk in response:
            batch += chunk
            if len(batch) >= BATCH:
                self._hand_over(bytes(batch))
                batch.clear()
        yield bytes(batch)

    def _hand_over(self, part: bytes) -> None:
        with self._room:
            self._room.wait_for(lambda: self._gone or self._ahead < READ_AHEAD)
            if self._gone:
                raise ClientGone
            self._ahead += len(part)
        self._loop.call_soon_threadsafe(self._parts.put_nowait, (part, False))

    def _make_room(self, size: int, *, gone: bool = False) -> None:
        with self._room:
            self._ahead -= size
            self._gone = self._gone or gone
            self._room.notify()


def environ(scope: Scope, body: IO[bytes], length: int) -> Environ:
    """The WSGI environment (PEP 3333) of an ASGI request.

    Header names with an underscore are dropped: they would pass for the same name with a hyphen, which a
    proxy in front may vouch for. So is `Proxy`, which programs take for a setting (httpoxy).
    """
    host, port = scope.get("server") or ("localhost", 0)
    made: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name or name in ("proxy", "content-length"):
            continue
        if name == "content-type":
            value = CHARSET.sub("", value)
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        if key in made:
            made[key] += ("; " if key == "HTTP_COOKIE" else ",") + value
        else:
            made[key] = value
    return made


async def _read(scope: Scope, receive: Receive, stack: contextlib.ExitStack) -> tuple[IO[bytes], int]:
    """The whole body and its length, which is more than `BODY_LIMIT` when it was given up."""
    if scope["method"] in ("GET", "HEAD"):
        return io.BytesIO(), 0
    announced = dict(scope["headers"]).get(b"content-length", b"")
    if announced.isdigit() and int(announced) > BODY_LIMIT:
        return io.BytesIO(), int(announced)
    body: IO[bytes] = io.BytesIO()
    if not announced.isdigit() or int(announced) > BODY_IN_MEMORY:
        spool = tempfile.SpooledTemporaryFile(BODY_IN_MEMORY)  # noqa: SIM115 - the stack closes it
        body = stack.enter_context(spool)
    length, more = 0, True
    while more and length <= BODY_LIMIT:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        length += len(part)
        if length > BODY_IN_MEMORY:
            await asyncio.to_thread(body.write, part)
        else:
            body.write(part)
        more = message.get("more_body", False)
    body.seek(0)
    return body, length


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse_length(send: Send, path: str) -> None:
    kind, body = b"text/plain; charset=utf-8", f"More than {BODY_LIMIT // MEGABYTE} MB.".encode()
    if path.startswith("/api/"):
        from answerable.api.problems import MEDIA_TYPE, Problem

        kind, body = MEDIA_TYPE.encode(), Problem("too-large", body.decode()).response().content
    headers = [(b"content-type", kind), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
