"""The whole site as one ASGI application: health, live streams, and Django for everything else."""

from __future__ import annotations

import os
from collections.abc import Awaitable
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")

from answerable.site import health
from answerable.site.bridge import Bridge, Message, Receive, Scope, Send
from answerable.site.wsgi import application as _wsgi  # makes Django ready, which live streams need

THREADS: Final = 8
"""Requests one process works on at a time, where some take long (crew.py); as many as its database connections
(database.POOL)."""

_django = Bridge(_wsgi, THREADS)

from answerable.events.live.application import application as _live  # noqa: E402

HARMLESS: Final = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
)
"""On whatever Django has not put its own on: streams, health checks, refusals."""


def harmless(send: Send) -> Send:
    """Adds the headers a response lacks."""

    def sending(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            given = message.get("headers", [])
            names = {name for name, _value in given}
            message["headers"] = [*given, *(header for header in HARMLESS if header[0] not in names)]
        return send(message)

    return sending


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route by path. Django never sees health checks, so they need no host name, session or thread."""
    path, send = scope.get("path", ""), harmless(send)
    if path.startswith("/live/") and scope.get("method") != "OPTIONS":  # which asks whether it may, and opens none
        await _live(scope, receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif path == "/healthz":
        await health.alive(send)
    elif path == "/readyz":
        await health.ready(send)
    else:
        await _django(scope, receive, send)
