"""What each process does, whether `answerable serve` runs it or a person does: `answerable web`, and so on.

Each takes `ready`, to be called once it does its work, and answers its exit code.
"""

from __future__ import annotations

import errno
import gc
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from answerable.site.database import data_directory
from answerable.site.log import say
from answerable.site.orphans import die_with
from answerable.site.postgres import DatabaseError, EmbeddedPostgres
from answerable.site.secrets import WAITING

Ready = Callable[[], None]

CANNOT: Final = 78
"""Exit code (EX_CONFIG of sysexits.h): it would fail again, so nobody should try."""

WORKERS: Final = 2
BACKLOG: Final = 8192
"""Connections that wait for a worker to accept them; live streams of a whole company reconnect at once."""
COLLECTED_AFTER: Final = (5_000, 10, 5)
"""Of what a page or a mail makes nearly all ends with it, without a cycle: looking through it every 700 objects found
nothing. Every 250,000 all of it is looked through; much rarer, and what was left took 6 % more memory."""
DATABASE_WITHIN_SECONDS: Final = 5.0
WEB_STOPS_WITHIN_SECONDS: Final = 3
PORT_WITHIN_SECONDS: Final = 5.0
"""The workers of a web process that was killed hold the port for a moment longer than it lived."""


def database(ready: Ready) -> int:
    """The embedded PostgreSQL, until SIGTERM."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        server = EmbeddedPostgres(data_directory(os.environ))
        server.start(said=sys.stderr.fileno(), progress=say)
    except DatabaseError as error:
        say(str(error))
        return CANNOT
    try:
        ready()
        code = server.wait()
        say(f"PostgreSQL ended with exit code {code}")
        return 1
    finally:
        server.stop()


def migrate(ready: Ready) -> int:
    """Bring the database to this version."""
    prepare()
    from answerable.site import schema

    _wait_for_database()
    schema.bring_up_to_date()
    _say_how_to_set_up()
    ready()
    return 0


def _say_how_to_set_up() -> None:
    """While there is no company: the link by which people at other machines may make one."""
    from django.conf import settings

    from answerable.people.models import Company
    from answerable.site.welcome.gate import setup_address

    if not Company.objects.exists():
        say(f"not set up yet: open {setup_address(settings.SITE_URL, settings.DATA_DIR)}")


def web(ready: Ready, host: str, port: int) -> int:
    """Pages and live streams on one port, by Granian with two worker processes."""
    if problem := _still_cannot_bind(host, port):
        say(problem)
        return CANNOT
    prepare()
    import multiprocessing

    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    import answerable.site.asgi  # noqa: F401 - once, before the workers are forked

    multiprocessing.set_start_method("fork", force=True)
    _allow_open_files()
    gc.freeze()  # what is loaded stays: the workers neither look through it again nor copy its pages
    main = os.getpid()

    def load(_target: str) -> Any:
        die_with(main)
        gc.set_threshold(*COLLECTED_AFTER)
        from answerable.events.wire import something_was_missed
        from answerable.site.asgi import application

        threading.Thread(target=something_was_missed, daemon=True).start()
        ready()
        return application

    server = Server(
        "answerable.site.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,  # a proxy in front speaks it, too; and of both, each connection costs more memory
        websockets=False,
        workers=WORKERS,
        backlog=BACKLOG,
        backpressure=BACKLOG,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=WEB_STOPS_WITHIN_SECONDS,
    )
    server.serve(target_loader=load)
    return 0


def _allow_open_files() -> None:
    """As many as the system lets us have: each live stream is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def worker(ready: Ready) -> int:
    """Reactions, clocks, outgoing mail: what `loops.of_worker` lists."""
    prepare()
    from answerable.site import loops

    return _work("worker", ready, loops.of_worker)


def mail(ready: Ready) -> int:
    """The ways mail comes in: what `loops.of_mail` lists."""
    prepare()
    from answerable.site import loops

    return _work("mail", ready, loops.of_mail)


def alone(work: Callable[[Ready], int]) -> int:
    """Run one process for a person rather than the supervisor; the exit code, 1 for any failure."""
    return 1 if work(lambda: None) else 0


def alone_on_this_version(work: Callable[[Ready], int]) -> int:
    """Likewise, one that writes to the database: not to one of a later version. While it is away nobody knows.

    :raises LaterVersion: another machine has brought it to one.
    """
    prepare()
    import psycopg

    from answerable.site import schema

    try:
        schema.refuse_a_later_one()
    except psycopg.OperationalError as error:
        say(f"the database does not answer: {str(error).strip()}")
    return alone(work)


def prepare(environ: Mapping[str, str] = os.environ) -> None:
    """Make Django ready. Quick when the supervisor did it before it forked us."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        settle_keys(environ)
        django.setup()


def settle_keys(environ: Mapping[str, str]) -> None:
    """Before the server's keys are read: see whether a restore was killed that had begun to change them."""
    if (data_directory(environ) / WAITING).exists():
        from answerable.site import keys

        keys.settle_keys(environ)


def _wait_for_database() -> None:
    """A server of one's own may start after us; its own words, not a pool's, when it does not."""
    import psycopg

    from answerable.events.wire import conninfo

    until = time.monotonic() + DATABASE_WITHIN_SECONDS
    while True:
        try:
            return psycopg.connect(conninfo()).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
        time.sleep(0.5)


def _work(name: str, ready: Ready, listed: Callable[[], Any]) -> int:
    from answerable.site.worker import run

    gc.set_threshold(*COLLECTED_AFTER)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ready()
    run(name, listed(), stop)
    return 0


def _still_cannot_bind(host: str, port: int) -> str | None:
    until = time.monotonic() + PORT_WITHIN_SECONDS
    while (problem := cannot_bind(host, port)) and time.monotonic() < until:
        time.sleep(0.05)
    return problem


def cannot_bind(host: str, port: int) -> str | None:
    """Why the address cannot be had. Granian shares ports (SO_REUSEPORT) and would not notice."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
            attempt.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} on {host} is taken. Choose another by --port or ANSWERABLE_PORT."
        return f"Cannot listen on {host} port {port}: {error.strerror}."
    return None
