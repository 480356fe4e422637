"""What a report says, before it is a page, a print, a table or words on a terminal: one model for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from answerable.measure.charts import Chart

Tone = Literal["", "good", "bad", "warn", "muted"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or more."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences, one under the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and what stands for each."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `numbers` are the places of columns that are numbers; `key` names its file.

    `more` says that there are more rows than a page shows.
    """

    key: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with its title and its table."""

    chart: Chart


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator of the first page. `value` is empty where it could not be measured; `reason` says why then.

    `lines` are its names and words in order: interval, sample, response rate, change, target, others.
    """

    key: str
    title: str
    value: str
    interval: str
    lines: tuple[tuple[str, str], ...]
    tone: Tone = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Indicators beside each other."""

    items: tuple[Card, ...]


Block = Paragraph | Points | Pairs | Grid | Drawing | Cards


@dataclass(frozen=True, slots=True)
class Section:
    """A part under a heading, with parts of its own. `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()

    def walk(self) -> Iterator[Section]:
        """This one and all below, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Document:
    """A report in one language. `contents`, `close` are words for its frame; `figures` the raw numbers."""

    title: str
    subtitle: str
    language: str
    made_at: datetime
    sections: tuple[Section, ...]
    words: dict[str, str] = field(default_factory=dict)

    def walk(self) -> Iterator[Section]:
        """All sections, in order."""
        for section in self.sections:
            yield from section.walk()

    @property
    def charts(self) -> list[Chart]:
        """All charts, in order."""
        return [block.chart for section in self.walk() for block in section.blocks if isinstance(block, Drawing)]
