"""From a file's text to typed columns, by its mapping: SQL for each value, and for what cannot be one.

Nothing here touches a row in Python: each function answers an expression that DuckDB evaluates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from answerable.measure.reading import dates, numerals, sql
from answerable.measure.reading.mapping import DURATIONS, INSTANTS, NUMBERS, FileMap, Source
from answerable.measure.reading.part import Part, Staged
from answerable.measure.words import Said, gettext_noop

EARLIEST, LATEST = -2_208_988_800, 7_258_118_400
"""1900 and 2200, in Unix seconds: an instant outside is a slip of the pen."""
YES = ("yes", "true", "t", "y", "1", "x", "spam")
_UNREAD = {
    "instant": gettext_noop("is not a date that can be read"),
    "number": gettext_noop("is not a number"),
    "seconds": gettext_noop("is not a duration"),
}
_NONE_IN_IT = gettext_noop("there is no {what} in it")
_MONTHS = gettext_noop("the names of months in {column} are read as those of the language {language}")
NO_ZONE = gettext_noop("its times name no time zone; taken for {zone}")


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that makes a row bad: of which target, from which column, and why. It is over the typed columns,
    by their targets, and the columns of the file, by their names after `raw`."""

    key: str
    column: str | None
    condition: str
    reason: str


@dataclass(frozen=True, slots=True)
class Forms:
    """How a part's values are written, decided from whole columns. `shown` is for the person who checks it."""

    zone: str
    order: dates.Order
    decimal: str
    dates: Mapping[str, dates.Column]
    shown: Mapping[str, str]
    doubts: tuple[str, ...]


def decide(con: Any, part: Part, staged: Staged, mapping: FileMap, zone: str, first: dates.Order | None) -> Forms:
    """Look through the mapped columns of dates and numbers."""
    con.execute(f"SET TimeZone = {sql.literal(zone)}")
    named = {key: source.column for key, source in mapping.columns.items() if source.column is not None}
    columns = {
        column: dates.examine(con, staged.relation, column, staged.types[column], mapping.months)
        for column in dict.fromkeys(column for key, column in named.items() if key in INSTANTS)
    }
    given = mapping.first if mapping.first in ("day", "month") else first
    doubts = [*part.doubts, *staged.doubts]
    marks = [column for key, column in named.items() if key in NUMBERS + DURATIONS and staged.types[column] == "text"]
    decimal, doubt = (mapping.decimal, None) if mapping.decimal else numerals.decimal_mark(con, staged.relation, marks)
    doubts += [doubt] if doubt else []

    def hint() -> dates.Order:
        texts = [shape for column in columns.values() for shape in column.formats]
        american = any(text.lower().endswith("m") for text in texts) and decimal == "."
        return "month" if american else "day"

    order, doubt = dates.decide(list(columns.values()), given, hint)  # type: ignore[arg-type]
    doubts += [doubt] if doubt else []
    timed = {column for key, column in named.items() if key in INSTANTS and key != "date"}
    unzoned = [each for column, each in columns.items() if column in timed and not each.zoned]
    if mapping.zone is None and any(each.kind != dates.EPOCH for each in unzoned):
        doubts.append(Said(NO_ZONE, zone=zone))
    doubts += [
        Said(_MONTHS, column=column, language=each.rewriting.language)
        for column, each in columns.items()
        if each.rewriting is not None and each.rewriting.months and mapping.months is None
    ]
    shown = {column: dates.shown(found, order) for column, found in columns.items()}
    return Forms(zone, order, decimal, columns, shown, tuple(doubts))


