"""Who outlives its parent: prevented where the kernel helps; and servers that did, after a SIGKILL, are found by where
they stand, and ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from answerable.site.cluster import SOCKET_NAME
from answerable.site.lock import DatabaseInUse

C: Final = ctypes.CDLL(None)
PR_SET_PDEATHSIG: Final = 1


def die_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Linux: have the kernel send this process that signal when its parent dies, however it dies."""
    if sys.platform.startswith("linux"):
        C.prctl(PR_SET_PDEATHSIG, int(by), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def clear_leftovers(cluster: Path) -> None:
    """After a SIGKILL: end servers that lost their parent, then forget the process id they left.

    We hold the lock, so no living Answerable owns them. The id may since have gone to a stranger, who
    would keep PostgreSQL from starting; once nobody stands in the cluster the file means nothing.
    """
    pid_file = cluster / "postmaster.pid"
    left = (pid_file, cluster / f"{SOCKET_NAME}.lock")
    if not any(file.exists() for file in left) or not Path("/proc/self/cwd").exists():
        return
    for number, wait in ((0, 1.0), (signal.SIGINT, 8.0), (signal.SIGQUIT, 4.0), (signal.SIGKILL, 4.0)):
        orphans = set(_standing_in(cluster))
        main: set[int] = set()
        with contextlib.suppress(FileNotFoundError):
            main = {int(line) for line in pid_file.read_text("ascii").split("\n")[:1] if line.isdigit()}
        for pid in (orphans & main) or orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if _wait(lambda: not any(_standing_in(cluster)), wait):
            for file in left:  # the socket's names the process, too, dead but not reaped perhaps
                file.unlink(missing_ok=True)
            return
        if not any(file.exists() for file in left):
            return
    raise DatabaseInUse(
        f"A PostgreSQL server (process {', '.join(map(str, _standing_in(cluster)))}) still runs "
        f"in {cluster} and does not stop."
    )


def _standing_in(directory: Path) -> Iterator[int]:
    """Process ids whose working directory this is: a PostgreSQL server and its children stand in theirs."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if Path(os.readlink(entry / "cwd")) == directory.resolve():
                    yield int(entry.name)


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
