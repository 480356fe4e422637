"""One file after the other: open it, understand it, bring its rows to their tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from answerable.measure.reading import (
    activity,
    conversations,
    events,
    hours,
    questionnaires,
    ratings,
    sql,
    surveys,
    threads,
)
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, decide
from answerable.measure.reading.mapping import DURATIONS, INSTANTS, NEEDED, FileMap, MappingError
from answerable.measure.reading.matching import words
from answerable.measure.reading.numerals import CLOCK, UNITS
from answerable.measure.reading.opening import Desk, alike, open_parts, shown_names
from answerable.measure.reading.part import Part
from answerable.measure.reading.proposal import propose
from answerable.measure.reading.questionnaires import anonymous, propose_survey
from answerable.measure.reading.recognition import recognise
from answerable.measure.reading.settling import settle
from answerable.measure.words import Said, gettext_noop

WORK = {"first_responded_at", "first_response_seconds", "solved_at", "resolution_seconds", "status"}
"""What only a list of conversations has."""
FILLED_IN = ("end date", "end time", "completion time", "completed")
"""Headers of when somebody had filled in a form, beside its questions."""
COLUMNS = {*INSTANTS, *DURATIONS, "conversation_id", "activity", "customer", "item", "value"}
"""What a constant cannot stand for."""
_READING = gettext_noop("reading {file}")
_AGAIN = {
    "conversations": gettext_noop(
        "conversations that a file before has, too, and that count once by what was known last: {n}"
    ),
    "states": gettext_noop("earlier states of conversations, which count once as they were last: {n}"),
    "events": gettext_noop("events that a file before has, too, and that count once: {n}"),
    "ratings": gettext_noop("ratings that a file before has, too, and that count once: {n}"),
    "answers": gettext_noop("answers that a file before has, too, and that count once: {n}"),
    "failed": gettext_noop("purchases that failed or were cancelled, by their status, and do not count: {n}"),
    "given_back": gettext_noop("rows with an amount below zero give something back, and make nobody a customer: {n}"),
    "activity": gettext_noop("purchases that a file before has, too, and that count once: {n}"),
}
_ORDERS = gettext_noop(
    "nobody stands twice in {column}: it numbers orders, or lists customers once, and does not tell who came back. "
    "Retention is not measured; name the column of customers in map.toml"
)
_OF_OTHERS = gettext_noop("The map is about other files ({names}) and none of these: {files}. Correct its names.")
_AGAIN_WHOLE = gettext_noop("{file} is the same file again and counts once")
BUILDERS = {
    "conversations": conversations.build,
    "ratings": ratings.build,
    "activity": activity.build,
    "survey": surveys.build,
}


@dataclass(frozen=True, slots=True)
class Understood:
    """One file (or part of one) as it was understood: what it is, how it is written, what its columns mean.

    `mapping` is what `map.toml` would say. `rows` were found, `bad` of them left out. `forms` are the forms of its
    dates by column. `doubts` are what a person should check.
    """

    name: str
    format: str
    columns: tuple[str, ...]
    mapping: FileMap
    traits: Mapping[str, str]
    forms: Mapping[str, str]
    doubts: tuple[str, ...]
    rows: int
    bad: int


@dataclass(slots=True)
class Reader:
    """Reads one file after the other onto a shelf. `at` is the one it is at."""

    con: Any
    desk: Desk
    mappings: tuple[FileMap, ...]
    zone: str | None
    first: Literal["day", "month"] | None
    activities: Mapping[str, Sequence[str]]
    shelf: Shelf
    files: list[Understood] = field(default_factory=list)
    logs: list[Mapping[str, Sequence[str]]] = field(default_factory=list)
    at: str = ""

    def read(self, paths: Sequence[Path]) -> None:
        """All files, each of their parts; then the conversations that the event logs among them tell of."""
        names = shown_names(paths)
        before: list[tuple[Path, int]] = []
        for path, name in zip(paths, names, strict=True):
            self.at = name
            if (number := next((number for other, number in before if alike(path, other)), None)) is not None:
                self._add(number, Said(_AGAIN_WHOLE, file=name))
                continue
            before.append((path, len(self.files)))
            given = next((each for each in self.mappings if each.fits(name)), None)
            parts = open_parts(path, name, self.desk, given)
            self.shelf.several = len(paths) > 1 or len(parts) > 1
            for part in parts:
                self._part(part)
        self._check_mappings_fit()
        if activity.numbers_orders(self.shelf):
            for number, file in enumerate(self.files):
                if file.mapping.kind == "activity":
                    self._add(number, Said(_ORDERS, column=file.mapping.columns["customer"].column or ""))
        events.tell(self.shelf, self.logs)

    def _check_mappings_fit(self) -> None:
        """One may be about other files, too; not all of them about none of these. Raises MappingError."""
        if self.mappings and not any(each.fits(file.name) for each in self.mappings for file in self.files):
            names = ", ".join(each.name for each in self.mappings)
            raise MappingError(Said(_OF_OTHERS, names=names, files=", ".join(file.name for file in self.files)))

    def _add(self, number: int, doubt: str) -> None:
        """One more thing to say of a file that was read."""
        if number < len(self.files):
            self.files[number] = replace(self.files[number], doubts=(*self.files[number].doubts, doubt))

    def _part(self, part: Part) -> None:
        self._say(Said(_READING, file=part.name), 0)
        mapping, bad, relation = self._mapping(part), self.shelf.bad_count, f"part_{len(self.files)}"
        wanted = mapping.wanted()
        if mapping.kind == "ignore" or not wanted:
            found = Understood(part.name, part.format, part.columns, mapping, part.traits, {}, part.doubts, 0, 0)
            self.files.append(found)
            return
        staged = part.stage(self.con, relation, wanted)
        self.shelf.bad += staged.rejected[: self.shelf.room(part.name)]
        self.shelf.bad_count += staged.rejected_count
        said = mapping
        staged, mapping = threads.joined(self.con, *hours.joined(self.con, staged, mapping))
        mapping = replace(mapping, zone=mapping.zone or zone_in_headers(mapping))
        zone = zone_named(mapping.zone or self.zone or "UTC")
        forms = decide(self.con, part, staged, mapping, zone, self.first)
        cast = Cast(mapping, staged, forms)
        settled = settle(self.con, cast)
        mapping = hours.parted(self._build(part, cast), said)
        mapping = replace(mapping, zone=forms.zone, decimal=forms.decimal, first=forms.order)
        mapping = replace(mapping, encoding=part.traits.get("encoding"), delimiter=part.traits.get("delimiter"))
        rows, left_out = staged.rows + staged.rejected_count, self.shelf.bad_count - bad
        doubts = (
            *forms.doubts,
            *hours.doubts(said, part),
            *threads.doubts(said),
            *questionnaires.doubts(said, part),
            *settled,
            *(Said(_AGAIN[table], n=n) for table, n in self.shelf.again.items() if n),
        )
        self.shelf.again.clear()
        self.files.append(
            Understood(part.name, part.format, part.columns, mapping, part.traits, forms.shown, doubts, rows, left_out)
        )
        self._forget(relation)
        self._say(Said(_READING, file=part.name), 1)

    def _mapping(self, part: Part) -> FileMap:
        """As given, else recognised, else proposed; a file that means nothing is ignored, and said to be."""
        for each in self.mappings:
            if each.fits(part.name):
                _check(each, part)
                return anonymous(replace(each, name=part.name))
        found = recognise(part) or _proposed(part)
        return FileMap(part.name, "ignore") if found is None else hours.with_hours(found, part)

    def _build(self, part: Part, cast: Cast) -> FileMap:
        """Bring the rows to their tables; the mapping as it was used."""
        mapping = cast.mapping
        if mapping.kind == "events":
            roles = (
                self.activities or mapping.activities or events.guess_activities(events.activities(self.shelf, cast))
            )
            events.build(self.shelf, part, cast)
            self.logs.append(roles)
            return replace(
                mapping,
                activities={role: tuple(names) for role, names in roles.items()},
                proxies=events.proxies(roles),
            )
        BUILDERS[mapping.kind](self.shelf, part, cast)
        return mapping

    def _forget(self, prefix: str) -> None:
        """Drop what was only needed on the way."""
        tables = self.con.execute(
            "SELECT table_name FROM duckdb_tables() "
            f"WHERE table_name = '{prefix}' OR starts_with(table_name, '{prefix}_')"
        ).fetchall()
        for (name,) in tables:
            self.con.execute(f"DROP TABLE {sql.name(name)}")

    def _say(self, what: str, share: float) -> None:
        if self.desk.progress:
            self.desk.progress(what, share)


def _proposed(part: Part) -> FileMap | None:
    """A survey, unless the file tells of work on conversations."""
    survey, other = propose_survey(part), propose(part)
    if survey is None or other is None:
        return survey or other
    worked = WORK & set(other.columns) if other.kind != "activity" else set()
    if worked == {"solved_at"} and words(other.columns["solved_at"].column or "") in FILLED_IN:
        return survey
    return other if other.kind == "events" or worked else survey


def zone_in_headers(mapping: FileMap) -> str | None:
    """The time zone that a header of dates names, as in “Started at (Europe/Riga)”."""
    columns = [source.column for key, source in mapping.columns.items() if key in INSTANTS and source.column]
    found = [match[1] for column in columns if (match := re.search(r"\(([A-Z]\w+/[A-Z][\w/-]+|UTC)\)", column))]
    return found[0] if found and found[0] in available_timezones() else None


def zone_named(zone: str) -> str:
    """A time zone that exists. Raises MappingError."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise MappingError(
            Said(gettext_noop("“{zone}” is not a time zone; name one such as Europe/Riga."), zone=zone)
        ) from error
    return zone