@dataclass(slots=True)
class Cast:
    """SQL for the targets of one part. `checks` gathers what makes a row bad as expressions are asked for."""

    mapping: FileMap
    staged: Staged
    forms: Forms
    checks: list[Check] = field(default_factory=list)

    def has(self, key: str) -> bool:
        """Whether the mapping says where the target comes from."""
        return key in self.mapping.columns

    def instant(self, key: str, *, required: bool = False) -> str:
        """Unix seconds."""
        if (source := self.mapping.columns.get(key)) is None or source.column is None:
            return "CAST(NULL AS BIGINT)"
        forms = self.forms
        raw, read = sql.name(f"raw {source.column}"), sql.name(key)
        unread = f"{read} IS NULL OR {read} NOT BETWEEN {EARLIEST} AND {LATEST}"
        self._check(key, source, f"NOT starts_with(CAST({raw} AS VARCHAR), '{dates.ZERO}') AND ({unread})", "instant")
        if required:
            self.need(key)
        read = dates.instants(forms.dates[source.column], sql.name(source.column), forms.order, forms.zone)
        nothing = [word for word, meant in source.words.items() if not meant]
        if nothing:
            text = f"CAST({sql.name(source.column)} AS VARCHAR)"
            read = f"CASE WHEN {text} NOT IN ({sql.literals(nothing)}) THEN {read} END"
        return read

    def present(self, key: str) -> str:
        """The text of an instant that is one; null where there is none."""
        if (source := self.mapping.columns.get(key)) is None or source.column is None:
            return "CAST(NULL AS VARCHAR)"
        text = f"CAST({sql.name(source.column)} AS VARCHAR)"
        nothing = f"lower({text}) IN ({sql.literals(dates.NOTHING)}) OR starts_with({text}, '{dates.ZERO}')"
        return f"CASE WHEN NOT ({nothing}) THEN {text} END"

    def seconds(self, key: str) -> str:
        """Whole seconds of a duration."""
        if (source := self.mapping.columns.get(key)) is None or source.column is None:
            return "CAST(NULL AS BIGINT)"
        self._check(key, source, f"{sql.name(key)} IS NULL", "seconds")
        kind = self.staged.types[source.column]
        return numerals.seconds(sql.name(source.column), source.unit or "seconds", self.forms.decimal, kind)

    def number(self, key: str, *, checked: bool = True) -> str:
        """A number. One that is not is bad, where `checked`, unless its words mean that there is none."""
        if (source := self.mapping.columns.get(key)) is None:
            return "CAST(NULL AS DOUBLE)"
        if source.column is not None and checked:
            unread = f"{sql.name(key)} IS NULL OR NOT isfinite({sql.name(key)}) OR abs({sql.name(key)}) > 1e15"
            self._check(key, source, unread, "number")
        value = self._worded(source)
        kind = "text" if source.words or source.column is None else self.staged.types[source.column]
        read = numerals.number(value, self.forms.decimal, kind)
        if source.times is None:
            return read
        often = numerals.number(sql.name(source.times), self.forms.decimal, self.staged.types[source.times])
        return f"({read}) * ({often})"

    def word(self, key: str) -> str:
        """A word, null where there is none."""
        if (source := self.mapping.columns.get(key)) is None:
            return "CAST(NULL AS VARCHAR)"
        return self._worded(source)

    def identifier(self, key: str, whole: bool) -> str:
        """An identifier, as a whole number where all of them are."""
        value = self.word(key)
        return f"TRY_CAST({value} AS BIGINT)" if whole and self.has(key) else value

    def flag(self, key: str) -> str:
        """True for yes, true, 1, x and spam; false for anything else."""
        value = self.word(key)
        return f"coalesce(lower({value}) IN ({sql.literals(YES)}), FALSE)"

    def need(self, key: str) -> None:
        """The row is bad where there is no such value."""
        source = self.mapping.columns.get(key, Source())
        self.checks.append(Check(key, source.column, f"{sql.name(key)} IS NULL", Said(_NONE_IN_IT, what=key)))

    def raw(self) -> dict[str, str]:
        """The columns that the checks look at, as they stand in the file, under names of their own."""
        columns = {check.column for check in self.checks if check.column is not None}
        return {f"raw {column}": sql.name(column) for column in sorted(columns)}

    def _worded(self, source: Source) -> str:
        """The text of a source, its words translated; case does not matter."""
        if source.column is None:
            return sql.literal(source.value or "")
        value = f"CAST({sql.name(source.column)} AS VARCHAR)"
        if source.equals is not None:
            other = f"CAST({sql.name(source.equals)} AS VARCHAR)"
            return f"CASE WHEN {value} <> {other} THEN 'agent' ELSE 'customer' END"
        if not source.words:
            return value
        branches = " ".join(
            f"WHEN {sql.literal(word.lower())} THEN {sql.literal(meant) if meant else 'NULL'}"
            for word, meant in source.words.items()
            if word != "*"
        )
        other = sql.literal(source.words["*"]) if source.words.get("*") else value
        other = f"CASE WHEN {value} IS NOT NULL THEN {other} END"
        return f"CASE lower({value}) {branches} ELSE {other} END" if branches else other

    def _check(self, key: str, source: Source, unread: str, what: str) -> None:
        assert source.column is not None
        if self.staged.types[source.column] == "number" and what != "instant":
            return
        raw = sql.name(f"raw {source.column}")
        nothing = [word.lower() for word, meant in source.words.items() if not meant]
        nothing += dates.NOTHING if what == "instant" else ()
        present = f"{raw} IS NOT NULL AND trim(CAST({raw} AS VARCHAR)) <> ''" + (
            f" AND lower(CAST({raw} AS VARCHAR)) NOT IN ({sql.literals(nothing)})" if nothing else ""
        )
        self.checks.append(Check(key, source.column, f"{present} AND ({unread})", _UNREAD[what]))

    def fault(self) -> str:
        """The number, from 1, of the first check that holds; 0 where none does."""
        if not self.checks:
            return "0"
        branches = " ".join(
            f"WHEN {check.condition} THEN {number}" for number, check in enumerate(self.checks, start=1)
        )
        return f"CASE {branches} ELSE 0 END"


def whole(con: Any, relation: str, column: str | None) -> bool:
    """Whether every identifier of a column is a whole number, written plainly, so that a number can hold it."""
    if column is None:
        return False
    value = f"CAST({sql.name(column)} AS VARCHAR)"
    for rows in (f"(FROM {sql.name(relation)} LIMIT 1000)", sql.name(relation)):
        wrong = con.execute(
            f"SELECT count(*) FILTER (WHERE coalesce(CAST(TRY_CAST({value} AS BIGINT) AS VARCHAR), '') <> {value}) "
            f"FROM {rows}"
        ).fetchall()[0][0]
        if wrong:
            return False
    return True
