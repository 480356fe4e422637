"""JSON: an array of objects, an object with lists inside, or an object a line.

Nothing but DuckDB reads the objects, one text each; Python only looks at a sample, and cuts lists out of what
is wrapped around them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from answerable.measure.failures import CUT_OFF, BadRow, Unreadable, shortened
from answerable.measure.reading import sql
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.part import Part, Row, Staged
from answerable.measure.reading.rows import LINE, stage_query
from answerable.measure.reading.text import Progress, open_text
from answerable.measure.words import Said, gettext_noop

Path_ = tuple[str, ...]
_SAMPLED = 1_000
_DEEPEST = 5
_BROKEN = gettext_noop("At character {n} it is not JSON.")
_EARLY = gettext_noop("At character {n} it ends too early.")
_LARGE = gettext_noop("At character {n} a value is too large.")
_DEEP = gettext_noop("At character {n} it is nested too deeply.")
_CHUNK = 1 << 18
_SPACE = re.compile(r"[ \t\n\r]*")
_BREAKS = str.maketrans("\n\r", "  ")
BESIDE = {("tickets", "metric_sets"): ("id", "ticket_id", "metric_set")}
"""Lists that belong together: of the first, its key; of the second, the key to it, and what it is called inside."""


def looks_like_json(head: bytes) -> bool:
    """Whether a file begins like JSON: an object, or an array of them."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bool(re.match(rb'\{\s*("|\})|\[\s*[\[{\]"\d]', text))


def open_json(path: Path, name: str, scratch: Path, limits: Limits, progress: Progress | None = None) -> list[Part]:
    """The lists of a file, each a part. Raises Unreadable when it is broken, or holds no objects."""
    generous = Limits(**{key: getattr(limits, key) for key in limits.__slots__} | {"line": limits.unpacked})
    text = open_text(path, name, scratch, generous, encoding=None, progress=progress)
    lists = _Cutter(text.path, name, scratch, limits).lists()
    if not lists:
        raise Unreadable(
            name,
            gettext_noop("It holds no list of objects."),
            gettext_noop("Export a list: conversations, tickets, answers."),
        )
    several = len(lists) > 1
    parts = {key: _part(file, name, ".".join(key), several, limits) for key, file in lists.items()}
    for (first, second), (own, other, inside) in BESIDE.items():
        found = {key[-1]: key for key in parts if key}
        if first in found and second in found:
            joined = parts.pop(found[second])
            parts[found[first]] = _joined(parts[found[first]], joined, own, other, inside)
    return [part for part in parts.values() if part.columns]


@dataclass(slots=True)
class _Cutter:
    """Cuts the objects of a JSON file into files with an object a line."""

    source: Path
    name: str
    scratch: Path
    limits: Limits

    def lists(self) -> dict[Path_, Path]:
        """The files of objects, by where they stood."""
        found: dict[Path_, Path] = {}
        with self.source.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            text = _Window(stream, self.name, self.limits.record)
            first = text.peek()
            if first == "[":
                self._list(text, (), found)
            elif self._is_lines(text):
                return {(): self.source}
            elif first == "{":
                self._object(text, (), found)
        if not found and first == "{":
            return self._single()
        return found

    def _is_lines(self, text: _Window) -> bool:
        """Whether the first line is a whole object with another line below."""
        line, _, below = text.ahead().partition("\n")
        try:
            return isinstance(json.loads(line), dict) and below.lstrip().startswith("{")
        except (ValueError, RecursionError):
            return False

    def _list(self, text: _Window, path: Path_, found: dict[Path_, Path]) -> None:
        """The objects of a list into a file; other elements are passed over."""
        target = self.scratch / f"{len(list(self.scratch.iterdir()))}.ndjson"
        count = 0
        text.take("[")
        with target.open("w", encoding="utf-8", errors="replace") as out:
            while text.peek() != "]":
                value = text.value()
                if value.startswith("{"):
                    out.write(value.translate(_BREAKS) + "\n")
                    count += 1
                if text.peek() == ",":
                    text.take(",")
        text.take("]")
        if count:
            found[path] = target

    def _object(self, text: _Window, path: Path_, found: dict[Path_, Path]) -> None:
        """The lists inside an object, and inside the objects in it."""
        text.take("{")
        while text.peek() != "}":
            key = json.loads(text.value())
            if not isinstance(key, str):
                raise text.broken()
            text.take(":")
            first = text.peek()
            if first == "[":
                self._list(text, (*path, key), found)
            elif first == "{" and len(path) < _DEEPEST:
                self._object(text, (*path, key), found)
            else:
                text.value()
            if text.peek() == ",":
                text.take(",")
        text.take("}")

    def _single(self) -> dict[Path_, Path]:
        """A file with one object."""
        if self.source.stat().st_size > self.limits.record:
            return {}
        target = self.scratch / f"{len(list(self.scratch.iterdir()))}.ndjson"
        target.write_text(self.source.read_text("utf-8-sig", "replace").strip().translate(_BREAKS) + "\n", "utf-8")
        return {(): target}


@dataclass(slots=True)
class _Window:
    """JSON text, some of it at a time."""

    stream: IO[str]
    name: str
    limit: int
    text: str = ""
    at: int = 0
    passed: int = 0

    def _more(self) -> bool:
        piece = self.stream.read(max(_CHUNK, len(self.text) - self.at))  # twice as much each time a value goes on
        self.passed += self.at
        self.text, self.at = self.text[self.at :] + piece, 0
        return bool(piece)

    def ahead(self) -> str:
        """What can be seen without reading on."""
        return self.text[self.at :]

    def peek(self) -> str:
        """The next character that is no space. Raises Unreadable at the end."""
        while True:
            match = _SPACE.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                raise self.broken(_EARLY)

    def take(self, character: str) -> None:
        """Go past a character, which must be the next."""
        if self.peek() != character:
            raise self.broken()
        self.at += 1

    def value(self) -> str:
        """The next value, as it is written."""
        self.peek()
        while True:
            try:
                _, end = _DECODER.raw_decode(self.text, self.at)
            except ValueError as error:
                room = len(self.text) - self.at < self.limit
                if room and self._more():
                    continue
                raise self.broken(_EARLY if room else _LARGE) from error
            except RecursionError as error:
                raise self.broken(_DEEP) from error
            if end == len(self.text) and self.text[end - 1] not in '"}]' and self._more():
                continue
            found, self.at = self.text[self.at : end], end
            return found

    def broken(self, why: str = _BROKEN) -> Unreadable:
        """What is wrong, and where."""
        return Unreadable(self.name, Said(why, n=self.passed + self.at + 1), CUT_OFF)


_DECODER = json.JSONDecoder()


def _part(file: Path, name: str, inside: str, several: bool, limits: Limits) -> Part:
    """One list as a part."""
    objects = [found for found in islice(_objects(file), _SAMPLED) if isinstance(found, dict)]
    columns: dict[str, Path_] = {}
    flat = [dict(_flat(each)) for each in objects]
    for each in flat:
        for path in each:
            columns.setdefault(".".join(path), path)
        if len(columns) > limits.columns:
            raise Unreadable(
                name,
                Said(gettext_noop("Its objects have more than {most} keys."), most=limits.columns),
                gettext_noop("Are its keys data? Export a list."),
            )
    sample: tuple[Row, ...] = tuple(tuple(_text(each.get(path)) for path in columns.values()) for each in flat)
    title = f"{name}#{inside}" if several and inside else name

    def stage(con: Any, relation: str, wanted: Sequence[str]) -> Staged:
        return _stage(con, relation, {column: columns[column] for column in wanted}, _Lines(file, title, limits))

    return Part(title, file, "json", tuple(columns), sample, stage, {"list": inside} if inside else {})


@dataclass(frozen=True, slots=True)
class _Lines:
    """A file with an object a line, of the part that is called `title`."""

    file: Path
    title: str
    limits: Limits

    def query(self, rejects: str) -> str:
        """SQL for the lines, whole, with their numbers; those too long or damaged are among the rejects."""
        line = self.limits.record + (1 << 20)
        return (
            f"SELECT row_number() OVER () AS {sql.name(LINE)}, text FROM read_csv({sql.literal(str(self.file))}, "
            "auto_detect=false, columns={'text': 'VARCHAR'}, delim='\x01', quote='', escape='', header=false, "
            f"max_line_size={line}, buffer_size={2 * line}, strict_mode=false, store_rejects=true, rejects_limit=0, "
            f"rejects_table={sql.literal(rejects)}, rejects_scan={sql.literal(rejects + '_scan')}, "
            "rejects_line_size_limit=200)"
        )


def _stage(con: Any, relation: str, wanted: Mapping[str, Path_], lines: _Lines) -> Staged:
    """The wanted values of each object, as text."""
    pointers = ", ".join(sql.literal(_pointer(path)) for path in wanted.values())
    picked = ", ".join(f"{sql.present(f'v[{place}]')} AS {sql.name(column)}" for place, column in enumerate(wanted, 1))
    view, rejects = f"{relation}_lines", f"{relation}_rejects"
    con.execute(f"CREATE TEMP VIEW {sql.name(view)} AS {lines.query(rejects)}")
    good = "json_valid(text) AND json_type(CASE WHEN json_valid(text) THEN text END) = 'OBJECT'"
    staged = stage_query(
        con,
        relation,
        list(wanted),
        f"SELECT {sql.name(LINE)}, {picked} FROM (SELECT {sql.name(LINE)}, json_extract_string(CASE WHEN {good} "
        f"THEN text END, [{pointers}]) AS v FROM {sql.name(view)} WHERE {good})",
    )
    bad = f"FROM {sql.name(view)} WHERE trim(text) <> '' AND NOT ({good})"
    count = con.execute(f"SELECT count(*) {bad}").fetchall()[0][0]
    listed = con.execute(f"SELECT {sql.name(LINE)}, text {bad} ORDER BY 1 LIMIT {lines.limits.listed}").fetchall()
    rejected = [
        BadRow(lines.title, line, None, shortened(text), gettext_noop("it is not a JSON object"))
        for line, text in listed
    ]
    con.execute(f"DROP VIEW {sql.name(view)}")
    broken = con.execute(
        f"SELECT any_value(csv_line) FROM {sql.name(rejects)} GROUP BY line_byte_position ORDER BY line_byte_position"
    ).fetchall()
    reason = gettext_noop("it is too long, or its characters are damaged")
    rejected += [BadRow(lines.title, None, None, shortened(text), reason) for (text,) in broken[: lines.limits.listed]]
    return Staged(relation, staged.rows, staged.types, tuple(rejected), count + len(broken), staged.lines)


def _objects(file: Path) -> Iterator[Any]:
    """The objects of a file with one a line; lines that are none are passed over."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
        while line := stream.readline(1 << 24):
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                continue


def _flat(found: dict[str, Any], parents: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """The values inside an object by their paths, lists passed over."""
    for key, value in found.items():
        if isinstance(value, dict) and len(parents) < _DEEPEST:
            yield from _flat(value, (*parents, key))
        elif not isinstance(value, (list, dict)):
            yield (*parents, key), value


def _text(value: Any) -> str | None:
    """A value as DuckDB would write it."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def _pointer(path: Path_) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)


def _joined(first: Part, second: Part, own: str, other: str, inside: str) -> Part:
    """A part with the columns of another beside its own, where their keys meet."""
    added = {f"{inside}.{column}": column for column in second.columns if column != other}
    mine, key = {row[first.columns.index(own)]: row for row in first.sample}, second.columns.index(other)
    theirs = {row[key]: row for row in second.sample}
    nothing = (None,) * len(second.columns)
    sample = tuple(
        row + tuple(theirs.get(number, nothing)[second.columns.index(column)] for column in added.values())
        for number, row in mine.items()
    )

    def stage(con: Any, relation: str, wanted: Sequence[str]) -> Staged:
        own_columns = [column for column in dict.fromkeys([own, *wanted]) if column in first.columns]
        their_columns = [added[column] for column in wanted if column in added]
        left = first.stage(con, f"{relation}_first", own_columns)
        right = second.stage(con, f"{relation}_second", [other, *their_columns])
        picked = ", ".join(
            f"b.{sql.name(added[column])} AS {sql.name(column)}" if column in added else f"a.{sql.name(column)}"
            for column in wanted
        )
        query = (
            f"SELECT a.{sql.name(LINE)}, {picked} FROM {sql.name(left.relation)} a LEFT JOIN (SELECT DISTINCT ON "
            f"({sql.name(other)}) * FROM {sql.name(right.relation)}) b ON a.{sql.name(own)} = b.{sql.name(other)} "
            f"ORDER BY a.{sql.name(LINE)}"
        )
        rejected = left.rejected + right.rejected
        return stage_query(con, relation, wanted, query, rejected, left.rejected_count + right.rejected_count)

    return Part(first.name, first.path, "json", first.columns + tuple(added), sample, stage, first.traits)
