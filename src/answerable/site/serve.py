"""Which processes `answerable serve` runs, and in what order."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from importlib import import_module

from answerable.site import processes
from answerable.site.database import data_directory
from answerable.site.postgres import DatabaseInUse, holder_of
from answerable.site.refusal import Refusal
from answerable.site.supervisor import Child, Supervisor


def serve(environ: Mapping[str, str], host: str, port: int) -> int:
    """Run everything until SIGTERM or SIGINT; the exit code."""
    began = time.monotonic()
    data_dir = data_directory(environ)
    own = bool(environ.get("DATABASE_URL", "").strip())
    if not own and (process := holder_of(data_dir)):
        raise DatabaseInUse.by(process, data_dir)
    if problem := processes.cannot_bind(host, port):
        raise Refusal(problem)
    database = [] if own else [Child("database", processes.database, needs_application=False)]
    children = [
        *database,
        Child("migrate", processes.migrate, after=tuple(child.name for child in database), once=True),
        Child("web", lambda ready: processes.web(ready, host, port), after=("migrate",)),
        Child("worker", processes.worker, after=("migrate",)),
        Child("mail", processes.mail, after=("migrate",)),
    ]

    place = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104
    os.environ.setdefault("ANSWERABLE_URL", f"http://{place}:{port}")  # links lead to where we listen

    def announce() -> None:
        supervisor.say(
            "answerable",
            f"ready after {time.monotonic() - began:.1f} s: http://{place}:{port} (data in {data_dir})",
        )

    supervisor = Supervisor(children, preload=_preload, on_ready=announce)
    return supervisor.run()


def _preload() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a pool of threads in each process helps nobody here
    processes.prepare()
    from django.conf import settings

    import_module("answerable.site.asgi")
    import_module(settings.ROOT_URLCONF)
    from answerable.channels.adapter import adapters
    from answerable.events.record import reactions

    adapters()  # what several children would load, each for itself
    reactions()
