"""A part's rows into the tables of a reading; rows that cannot be are set aside, counted and listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from answerable.measure.failures import BadRow, shortened
from answerable.measure.reading import sql
from answerable.measure.reading.casting import Cast, Check
from answerable.measure.reading.part import Part
from answerable.measure.reading.tables import SQL_TYPES, TABLES
from answerable.measure.tables import IDENTIFIER


@dataclass(slots=True)
class Shelf:
    """The tables being built in one DuckDB, and the rows that found no place. `counts` are rows by table.

    With `several` files the same row may come again: `again` counts by table what did, of the part being read.
    `given` are the columns of conversations that a file has told.
    """

    con: Any
    listed: int
    counts: dict[str, int] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    bad_count: int = 0
    last: list[int] = field(default_factory=list)
    several: bool = False
    again: dict[str, int] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def put(
        self,
        table: str,
        relation: str,
        columns: Mapping[str, str],
        where: str = "TRUE",
        same: Sequence[str] = (),
    ) -> int:
        """Rows of a relation into a table; columns it does not name are null. Answers how many.

        Of several files, rows alike in the columns `same`, all of them there, stand as often as in the file that has
        most of them. An expression of `same` holds over the table as over the columns.
        """
        if table not in self.counts:
            self.counts[table] = 0
            typed = ", ".join(f"{sql.name(column.name)} {SQL_TYPES[column.kind]}" for column in TABLES[table])
            self.con.execute(f"CREATE TEMP TABLE {table} ({typed})")
            self._narrow(table, relation, columns)
        else:
            self._widen(table, relation, columns)
        names = ", ".join(sql.name(each) for each in columns)
        picked = ", ".join(f"{expression} AS {sql.name(key)}" for key, expression in columns.items())
        rows = f"SELECT {picked} FROM {sql.name(relation)} WHERE {where}"
        if self.several and same and self.counts[table]:
            rows = self._unseen(table, rows, names, same)
        found = self.con.execute(f"INSERT INTO {table} ({names}) {rows}").fetchall()[0][0]
        self.counts[table] += found
        return int(found)

    def _unseen(self, table: str, rows: str, names: str, same: Sequence[str]) -> str:
        """The rows that are more of their like than the table has."""
        there = " AND ".join(f"{each} IS NOT NULL" for each in same)
        like = f"CASE WHEN {there} THEN hash({', '.join(f'CAST({each} AS VARCHAR)' for each in same)}) END"
        new = f"SELECT *, {like} AS alike FROM ({rows})"
        known = f"SELECT {like} AS alike, count(*) AS many FROM {table} GROUP BY 1"
        again = f"SELECT count(*) FROM ({new}) WHERE alike IN (SELECT alike FROM ({known}) WHERE alike IS NOT NULL)"
        if not self.con.execute(again).fetchall()[0][0]:
            return rows
        numbered = f"SELECT *, row_number() OVER (PARTITION BY alike) AS place FROM ({new})"
        query = f"FROM ({numbered}) LEFT JOIN ({known}) USING (alike)"
        left_out = "alike IS NOT NULL AND place <= coalesce(many, 0)"
        count = self.con.execute(f"SELECT count(*) {query} WHERE {left_out}").fetchall()[0][0]
        self.again[table] = self.again.get(table, 0) + int(count)
        return f"SELECT {names} {query} WHERE NOT ({left_out})"

    def _types(self, relation: str, columns: Mapping[str, str]) -> dict[str, str]:
        """The types of expressions over a relation."""
        picked = ", ".join(f"{expression} AS {sql.name(key)}" for key, expression in columns.items())
        return {
            row[0]: row[1] for row in self.con.execute(f"DESCRIBE SELECT {picked} FROM {sql.name(relation)}").fetchall()
        }

    def _narrow(self, table: str, relation: str, columns: Mapping[str, str]) -> None:
        """Identifiers that are whole numbers are kept as such: half the memory, twice the speed."""
        types = self._types(relation, columns)
        for column in TABLES[table]:
            if column.kind == IDENTIFIER and types.get(column.name, "VARCHAR") != "VARCHAR":
                self.con.execute(f"ALTER TABLE {table} ALTER {sql.name(column.name)} TYPE BIGINT")

    def _widen(self, table: str, relation: str, columns: Mapping[str, str]) -> None:
        """Where a later file's identifiers are texts, all become texts."""
        new, old = self._types(relation, columns), self._types(table, {c.name: sql.name(c.name) for c in TABLES[table]})
        for column in TABLES[table]:
            if column.kind == IDENTIFIER and new.get(column.name) == "VARCHAR" and old[column.name] != "VARCHAR":
                self.con.execute(f"ALTER TABLE {table} ALTER {sql.name(column.name)} TYPE VARCHAR")

    def build(self, part: Part, cast: Cast, columns: Mapping[str, str]) -> str:
        """A temporary table of a part's typed rows, without the bad ones; `row` is the number in the file."""
        relation = f"{cast.staged.relation}_typed"
        typed = ", ".join(f"{expression} AS {sql.name(key)}" for key, expression in {**columns, **cast.raw()}.items())
        kept = ", ".join(sql.name(key) for key in columns)
        self.con.execute(
            f"CREATE TEMP TABLE {sql.name(relation)} AS SELECT row, {kept}, {cast.fault()} AS fault FROM "
            f"(SELECT rowid AS row, {typed} FROM {sql.name(cast.staged.relation)})"
        )
        self.set_aside(part, cast, relation, "fault", cast.checks)
        self.con.execute(f"DELETE FROM {sql.name(relation)} WHERE fault > 0")
        return relation

    def set_aside(self, part: Part, cast: Cast, relation: str, fault: str, checks: list[Check]) -> None:
        """Count the rows with a fault, and list the first of them."""
        count = self.con.execute(f"SELECT count(*) FROM {sql.name(relation)} WHERE {fault} > 0").fetchall()[0][0]
        room = self.room(part.name)
        if count and room > 0:
            rows = self.con.execute(
                f"SELECT row, {fault} FROM {sql.name(relation)} WHERE {fault} > 0 ORDER BY row LIMIT {room}"
            ).fetchall()
            lines = cast.staged.lines([row for row, _ in rows])
            for (row, number), line in zip(rows, lines, strict=True):
                check = checks[number - 1]
                self.bad.append(BadRow(part.name, line, check.column, self._value(cast, check, row), check.reason))
        self.bad_count += count

    def seen(self, relation: str, columns: Sequence[str]) -> None:
        """Note the latest instant of a file, up to now: when its facts were taken, at the earliest."""
        latest = ", ".join(f"max({each}) FILTER (WHERE {each} <= epoch(now()))" for each in columns)
        found = self.con.execute(f"SELECT {latest} FROM {sql.name(relation)}").fetchall()[0]
        self.last += [value for value in found if value is not None]

    def room(self, name: str) -> int:
        """How many more bad rows of a file may be listed."""
        return self.listed - sum(each.file == name for each in self.bad)

    def _value(self, cast: Cast, check: Check, row: int) -> str | None:
        if check.column is None:
            return None
        found = self.con.execute(
            f"SELECT {sql.name(check.column)} FROM {sql.name(cast.staged.relation)} WHERE rowid = {row}"
        ).fetchall()[0]
        return shortened(found[0]) if found else None
