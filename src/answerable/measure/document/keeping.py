"""Writing a report so that there is all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from answerable.measure import scratch


def keep(path: Path, content: bytes) -> None:
    """Write a file beside its place, on the disk, and then put it there. Raises OSError."""

    def write(half: Path) -> None:
        half.write_bytes(content)

    keep_file(path, write)


def keep_file(path: Path, write: Callable[[Path], None]) -> None:
    """Have a file written beside its place, on the disk, and then put it there. Raises OSError."""
    with _beside(path) as half:
        write(half)
        _to_disk(half)
        half.replace(path)


def keep_directory(path: Path, fill: Callable[[Path], None], mark: str) -> None:
    """Have a directory filled beside its place, and then put it there; an older one of ours gives way.

    Raises OSError, and FileExistsError for a directory that holds anything but CSV files, or has no file `mark`.
    """
    if path.exists() and not _ours(path, mark):
        raise FileExistsError(17, "it is there already, and is not a report", str(path))
    with _beside(path) as half:
        half.mkdir()
        fill(half)
        for each in half.iterdir():
            _to_disk(each)
        if path.exists():
            path.replace(half.with_name("older"))
        half.replace(path)


def _ours(path: Path, mark: str) -> bool:
    """Whether a directory is an older report: files of somebody's own are not for us to delete."""
    if not path.is_dir() or path.is_symlink():
        return False
    names = [each.name for each in path.iterdir()]
    return not names or (mark in names and all(name.endswith(".csv") for name in names))


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name in a directory of its own next to a place, gone afterwards whatever happens."""
    folder = scratch.make(prefix=f".{path.name}.", within=path.absolute().parent)
    try:
        yield folder / path.name
    finally:
        scratch.remove(folder)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
