"""Directories for what is half done: gone when the work is, however it ends.

Whoever is about to end the process at once calls `sweep` before. What a process left that was killed, and could not, is
removed by the next one that makes such a directory: a lock says whether anybody is still at work in it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

IN_USE = ".in-use"
FRESH_SECONDS = 60.0
"""One so young may be about to be locked."""
_made: dict[Path, int | None] = {}
"""With the open file that holds the lock, once it is there."""


def make(*, prefix: str, within: str | Path | None = None) -> Path:
    """A new directory, in the system's place for such things unless said otherwise. Raises OSError."""
    place = Path(within or tempfile.gettempdir())
    _remove_left(place, prefix)
    folder = place / f"{prefix}{secrets.token_hex(8)}"
    _made[folder] = None  # before it is there: a signal may come between any two lines
    folder.mkdir(mode=0o700)
    _made[folder] = lock = os.open(folder / IN_USE, os.O_CREAT | os.O_RDWR, 0o600)
    with contextlib.suppress(OSError):  # a place without locks, such as some network drives: then it is not removed
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return folder


def remove(folder: Path) -> None:
    """With all that is in it; nothing where it is gone already."""
    shutil.rmtree(folder, ignore_errors=True)
    if (lock := _made.pop(folder, None)) is not None:
        os.close(lock)


def sweep() -> None:
    """Remove every one that is still there."""
    for folder in tuple(_made):
        remove(folder)


def _remove_left(place: Path, prefix: str) -> None:
    """All that begin so, but for what cannot be looked at."""
    with contextlib.suppress(OSError), os.scandir(place) as found:
        for each in found:
            if each.name.startswith(prefix):
                with contextlib.suppress(OSError):
                    _remove_unused(Path(each))


def _remove_unused(folder: Path) -> None:
    """Unless somebody works in it, or has just made it, or it is no directory of ours. Raises OSError."""
    if folder in _made or time.time() - folder.stat().st_mtime < FRESH_SECONDS:
        return
    lock = os.open(folder / IN_USE, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
