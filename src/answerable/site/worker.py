"""Work that nobody waits for on a page: named loops and services in the threads of one process.

A loop sleeps until PostgreSQL notifies its channel, until the time it asked for, or until its poll interval
has passed, whichever comes first; so nothing depends on a notification that got lost. What fails is logged
and tried again after a while, and holds up nobody else.
"""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from answerable.site.health import application_name
from answerable.site.refusal import is_away

BACK_OFF_SECONDS: Final = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
LONGEST_AWAY_SECONDS: Final = 5.0
"""As long it takes at most to go on when the database is back."""
PULSE_SECONDS: Final = 10.0
FAILS_AFTER: Final = 3
"""Failures in a row from which on the process is unready, until a run holds."""
HOLDS_AFTER_SECONDS: Final = 5.0
NOTICES_STOP_SECONDS: Final = 1.0

log = logging.getLogger("answerable.worker")


@dataclass(frozen=True)
class Loop:
    """`run_once` does what is due and answers in how many seconds it wants to run again; None: when called.

    `channel` is what PostgreSQL notifies when there is work; after a run it rests for `rest_seconds` before it is
    called again, so that a hundred events a second are not a hundred runs. A single run past `stuck_after_seconds`
    makes the process unready.
    """

    name: str
    run_once: Callable[[], float | None]
    channel: str | None = None
    rest_seconds: float = 0.0
    poll_seconds: float = 5.0
    stuck_after_seconds: float = 300.0


@dataclass(frozen=True)
class Service:
    """`run` works until its event is set, such as a listener on a port. Ending earlier counts as failing."""

    name: str
    run: Callable[[threading.Event], None]


@dataclass
class Pulse:
    """How the work goes: what runs since when (monotonic seconds), and how often it failed in a row."""

    running: dict[str, tuple[float, float]] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    outage: Outage = field(default_factory=lambda: Outage())

    @contextlib.contextmanager
    def during(self, name: str, stuck_after_seconds: float = math.inf) -> Iterator[None]:
        """Note that a run begins, and how it ends."""
        self.running[name] = (time.monotonic(), stuck_after_seconds)
        try:
            yield
            self.failures[name] = 0
            self.outage.is_over()
        except Exception:
            self.failures[name] = self.failures.get(name, 0) + 1
            raise
        finally:
            del self.running[name]

    def is_healthy(self) -> bool:
        """No run takes longer than it may, and nothing has failed time after time and not yet held since."""
        now = time.monotonic()
        running = dict(self.running)
        stuck = any(now - since > limit for since, limit in running.values())
        held = {name for name, (since, _) in running.items() if now - since > HOLDS_AFTER_SECONDS}
        return not stuck and all(count < FAILS_AFTER for name, count in self.failures.items() if name not in held)


