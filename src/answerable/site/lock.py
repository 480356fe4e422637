"""Who runs the embedded database of a data directory: one process, which holds a lock as long as it does."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import IO, Final

from answerable.site.refusal import DatabaseError

DYING_SECONDS: Final = 2.0


class DatabaseInUse(DatabaseError):
    """Another server runs on the same data directory."""

    @classmethod
    def by(cls, process: str, data_dir: Path) -> DatabaseInUse:
        """The refusal, naming the process that was first."""
        return cls(
            f"Another Answerable (process {process}) already runs the database in {data_dir}. "
            "Stop it first, or set ANSWERABLE_DATA to another directory."
        )


def lock_file(data_dir: Path) -> Path:
    """Held (flock) by the process that runs the database, with its process id inside."""
    return data_dir / "postgres.lock"


def holder_of(data_dir: Path) -> str | None:
    """The process that runs the embedded database of this directory now, if any does."""
    try:
        with lock_file(data_dir).open("r", encoding="ascii") as lock:
            return None if _gets(lock, fcntl.LOCK_SH) else _named_in(lock) or "unknown"
    except FileNotFoundError:
        return None


def take_lock(data_dir: Path) -> IO[str]:
    """Hold the lock until the file is closed.

    :raises DatabaseInUse: another process holds it.
    """
    lock = lock_file(data_dir).open("a+", encoding="ascii")
    if not _gets(lock, fcntl.LOCK_EX):
        holder = _named_in(lock)
        lock.close()
        raise DatabaseInUse.by(holder or "unknown", data_dir)
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _gets(lock: IO[str], kind: int) -> bool:
    """Whether the lock is ours. Of a process that was killed a child may have it, which dies in a moment, too."""
    until = time.monotonic() + DYING_SECONDS
    while True:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if _runs(_named_in(lock)) or time.monotonic() > until:
                return False
        time.sleep(0.01)


def _named_in(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read().strip()


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # somebody else's
        pass
    return True
