"""`answerable serve`: one parent that starts everything, restarts what dies, and stops everything.

The parent imports the application once and forks its children from there: they start in milliseconds and
share its memory. It has one thread, opens no database connection and waits in one place (`_wait`). A child
says it is ready by a byte in a pipe, and what it prints becomes lines of one log.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from answerable.site.log import timestamp
from answerable.site.orphans import die_with
from answerable.site.processes import CANNOT, Ready
from answerable.site.refusal import explain

FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 30.0
STABLE_AFTER_SECONDS: Final = 30.0
"""A child that lived this long starts again at once when it dies."""

STOP_CHILDREN_SECONDS: Final = 5.0
STOP_DATABASE_SECONDS: Final = 4.0
"""Together, with the killing, less than the ten seconds an init system gives us."""

CHECK_SECONDS: Final = 1.0


@dataclass
class Child:
    """One process: what it runs, and the children (by name) that must be ready before it starts.

    One that runs `once` is done when it ends well, and everything stops when it does not. Those that do not
    need the application in memory start while it is imported.
    """

    name: str
    work: Callable[[Ready], int]
    after: tuple[str, ...] = ()
    once: bool = False
    needs_application: bool = True

    pid: int | None = field(default=None, init=False)
    is_ready: bool = field(default=False, init=False)
    is_done: bool = field(default=False, init=False)
    failures: int = field(default=0, init=False)
    started_at: float = field(default=0.0, init=False)
    start_at: float = field(default=0.0, init=False)


class Supervisor:
    """Keeps `children` running, in the order their `after` allows, until SIGTERM or SIGINT."""

    def __init__(self, children: Sequence[Child], *, preload: Callable[[], None], on_ready: Callable[[], None]) -> None:
        self.children = list(children)
        self._preload = preload
        self._on_ready = on_ready
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        self._failed = False
        self._announced = False
        self._loaded = False

    def run(self) -> int:
        """Exit code: 0 after a signal, 1 when something cannot run at all."""
        self._watch_signals()
        gc.freeze()  # the database's process shares what is loaded by now
        try:
            self._start_due()
            self._load()
            while not self._stopping:
                self._start_due()
                self._wait(self._next_due())
        finally:
            self._stop()
        return 1 if self._failed else 0

    def say(self, name: str, message: str) -> None:
        """A line of the log."""
        print(f"{timestamp()} {name:<11}{message}", flush=True)

    def _watch_signals(self) -> None:
        awake, wakes = os.pipe()
        for end in (awake, wakes):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wakes)
        self._selector.register(awake, selectors.EVENT_READ, lambda: os.read(awake, 4096))
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, *_: object) -> None:
        self._stopping = True

    def _load(self) -> None:
        """Import the application while the database starts; the children share what is in memory now. What is imported
        is there to stay: looking for rubbish among it would take a seventh of the time, and leave holes that each child
        fills in pages it would else share."""
        gc.disable()
        try:
            self._preload()
        except Exception as error:
            words = explain(error)
            self.say("answerable", f"cannot start: {words or error}")
            if words is None:
                traceback.print_exc()
            self._failed = self._stopping = True
        gc.freeze()
        gc.enable()
        self._loaded = True

    def _start_due(self) -> None:
        ready = {child.name for child in self.children if child.is_ready or child.is_done}
        for child in self.children:
            waiting = child.pid is None and not child.is_done and child.start_at <= time.monotonic()
            if waiting and ready.issuperset(child.after) and (self._loaded or not child.needs_application):
                self._start(child)

    def _next_due(self) -> float:
        pauses = [child.start_at - time.monotonic() for child in self.children if child.pid is None]
        return max(0.0, min([CHECK_SECONDS, *(pause for pause in pauses if pause > 0)]))

    def _start(self, child: Child) -> None:
        said, says = os.pipe()
        heard, tells = os.pipe()
        sys.stdout.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _become(child, parent, says, tells)
        os.close(says)
        os.close(tells)
        child.pid, child.started_at, child.is_ready = pid, time.monotonic(), False
        for end in (said, heard):
            os.set_blocking(end, False)
        self.say("answerable", f"started {child.name} ({pid})")
        self._selector.register(said, selectors.EVENT_READ, Lines(said, child.name, self))
        self._selector.register(heard, selectors.EVENT_READ, lambda: self._note_ready(child, heard))

    def _note_ready(self, child: Child, heard: int) -> None:
        if os.read(heard, 64):
            child.is_ready = True
        self.forget(heard)
        if not self._announced and all(each.is_ready or each.is_done for each in self.children):
            self._announced = True
            self._on_ready()

    def forget(self, descriptor: int) -> None:
        """Close a pipe that has nothing more to tell."""
        self._selector.unregister(descriptor)
        os.close(descriptor)

    def _wait(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if key.fd in self._selector.get_map():
                key.data()
        self._reap()

    def _reap(self) -> None:
        for child in self.children:
            if child.pid is not None:
                pid, status = os.waitpid(child.pid, os.WNOHANG)
                if pid:
                    self._note_end(child, os.waitstatus_to_exitcode(status))

    def _note_end(self, child: Child, code: int) -> None:
        child.pid, child.is_ready = None, False
        if self._stopping:
            return
        if child.once and code == 0:
            child.is_done = True
            return
        if child.once or code == CANNOT:
            self.say("answerable", f"{child.name} cannot run; stopping")
            self._failed = self._stopping = True
            return
        if time.monotonic() - child.started_at > STABLE_AFTER_SECONDS:
            child.failures = 0
        pause = min(FIRST_PAUSE_SECONDS * 2**child.failures, LONGEST_PAUSE_SECONDS)
        child.failures += 1
        child.start_at = time.monotonic() + pause
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        self.say("answerable", f"{child.name} {how}; starting it again in {pause:.1f} s")

    def _stop(self) -> None:
        """What others depend on stops last."""
        self._stopping = True
        needed = {name for child in self.children for name in child.after}
        self._end([child for child in self.children if child.name not in needed], STOP_CHILDREN_SECONDS)
        self._end(self.children, STOP_DATABASE_SECONDS)
        self._wait(0)
        self.say("answerable", "stopped")

    def _end(self, children: Sequence[Child], seconds: float) -> None:
        for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 1.0)):
            for child in children:
                if child.pid is not None:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(child.pid, number)
            until = time.monotonic() + patience
            while any(child.pid is not None for child in children) and time.monotonic() < until:
                self._wait(max(0.0, min(0.2, until - time.monotonic())))


class Lines:
    """What a child prints, cut into lines of the log."""

    def __init__(self, descriptor: int, name: str, supervisor: Supervisor) -> None:
        self._descriptor, self._name, self._supervisor = descriptor, name, supervisor
        self._rest = b""

    def __call__(self) -> None:
        part = os.read(self._descriptor, 65536)
        *lines, self._rest = (self._rest + part).split(b"\n")
        if not part and self._rest:
            lines.append(self._rest)
        for line in lines:
            self._supervisor.say(self._name, line.decode("utf-8", errors="replace"))
        if not part:
            self._supervisor.forget(self._descriptor)


def _become(child: Child, parent: int, says: int, tells: int) -> None:
    """In the forked process: keep nothing of the parent's but its memory, do the work, and end."""
    code = 1
    try:
        die_with(parent)
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (says, 1), (says, 2)):
            os.dup2(source, target)
        for entry in os.listdir("/dev/fd"):
            if int(entry) > 2 and int(entry) != tells:
                with contextlib.suppress(OSError):
                    os.close(int(entry))
        code = child.work(lambda: _tell(tells))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException as error:
        print(explain(error) or traceback.format_exc(), file=sys.stderr)
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _tell(tells: int) -> None:
    with contextlib.suppress(OSError):
        os.write(tells, b"!")
