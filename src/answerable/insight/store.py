"""The facts of every conversation, kept in columns beside the product's data, and brought up to date as they change.

One DuckDB file in the data directory. It is a copy: whoever deletes it loses the time that reading everything once
takes. Rows and the mark that says how far they are true change in one transaction, so that a process may die at any
instant. It is read anew when it belongs to another database, another version of us, or does not add up.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerable.insight.facts import Source, State, reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from answerable.insight.facts import Reader
    from answerable.measure.facts import Facts

FILE = "facts.duckdb"
WRITTEN_AS = 2
"""Raised when columns of the same names are read otherwise."""
AT_ONCE = 100_000  # conversations read in one piece: what memory holds of them meanwhile
MEMORY = "160MB"
SUMS = (
    """
SELECT count(*), count(first_responded_at), count(solved_at), sum(team_id),
    sum(list_position(['low', 'normal', 'high', 'urgent'], priority::VARCHAR)), sum(reopened_count),
    sum(first_response_business_seconds), sum(resolution_business_seconds), count(*) FILTER (WHERE spam),
    sum(merged_into), count(*) FILTER (WHERE imported)
FROM kept.conversations
""",
    """
SELECT count(*), count(stopped_at), sum(team_id), sum(target_seconds), sum(due_at), sum(elapsed_business_seconds),
    count(*) FILTER (WHERE state = 'met') FROM kept.clocks
""",
    "SELECT count(*), sum(team_id), count(score), sum(score) FROM kept.ratings",
)
"""What facts.SUMS must give as well, table by table."""
VISIBLE = {
    "conversations": """
SELECT * EXCLUDE (seconds) REPLACE (
    CASE WHEN first_responded_at IS NULL THEN seconds ELSE first_response_business_seconds END
        AS first_response_business_seconds,
    CASE WHEN solved_at IS NULL THEN seconds ELSE resolution_business_seconds END AS resolution_business_seconds)
FROM kept.conversations LEFT JOIN still USING (conversation_id) WHERE team_id IN ({teams})
""",
    "clocks": "SELECT * FROM kept.clocks WHERE team_id IN ({teams})",
    "ratings": "SELECT * FROM kept.ratings WHERE team_id IN ({teams})",
}
"""What a reader may see. Everything asked is asked of these, so that no filter can forget the condition."""
OPEN = """
SELECT version_id, standard, region, list({{'id': conversation_id, 'since': started_at}}) AS conversations
FROM kept.conversations
WHERE (first_responded_at IS NULL OR solved_at IS NULL) AND NOT imported
    AND started_at >= {start} AND started_at < {end}
GROUP BY version_id, standard, region
"""
"""Those that last, by what says whose hours count: some dozens of kinds, however many they are."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mark:
    """How far the rows are true: as State says, of which shape."""

    origin: str
    snapshot: str
    foreign_event: int


