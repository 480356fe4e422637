"""XES event logs (IEEE 1849), read as a stream by expat. A document type is refused: no entity is ever expanded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from answerable.core.said import Said, gettext_noop
from answerable.measure.failures import AGAIN, CUT_OFF, Unreadable
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.part import Part, Row, Staged
from answerable.measure.reading.rows import stage_rows
from answerable.measure.reading.text import chunks

_SAMPLED = 1_000
_VALUES = ("string", "date", "int", "float", "boolean", "id")
_CASE = "case:"


def looks_like_xml(head: bytes) -> bool:
    """Whether a file begins like XML."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith((b"<?xml", b"<log", b"<!--", b"<!DOCTYPE")) or head.startswith(
        (b"\xff\xfe<", b"\xfe\xff\0<")
    )


def open_xes(path: Path, name: str, scratch: Path, limits: Limits) -> Part:
    """The events of a log, each with the attributes of its case before its own."""
    sample_events = list(islice(_events(path, name, limits), _SAMPLED))
    if not sample_events:
        raise Unreadable(
            name, gettext_noop("There is no event in it."), gettext_noop("Export the log with its events.")
        )
    columns = tuple(dict.fromkeys(key for event in sample_events for key in event))
    if len(columns) > limits.columns:
        raise Unreadable(
            name,
            Said(gettext_noop("Its events have {n} attributes."), n=len(columns)),
            gettext_noop("Export fewer of them."),
        )
    sample: tuple[Row, ...] = tuple(tuple(event.get(column) for column in columns) for event in sample_events)

    def stage(con: Any, relation: str, wanted: Sequence[str]) -> Staged:
        rows = (
            (number, [event.get(column) for column in wanted])
            for number, event in enumerate(_events(path, name, limits), start=1)
        )
        return stage_rows(con, relation, wanted, rows, scratch / f"{relation}.parquet")

    return Part(name, path, "xes", columns, sample, stage)


def _events(path: Path, name: str, limits: Limits) -> Iterator[dict[str, str]]:
    """Each event's attributes, those of its case under case:..."""
    reader = _Log(name, limits)
    for chunk in chunks(path):
        for start in range(0, len(chunk), 1 << 16):
            reader.feed(chunk[start : start + (1 << 16)])
            yield from reader.taken()
    reader.feed(b"", final=True)
    yield from reader.taken()


class _Log:
    """What expat calls: keeps one case and the events since it was last asked."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.case: dict[str, str] = {}
        self.event: dict[str, str] | None = None
        self.events: list[dict[str, str]] = []
        self.depth: list[str] = []
        self.size = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def feed(self, data: bytes, final: bool = False) -> None:
        """Read on. Raises Unreadable where it is not well-formed."""
        try:
            self.parser.Parse(data, final)
        except expat.ExpatError as error:
            line = self.parser.ErrorLineNumber
            said = expat.ErrorString(error.code)
            raise Unreadable(
                self.name, Said(gettext_noop("In line {n} it is broken ({error})."), n=line, error=said), CUT_OFF
            ) from error
        except Unreadable:
            raise
        except ValueError as error:
            raise Unreadable(
                self.name,
                Said(gettext_noop("It cannot be decoded ({error})."), error=str(error)),
                gettext_noop("Export it in UTF-8."),
            ) from error
        self.size += len(data)
        if self.size - self.parser.CurrentByteIndex > self.limits.token and not final:
            line = self.parser.CurrentLineNumber
            raise Unreadable(
                self.name,
                Said(gettext_noop("In line {n} a value is too long."), n=line),
                gettext_noop("Export it again, without it."),
            )
        held = sum(len(value) for value in self.case.values()) + sum(len(v) for v in (self.event or {}).values())
        if len(self.depth) > 100 or held > self.limits.record:
            raise Unreadable(
                self.name, gettext_noop("Its elements are too many inside one another, or too long."), AGAIN
            )

    def taken(self) -> list[dict[str, str]]:
        """The events since the last time."""
        found, self.events = self.events, []
        return found

    def _doctype(self, *_: Any) -> None:
        raise Unreadable(
            self.name,
            gettext_noop("It declares a document type, which no event log needs."),
            gettext_noop("Remove the DOCTYPE."),
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        inside = self.depth[-1] if self.depth else ""
        if not self.depth and tag != "log":
            raise Unreadable(
                self.name,
                Said(gettext_noop("It is XML, but “{tag}”, not an event log."), tag=tag),
                gettext_noop("Export CSV, JSON or XLSX."),
            )
        if tag == "trace":
            self.case = {}
        elif tag == "event":
            self.event = {}
        elif tag in _VALUES and "key" in attributes:
            if inside == "event" and self.event is not None:
                self.event[attributes["key"]] = attributes.get("value", "")
            elif inside == "trace":
                self.case[_CASE + attributes["key"]] = attributes.get("value", "")
        self.depth.append(tag)
        if len(self.depth) > 100:
            raise Unreadable(self.name, gettext_noop("Its elements are too many inside one another."), AGAIN)

    def _end(self, _: str) -> None:
        if self.depth.pop() == "event" and self.event is not None:
            self.events.append({**self.case, **self.event})
            self.event = None
