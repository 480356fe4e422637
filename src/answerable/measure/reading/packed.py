"""Compressed files, with an eye on what they become: a bomb is refused long before it fills the disk."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from answerable.core.said import Said, gettext_noop
from answerable.measure.failures import ANEW, Unreadable
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.text import pieces

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"


def unpacked(path: Path, name: str, scratch: Path, limits: Limits) -> Path:
    """What a gzip file holds, in the scratch directory."""
    target = scratch / f"{len(list(scratch.iterdir()))}.unpacked"
    with gzip.open(path, "rb") as stream, target.open("wb") as out:
        for piece in guarded(stream, name, path.stat().st_size, limits):  # type: ignore[arg-type]
            out.write(piece)
    return target


def guarded(stream: IO[bytes], name: str, packed: int, limits: Limits) -> Iterator[bytes]:
    """The pieces of an unpacked stream, as long as it stays in proportion to its packed size.

    Raises Unreadable when it does not, and when it is damaged.
    """
    size = 0
    try:
        for piece in pieces(stream):
            size += len(piece)
            if size > limits.unpacked or size > max(limits.innocent, packed * limits.ratio):
                raise Unreadable(
                    name,
                    Said(
                        gettext_noop("Unpacked it is more than {most} MB, out of proportion to its {packed} KB."),
                        most=size >> 20,
                        packed=packed >> 10,
                    ),
                    gettext_noop("If you trust it, unpack it yourself and give what is inside."),
                )
            yield piece
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise Unreadable(
            name, Said(gettext_noop("It is damaged, or cut off ({error})."), error=str(error)), ANEW
        ) from error
