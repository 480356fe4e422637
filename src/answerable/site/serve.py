"""Which processes `answerable serve` runs, and in what order."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from importlib import import_module

from answerable.site import processes
from answerable.site.database import data_directory, is_ones_own
from answerable.site.postgres import DatabaseInUse, holder_of
from answerable.site.refusal import Refusal
from answerable.site.supervisor import Child, Supervisor


def serve(environ: Mapping[str, str], host: str, port: int) -> int:
    """Run everything until SIGTERM or SIGINT; the exit code."""
    began = time.monotonic()
    data_dir = data_directory(environ)
    own = is_ones_own(environ)
    if not own and (process := holder_of(data_dir)):
        raise DatabaseInUse.by(process, data_dir)
    if problem := processes.cannot_bind(host, port):
        raise Refusal(problem)
    processes.settle_keys(environ)
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

    supervisor = Supervisor(children, preload=preload, on_ready=announce)
    return supervisor.run()


def preload() -> None:
    """Load what several children need, so that they share it."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a pool of threads in each process helps nobody here
    processes.prepare()
    from django.conf import settings
    from django.shortcuts import resolve_url
    from django.template import engines

    for name in ("answerable.site.asgi", "granian.server", "holidays.groups", settings.ROOT_URLCONF):
        import_module(name)
    from answerable.channels.adapter import adapters
    from answerable.events.record import reactions

    adapters()
    reactions()
    engines.all()  # imports the tags of every app
    resolve_url(settings.LOGIN_URL)  # reads every address, and so touches every view