class Outage:
    """The database is away: everything fails at once and again, and the log says it once, and once that it is over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began: float | None = None

    def note(self, name: str, error: Exception) -> None:
        """Whoever notices it first says so."""
        with self._lock:
            if self._began is None:
                self._began = time.monotonic()
                log.warning("%s: the database does not answer (%s)", name, str(error).strip().split("\n")[0])

    def is_over(self) -> None:
        """Something has worked."""
        if self._began is not None:
            with self._lock:
                began, self._began = self._began, None
            if began is not None:
                log.warning("the database answers again, after %.0f s", time.monotonic() - began)


def run(process: str, work: Sequence[Loop | Service], stop: threading.Event) -> None:
    """Run everything until `stop` is set, then wait for what is in hand. `process` names us in `/readyz`."""
    pulse = Pulse()
    calls = {loop.name: threading.Event() for loop in work if isinstance(loop, Loop)}
    threads = [
        threading.Thread(target=_keep_looping, args=(item, calls[item.name], stop, pulse), name=item.name)
        if isinstance(item, Loop)
        else threading.Thread(target=_keep_serving, args=(item, stop, pulse), name=item.name)
        for item in work
    ]
    listening: dict[str, list[threading.Event]] = {}
    for item in work:
        if isinstance(item, Loop) and item.channel:
            listening.setdefault(item.channel, []).append(calls[item.name])
    listener = threading.Thread(target=_listen, args=(process, listening, stop, pulse), name="listener", daemon=True)
    for thread in (listener, *threads):
        thread.start()
    stop.wait()
    for call in calls.values():
        call.set()
    for thread in threads:
        thread.join()


def _keep_looping(loop: Loop, call: threading.Event, stop: threading.Event, pulse: Pulse) -> None:
    failures = 0
    while not stop.is_set():
        call.clear()
        try:
            with pulse.during(loop.name, loop.stuck_after_seconds), _connection():
                wanted = loop.run_once()
            failures = 0
        except Exception as error:
            _report(loop.name, error, pulse.outage)
            stop.wait(_patience(failures, error))
            failures += 1
            continue
        pause = loop.poll_seconds if wanted is None else max(0.0, min(wanted, loop.poll_seconds))
        rest = time.monotonic() + min(loop.rest_seconds, pause)
        if call.wait(pause):
            stop.wait(max(0.0, rest - time.monotonic()))


def _keep_serving(service: Service, stop: threading.Event, pulse: Pulse) -> None:
    failures = 0
    while not stop.is_set():
        began, failure = time.monotonic(), None
        try:
            with pulse.during(service.name), _connection():
                service.run(stop)
                if not stop.is_set():
                    raise RuntimeError(f"{service.name} ended by itself")
        except Exception as error:
            failure = error
            _report(service.name, error, pulse.outage)
        failures = 0 if time.monotonic() - began > max(BACK_OFF_SECONDS) else failures + 1
        stop.wait(_patience(failures, failure))


def _listen(
    process: str,
    listening: dict[str, list[threading.Event]],
    stop: threading.Event,
    pulse: Pulse,
) -> None:
    """Pass notifications on, show a pulse, connect again when the connection breaks."""
    import psycopg
    from psycopg import sql
    from psycopg.conninfo import make_conninfo

    from answerable.events.wire import conninfo, something_was_missed

    something_was_missed()
    where = make_conninfo(conninfo(), application_name=application_name(process))
    failures = 0
    while not stop.is_set():
        try:
            with psycopg.connect(where, autocommit=True) as connection:
                for channel in listening:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                for call in (call for calls in listening.values() for call in calls):
                    call.set()  # what was notified while nobody listened
                failures = 0
                pulse_at = time.monotonic()
                while not stop.is_set():
                    for notice in connection.notifies(timeout=NOTICES_STOP_SECONDS):
                        for call in listening.get(notice.channel, []):
                            call.set()
                    if time.monotonic() > pulse_at + PULSE_SECONDS and pulse.is_healthy():
                        connection.execute("SELECT 1")
                        pulse_at = time.monotonic()
        except psycopg.Error as error:
            _report("listener", error, pulse.outage)
            stop.wait(_patience(failures, error))
            failures += 1


@contextlib.contextmanager
def _connection() -> Iterator[None]:
    """Give this thread's database connection back to the pool afterwards."""
    from django.db import connections

    try:
        yield
    finally:
        connections.close_all()


def _patience(failures: int, error: Exception | None) -> float:
    """How long to wait after so many failures in a row."""
    seconds = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
    return min(seconds, LONGEST_AWAY_SECONDS) if error and is_away(error) else seconds


def _report(name: str, error: Exception, outage: Outage) -> None:
    """What the machine lacks (a database, a port) is one line; anything else is a fault of ours, with its traceback."""
    from django.db import OperationalError
    from psycopg import OperationalError as Unable

    if is_away(error):
        outage.note(name, error)
    elif isinstance(error, OperationalError | Unable):
        log.warning("%s: the database could not do it (%s)", name, str(error).strip().split("\n")[0])
    elif isinstance(error, OSError):
        log.error("%s: %s", name, error)
    else:
        log.error("%s failed", name, exc_info=error)
