"""How much a reading may take, so that no file, however made, takes the machine."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, except `listed`, `columns` and `ratio`, which count.

    `memory` is what DuckDB may hold before it spills to the scratch directory. `unpacked` bounds what a
    compressed file may become, and so does `ratio`, once it is larger than `innocent`. `token`
    bounds a tag with all that stands in it: expat begins it anew with each piece of the file.
    """

    memory: int = 600 * MEGABYTE
    line: int = 8 * MEGABYTE
    record: int = 16 * MEGABYTE
    unpacked: int = 64 << 30
    ratio: int = 200
    innocent: int = 256 * MEGABYTE
    strings: int = 256 * MEGABYTE
    token: int = 2 * MEGABYTE
    columns: int = 4_096
    listed: int = 100
