"""What is asked of anyone's files, and that it cannot be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from answerable.core.said import Wrong

DUCKDB = "duckdb"


class Refused(Wrong):
    """A report that cannot be made of these files, in a sentence for who asked."""


class Nothing(Refused):
    """Files that hold nothing to measure; `map` is the text of the map.toml that would be proposed for them."""

    def __init__(self, said: str, map: str) -> None:
        super().__init__(said)
        self.map = map


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. None is guessed: the period from the files, the zone from the hours, groups from the columns.

    `since` is the first day, `until` the day after the last. `activities` maps asked, answered, solved and reopened
    to activities of an event log.
    `scopes` are those of published figures that one belongs to. `engine` counts: DUCKDB, here, or the address of a
    Spark master; its workers find the facts in `exchange`, a directory that they and this machine share.
    """

    files: tuple[Path, ...]
    since: date | None = None
    until: date | None = None
    by: tuple[str, ...] | None = None
    hours: Path | None = None
    targets: Path | None = None
    benchmarks: Path | None = None
    costs: Path | None = None
    scopes: tuple[str, ...] = ()
    map: Path | None = None
    zone: str | None = None
    first: Literal["day", "month"] | None = None
    activities: Mapping[str, Sequence[str]] = field(default_factory=dict)
    engine: str = DUCKDB
    exchange: Path | None = None
