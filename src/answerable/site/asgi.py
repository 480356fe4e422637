"""The whole site as one ASGI application: health, live streams, and Django for everything else."""

from __future__ import annotations

import os
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")

from answerable.site import health
from answerable.site.bridge import Bridge, Receive, Scope, Send
from answerable.site.wsgi import application as _wsgi  # makes Django ready, which live streams need

THREADS: Final = 8
"""Requests one process works on at a time; as many as its database connections (database.POOL)."""

_django = Bridge(_wsgi, THREADS)

from answerable.events.live.application import application as _live  # noqa: E402


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route by path. Django never sees health checks, so they need no host name, session or thread."""
    path = scope.get("path", "")
    if path.startswith("/live/"):
        await _live(scope, receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif path == "/healthz":
        await health.alive(send)
    elif path == "/readyz":
        await health.ready(send)
    else:
        await _django(scope, receive, send)
