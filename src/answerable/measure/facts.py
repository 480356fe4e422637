"""Facts: what the engine measures, as Arrow tables of a fixed shape, whoever delivers them.

The tables are in tables.py; any may be absent. Instants are whole Unix seconds in UTC (int64): the engine
buckets a million of them in milliseconds, where time zones would cost a fifth of a second; `conform` accepts
Arrow timestamps and turns them over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from answerable.measure.tables import AMOUNT, COUNT, DAY, FLAG, IDENTIFIER, INSTANT, SECONDS, TABLES, WORD, Column

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend


class FactError(ValueError):
    """Facts that do not have the shape the engine reads. The message names the table and the column."""


def _arrow_type(kind: str) -> pa.DataType:
    """The Arrow type that a column's kind is stored as."""
    import pyarrow as pa

    if kind in (INSTANT, SECONDS, COUNT, DAY):
        return pa.int64()
    if kind == FLAG:
        return pa.bool_()
    if kind == AMOUNT:
        return pa.float64()
    if kind == IDENTIFIER:
        return pa.int64()
    return pa.dictionary(pa.int32(), pa.string()) if kind == WORD else pa.string()


def schema(table: str) -> pa.Schema:
    """The Arrow schema of a fact table, identifiers as int64 (strings are as welcome)."""
    import pyarrow as pa

    return pa.schema([(column.name, _arrow_type(column.kind)) for column in TABLES[table]])


def conform(table: str, rows: pa.Table) -> pa.Table:
    """`rows` in the engine's shape: order and types of `TABLES[table]`, absent columns null, others dropped.

    Timestamps become Unix seconds (those without a zone are UTC), words are dictionary-encoded.
    Raises FactError naming a required column that is absent, or one whose type cannot be read.
    """
    import pyarrow as pa

    arrays: dict[str, Any] = {}
    for column in TABLES[table]:
        if column.name in rows.column_names:
            arrays[column.name] = _conform_column(table, column, rows.column(column.name))
        elif column.required:
            raise FactError(f"{table}: column {column.name} is missing ({column.meaning}).")
        else:
            arrays[column.name] = pa.nulls(rows.num_rows, _arrow_type(column.kind))
    return pa.table(arrays)