class Store:
    """The file, opened. `version` rises whenever a row has changed; `as_of` is when it was last brought up to date."""

    def __init__(self, directory: Path) -> None:
        import duckdb
        import ibis

        self.path = directory / FILE
        self.engine = ibis.duckdb.connect()
        self.con = self.engine.con
        self.con.execute(f"SET memory_limit = '{MEMORY}'")
        self.con.execute(f"SET temp_directory = {_quoted(directory / 'facts.spill')}")
        self.con.execute("SET preserve_insertion_order = false")
        self.version, self.as_of = 0, 0
        self.names: dict[str, dict[int, str]] = {}
        self.mark: Mark | None = None
        try:
            self._open()
        except duckdb.Error as error:
            logger.warning("%s cannot be read and is made anew: %s", self.path, error)
            self.clear()

    def close(self) -> None:
        """Let go of the file."""
        self.con.close()

    def clear(self) -> None:
        """Begin with an empty file."""
        import duckdb

        try:
            self.con.execute("DETACH DATABASE IF EXISTS kept")
        except duckdb.Error:
            logger.exception("%s does not close well", self.path)
        for path in (self.path, self.path.with_name(f"{FILE}.wal")):
            path.unlink(missing_ok=True)
        self._open()

    def _open(self) -> None:
        self.con.execute(f"ATTACH {_quoted(self.path)} AS kept")
        columns = "origin VARCHAR, snapshot VARCHAR, foreign_event BIGINT"
        self.con.execute(f"CREATE TABLE IF NOT EXISTS kept.mark ({columns})")
        found = self.con.execute("SELECT origin, snapshot, foreign_event FROM kept.mark").fetchall()
        self.mark = Mark(*found[0]) if found else None

    def refresh(self, conninfo: str) -> None:
        """Bring the rows up to date. Raises adbc_driver_manager.Error when the database does not answer."""
        with reading(conninfo) as reader:
            state = reader.state()
            self.as_of, self.names = state.as_of, reader.names()
            if not self._continues(state):
                self._read_everything(reader, state)
                return
            assert self.mark is not None
            if state.snapshot == self.mark.snapshot:
                return
            changed = reader.changed_since(self.mark.snapshot, self.mark.foreign_event)
            with self._transaction():
                for first in range(0, len(changed), AT_ONCE):
                    some = changed[first : first + AT_ONCE]
                    self._replace(some, reader.of(some))
                self._set_mark(state, self.mark.foreign_event)
            self.version += bool(changed)

    def verify(self, conninfo: str) -> bool:
        """Whether the rows add up to what the database holds. If not they are forgotten: someone changed them past
        our actions, or a change left no event."""
        self.refresh(conninfo)
        with reading(conninfo) as reader:
            assert self.mark is not None
            if reader.changed_since(self.mark.snapshot, self.mark.foreign_event):
                return True  # work goes on; there will be a quieter moment
            ours = [tuple(int(each or 0) for each in self.con.execute(query).fetchall()[0]) for query in SUMS]
            theirs = reader.sums()
        if ours == theirs:
            return True
        logger.warning("the report's facts do not add up and are read anew: %s, not %s", ours, theirs)
        self.clear()
        self.version += 1
        return False

    def facts(self, source: Source) -> Facts:
        """What the readers of some teams may see of the rows, as they stand."""
        from answerable.measure.engines import opened
        from answerable.measure.facts import Facts

        teams = ",".join(str(int(team)) for team in source.teams) or "NULL"
        still = self._still(source)
        self.con.register("still", still)
        for name, query in VISIBLE.items():
            self.con.execute(f"CREATE OR REPLACE VIEW visible_{name} AS {query.format(teams=teams)}")
        tables = {name: opened(self.engine, f"visible_{name}") for name in VISIBLE}
        return Facts.from_engine(self.engine, tables, as_of=self.as_of, names={"standard": {}, **self.names})

    def _still(self, source: Source) -> pa.Table:
        """Business time until now of each conversation that lasts, where hours are known."""
        import numpy as np
        import pyarrow as pa

        found = [pa.schema({"conversation_id": pa.int64(), "seconds": pa.int64()}).empty_table()]
        kinds = self.con.sql(OPEN.format(start=source.start, end=source.end)).to_arrow_table()
        for *promise, conversations in zip(*kinds.columns, strict=True):
            place, rows = source.hours.place(*(each.as_py() for each in promise)), conversations.values
            seconds = pa.nulls(len(rows), pa.int64())
            if place is not None:
                since = np.minimum(rows.field("since").to_numpy(), self.as_of)
                seconds = pa.array(source.hours.openings[place].seconds(since, self.as_of))
            found.append(pa.table({"conversation_id": rows.field("id"), "seconds": seconds}))
        return pa.concat_tables(found)

    def _continues(self, state: State) -> bool:
        """Whether the rows are an earlier state of the same database, in the shape of this version of us."""
        if self.mark is None or self.mark.origin != _origin(state):
            return False
        return int(self.mark.snapshot.split(":")[1]) <= state.next_transaction

    def _read_everything(self, reader: Reader, state: State) -> None:
        """All conversations, the mark last: who dies on the way begins again."""
        self.clear()
        for first in range(0, state.newest + 1, AT_ONCE):
            self._add(reader.between(first, first + AT_ONCE))
        with self._transaction():
            self._set_mark(state, state.foreign_event)
        self.con.execute("CHECKPOINT kept")
        self.version += 1

    def _replace(self, conversations: list[int], tables: Mapping[str, pa.Table]) -> None:
        import pyarrow as pa

        self.con.register("changed", pa.table({"id": pa.array(conversations, pa.int64())}))
        for name in tables:
            self.con.execute(f"DELETE FROM kept.{name} WHERE conversation_id IN (SELECT id FROM changed)")  # noqa: S608
        self.con.unregister("changed")
        self._add(tables)

    def _add(self, tables: Mapping[str, pa.Table]) -> None:
        """Add rows, to tables made for them where there are none."""
        for name, rows in tables.items():
            types = self._types(name)
            if not types:
                columns = ", ".join(f"{each.name} {_type(each.type)}" for each in rows.schema)
                self.con.execute(f"CREATE TABLE kept.{name} ({columns})")
                types = self._types(name)
            self._widen(name, rows, types)
            self.con.register("added", rows)
            self.con.execute(f"INSERT INTO kept.{name} SELECT * FROM added")  # noqa: S608
            self.con.unregister("added")

    def _widen(self, name: str, rows: pa.Table, types: Mapping[str, str]) -> None:
        """Make room for words that a column did not have yet. Words are numbers here (enumerations)."""
        for column in rows.schema:
            if types[column.name].startswith("ENUM"):
                known = self._words(types[column.name])
                found = {
                    word
                    for chunk in rows.column(column.name).chunks
                    for word in chunk.dictionary.to_pylist()
                    if word not in known
                }
                if found:
                    wider = _enumeration([*known, *sorted(found)])
                    self.con.execute(f"ALTER TABLE kept.{name} ALTER COLUMN {column.name} SET DATA TYPE {wider}")

    def _words(self, enumeration: str) -> list[str]:
        found: list[str] = self.con.execute(f"SELECT enum_range(NULL::{enumeration})").fetchall()[0][0]
        return found

    def _types(self, name: str) -> dict[str, str]:
        query = "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'kept' AND table_name = ?"
        return dict(self.con.execute(query, [name]).fetchall())

    def _set_mark(self, state: State, foreign_event: int) -> None:
        mark = Mark(_origin(state), state.snapshot, foreign_event)
        self.con.execute("DELETE FROM kept.mark")
        self.con.execute("INSERT INTO kept.mark VALUES (?, ?, ?)", [mark.origin, mark.snapshot, mark.foreign_event])
        self.mark = mark

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        before = self.mark
        self.con.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.con.execute("ROLLBACK")
            self.mark = before
            raise
        self.con.execute("COMMIT")


def _origin(state: State) -> str:
    """Of which database the rows are, and of which columns they consist."""
    from answerable.measure.tables import DESK

    shape = ";".join(f"{name}:{','.join(f'{each.name} {each.kind}' for each in DESK[name])}" for name in DESK)
    return f"{state.origin} {WRITTEN_AS} {shape}"


def _type(kind: pa.DataType) -> str:
    """DuckDB's name of a column's type."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind) or pa.types.is_string(kind):
        return _enumeration([""])  # never used; so that a column without words has a type, too
    return "BOOLEAN" if pa.types.is_boolean(kind) else "BIGINT"


def _enumeration(words: list[Any]) -> str:
    return f"ENUM ({', '.join(map(_quoted, words))})"


def _quoted(text: object) -> str:
    """As a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"
