"""`/healthz`: this process answers. `/readyz`: the whole installation works.

Each worker and mail process keeps one connection for notifications and says something on it every few
seconds, only while each of its loops gets through its work (worker.Pulse). PostgreSQL remembers when that was
(`pg_stat_activity`), so a process that hangs or dies is noticed without a table to write and to clean.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from typing import Final

from answerable.site.bridge import Send

EXPECTED: Final = ("worker", "mail")
STALE_AFTER_SECONDS: Final = 30
TIMEOUT_SECONDS: Final = 5.0
LEAST_FREE_BYTES: Final = 64 * 2**20
"""In the data directory. With less PostgreSQL may not find room for what comes next, and mail is put off."""

_seen_migrated = threading.Event()


def application_name(process: str) -> str:
    """How a process calls its notification connection in `pg_stat_activity`."""
    return f"answerable {process}"


async def alive(send: Send) -> None:
    """200, whatever the database does."""
    await _answer(send, 200, {"status": "ok"})


async def ready(send: Send) -> None:
    """200 when every part is `ok`, else 503; the body says which is not."""
    try:
        parts = await asyncio.wait_for(asyncio.to_thread(readiness), TIMEOUT_SECONDS)
    except TimeoutError:
        parts = {"database": "does not answer"}
    good = all(state == "ok" for state in parts.values())
    await _answer(send, 200 if good else 503, {"status": "ok" if good else "unready", **parts})


def readiness() -> dict[str, str]:
    """Each part of the installation and its state, `ok` or what is wrong."""
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT application_name, min(extract(epoch FROM clock_timestamp() - state_change))"
                " FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
            )
            seconds = dict(cursor.fetchall())
        migrations = "ok" if _migrated() else "not applied"
    except DatabaseError:
        return {"database": "does not answer"}
    finally:
        connection.close()
    return {"database": "ok", "migrations": migrations, "disk": _room()} | {
        process: _freshness(seconds.get(application_name(process))) for process in EXPECTED
    }


def _room() -> str:
    from django.conf import settings

    free = shutil.disk_usage(settings.DATA_DIR).free
    return "ok" if free >= LEAST_FREE_BYTES else f"{free // 2**20} MB free in {settings.DATA_DIR}"


def _freshness(seconds: float | None) -> str:
    if seconds is None:
        return "not running"
    return "ok" if seconds < STALE_AFTER_SECONDS else f"not well for {seconds:.0f} s"


def _migrated() -> bool:
    """Whether every migration of this version is applied; asked until it is true once."""
    if not _seen_migrated.is_set():
        from django.db import connection
        from django.db.migrations.recorder import MigrationRecorder

        from answerable.site import schema

        if schema.migrations() <= MigrationRecorder(connection).applied_migrations().keys():
            _seen_migrated.set()
    return _seen_migrated.is_set()


async def _answer(send: Send, status: int, body: dict[str, str]) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