def _conform_column(table: str, column: Column, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """One column in the engine's type."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if column.kind == INSTANT and pa.types.is_timestamp(values.type):
            return pc.floor_temporal(values, unit="second").cast(pa.timestamp("s")).cast(pa.int64())
        if column.kind == IDENTIFIER:
            return values.cast(pa.int64() if pa.types.is_integer(values.type) else pa.string())
        if column.kind == WORD and not pa.types.is_dictionary(values.type):
            return values.cast(pa.string()).dictionary_encode()
        return values.cast(_arrow_type(column.kind))
    except pa.ArrowException as error:
        raise FactError(f"{table}: column {column.name} ({column.kind}) cannot be read: {error}") from error


@dataclass(frozen=True)
class Facts:
    """The facts, prepared (preparation.py) and open in an engine. Tables that there are none of are None.

    `ratings` are of conversations, and answers to the CSAT question of surveys. `as_of` is when the facts were
    taken, Unix seconds UTC: what had not ended by then is censored there. `asked` says whether the ratings
    hold those who were asked and did not answer, so that there is a response rate. `instruments` are those the
    answers belong to, and whether it is known when any of them was given.
    """

    conversations: ir.Table | None
    clocks: ir.Table | None
    ratings: ir.Table | None
    answers: ir.Table | None
    activity: ir.Table | None
    returns: ir.Table | None
    as_of: int
    engine: BaseBackend
    asked: bool = True
    instruments: Mapping[str, bool] = field(default_factory=dict)
    _names: dict[str, dict[Any, str]] = field(default_factory=dict, repr=False)
    _read: dict[str, tuple[dict[Any, str], set[str]]] = field(default_factory=dict, repr=False, init=False)

    @classmethod
    def from_arrow(cls, tables: Mapping[str, pa.Table], *, as_of: int) -> Facts:
        """Facts from Arrow tables under the names of `TABLES`. They are made to conform, and prepared once
        in DuckDB's own memory: the Arrow tables may go afterwards."""
        engine = _duckdb()
        opened = {}
        for name in TABLES:
            if name in tables:
                engine.con.register(name, conform(name, tables[name]))
                opened[name] = engine.table(name)
        facts = cls.from_engine(engine, opened, as_of=as_of, keep=True)
        for name in opened:
            engine.con.unregister(name)
        return facts

    @classmethod
    def from_parquet(cls, paths: Mapping[str, str | Path], *, as_of: int) -> Facts:
        """Facts from Parquet files that `write_parquet` wrote, read column by column when asked, not kept.

        Raises FactError when a file has not the shape `conform` gives.
        """
        import pyarrow.parquet as pq

        engine = _duckdb()
        opened = {}
        for name in TABLES:
            if name in paths:
                missing = [c.name for c in TABLES[name] if c.name not in pq.read_schema(paths[name]).names]
                if missing:
                    raise FactError(f"{name}: {paths[name]} lacks {', '.join(missing)}; see write_parquet.")
                opened[name] = engine.read_parquet(str(paths[name]), table_name=name)
        return cls.from_engine(engine, opened, as_of=as_of)

    @classmethod
    def from_engine(
        cls,
        engine: BaseBackend,
        tables: Mapping[str, ir.Table],
        *,
        as_of: int,
        keep: bool = False,
        names: Mapping[str, Mapping[Any, str]] | None = None,
        asked: bool = True,
    ) -> Facts:
        """Facts in tables of an Ibis engine (DuckDB, Spark), of the shape `conform` gives.

        `keep` stores what is prepared, where otherwise it is a view: quicker to ask again, more memory.
        `names` by dimension and key stand instead of the columns of names (team, agent, promise).
        Raises FactError when there is no table at all.
        """
        from answerable.measure.preparation import PREPARED, ratings_of_surveys

        if not any(name in tables for name in TABLES):
            raise FactError(f"Facts: at least one table is needed: {', '.join(TABLES)}.")
        expressions = {name: PREPARED[name](tables[name], as_of) for name in TABLES if name in tables}
        instruments: dict[str, bool] = {}
        if "answers" in tables:
            rows = tables["answers"]
            distinct = _fetch(engine, rows.group_by("instrument").agg(dates=rows["at"].count()))
            instruments = {row["instrument"]: row["dates"] > 0 for row in distinct.to_pylist()}
            if "csat" in instruments:
                surveyed = ratings_of_surveys(tables["answers"], as_of)
                rated = expressions.get("ratings")
                expressions["ratings"] = surveyed if rated is None else alike(rated, surveyed)
        opened = {name: _open(engine, f"prepared_{name}", each, keep) for name, each in expressions.items()}
        known = {dimension: dict(shown) for dimension, shown in (names or {}).items()}
        every = {name: opened.get(name) for name in TABLES}
        return cls(**every, as_of=as_of, engine=engine, asked=asked, instruments=instruments, _names=known)

    def undated(self, instrument: str) -> bool:
        """Whether nobody wrote down when the answers of an instrument were given: then they are of any period."""
        return not self.instruments.get(instrument, True)

    @property
    def tables(self) -> dict[str, ir.Table]:
        """The tables that there are, by name."""
        every = ((name, getattr(self, name)) for name in TABLES)
        return {name: table for name, table in every if table is not None}

    def names(self, dimension: str, keys: Collection[Any]) -> dict[Any, str]:
        """The shown name of each key of a dimension whose facts carry one (team_id -> team), of the first table that
        has it: where one table names all, no other is read."""
        shown = {"team_id": "team", "agent_id": "agent", "standard": "promise"}.get(dimension)
        if shown is None:
            return {}
        if dimension in self._names:
            return self._names[dimension]
        known, read = self._read.setdefault(dimension, ({}, set()))
        for name, table in self.tables.items():
            if all(key is None or key in known for key in keys):
                break
            if name not in read and dimension in table.columns and shown in table.columns:
                read.add(name)
                found = self.fetch(table.group_by(dimension).agg(shown=table[shown].max())).to_pylist()
                named = {row[dimension]: row["shown"] for row in found if row["shown"] is not None}
                known.update({key: name for key, name in named.items() if key not in known})
        return known

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression as Arrow. DuckDB keeps its dictionaries: words arrive as codes."""
        return _fetch(self.engine, expression)

    def keep(self, expression: ir.Table) -> ir.Table:
        """The expression's rows, reckoned once and held by the engine for as long as the result is."""
        return expression.cache()


def write_parquet(table: str, rows: pa.Table, path: str | Path) -> None:
    """Write facts, made to conform, where `Facts.from_parquet` reads them."""
    import pyarrow.parquet as pq

    pq.write_table(conform(table, rows), path, compression="zstd")


def alike(first: ir.Table, second: ir.Table) -> ir.Table:
    """Both tables' rows, the second's columns as the first's types."""
    columns = first.schema()
    return first.union(second.select(**{name: second[name].cast(kind) for name, kind in columns.items()}))


def _fetch(engine: BaseBackend, expression: ir.Table) -> pa.Table:
    """The rows of an expression, straight from engines where Ibis would cast every column."""
    if engine.name == "duckdb":
        return engine.con.sql(engine.compile(expression)).to_arrow_table()
    if engine.name == "pyspark":
        from answerable.measure import cluster

        return cluster.rows(engine, expression)
    return expression.to_pyarrow()


def _open(engine: BaseBackend, name: str, expression: ir.Table, keep: bool) -> ir.Table:
    """The expression as a view, which Spark can keep; or kept as a table of DuckDB with its words as numbers
    (enumerations): grouping by them takes half the time."""
    if not keep or engine.name != "duckdb":
        view = engine.create_view(name, expression, overwrite=True)
        if keep and engine.name == "pyspark":
            engine.raw_sql(f"CACHE LAZY TABLE {name}")
        return view
    source = f'"raw_{name}"'
    engine.con.execute(f"CREATE TEMP TABLE {source} AS {engine.compile(expression)}")
    coded = []
    for column in [column for column in _words() if column in expression.columns]:
        kind = f'"{name}_{column}"'
        distinct = f"SELECT DISTINCT {column} FROM {source} WHERE {column} IS NOT NULL ORDER BY 1"  # noqa: S608 - names of ours
        engine.con.execute(f"CREATE TYPE {kind} AS ENUM ({distinct})")
        coded.append(f"{column}::{kind} AS {column}")
    engine.con.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * REPLACE ({", ".join(coded)}) FROM {source}')  # noqa: S608
    engine.con.execute(f"DROP TABLE {source}")
    return engine.table(name)


def _words() -> list[str]:
    """The names of all columns of words."""
    return sorted({column.name for table in TABLES.values() for column in table if column.kind == WORD})


def _duckdb() -> BaseBackend:
    """A DuckDB of our own, in memory."""
    import ibis

    return ibis.duckdb.connect()
