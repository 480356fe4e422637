"""Who runs the embedded database of a data directory: one process, which holds a lock as long as it does."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from answerable.site.refusal import DatabaseError


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
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read().strip() or "unknown"
    except FileNotFoundError:
        pass
    return None


def take_lock(data_dir: Path) -> IO[str]:
    """Hold the lock until the file is closed.

    :raises DatabaseInUse: another process holds it.
    """
    lock = lock_file(data_dir).open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise DatabaseInUse.by(holder_of(data_dir) or "unknown", data_dir) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