def _check(mapping: FileMap, part: Part) -> None:
    """A mapping has what its kind needs, and names only columns that the part has. Raises MappingError."""
    for column in mapping.wanted():
        if column not in part.columns:
            lacks = gettext_noop("{file} has no column “{column}”; it has {columns}.")
            columns = ", ".join(map(repr, part.columns[:50]))
            raise MappingError(Said(lacks, file=part.name, column=column, columns=columns))
    for key in () if mapping.items else NEEDED.get(mapping.kind, ()):
        if key not in mapping.columns:
            needs = gettext_noop("{file}: a file of {kind} needs {key}.")
            raise MappingError(Said(needs, file=part.name, kind=mapping.kind, key=key))
    for key, source in mapping.columns.items():
        if source.hour is not None and (key not in INSTANTS or source.column is None):
            raise MappingError(
                Said(
                    gettext_noop("{file}: only a date in a column has an hour; {key} has none."),
                    file=part.name,
                    key=key,
                )
            )
        if source.answers is not None and (key != "conversation_id" or source.column is None):
            raise MappingError(
                Said(gettext_noop("{file}: only the number of a message in a column answers another."), file=part.name)
            )
        if source.column is None and key in COLUMNS:
            raise MappingError(
                Said(gettext_noop("{file}: {key} takes a column, not a value."), file=part.name, key=key)
            )
        if source.unit not in (None, CLOCK, *UNITS):
            unlike = gettext_noop("{file}: the unit of {key} is one of {known}.")
            raise MappingError(Said(unlike, file=part.name, key=key, known=", ".join((*UNITS, CLOCK))))
