"""Directories for what is half done: gone when the work is, however it ends.

Whoever is about to end the process at once calls `sweep` before.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path

_made: set[Path] = set()


def make(*, prefix: str, within: str | Path | None = None) -> Path:
    """A new directory, in the system's place for such things unless said otherwise. Raises OSError."""
    folder = Path(within or tempfile.gettempdir()) / f"{prefix}{secrets.token_hex(8)}"
    _made.add(folder)  # before it is there: a signal may come between any two lines
    folder.mkdir(mode=0o700)
    return folder


def remove(folder: Path) -> None:
    """With all that is in it; nothing where it is gone already."""
    shutil.rmtree(folder, ignore_errors=True)
    _made.discard(folder)


def sweep() -> None:
    """Remove every one that is still there."""
    for folder in tuple(_made):
        remove(folder)
