"""Questions to an engine: DuckDB, whose SQL is compiled once a shape (compiled.py), or a cluster of Spark."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from answerable.measure.compiled import Build, compiled
from answerable.measure.tables import TABLES, WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend
    from ibis.expr.schema import Schema

AT_ONCE = 1 << 18  # rows
DENSE = 24  # bits: so many keys may have a place each
GAPS = 2  # keys that may be to a row, for a place each


def duckdb() -> BaseBackend:
    """A DuckDB of our own, in memory."""
    import ibis

    return ibis.duckdb.connect()


@contextmanager
def beside(engine: BaseBackend) -> Iterator[BaseBackend]:
    """A DuckDB by another connection, which is asked while others are. It sees what is not of one connection only."""
    import ibis

    with engine.con.cursor() as con:
        yield ibis.duckdb.from_connection(con)


def ask(engine: BaseBackend, build: Build, tables: tuple[ir.Table, ...], asked: tuple[Any, ...]) -> pa.Table:
    """The rows of `build(*tables, *asked)` as Arrow. DuckDB keeps its dictionaries: words arrive as codes."""
    if engine.name == "duckdb":
        return engine.con.sql(compiled(engine, build, tables, asked)).to_arrow_table()
    return fetch(engine, build(*tables, *asked))


def batches(
    engine: BaseBackend, build: Build, tables: tuple[ir.Table, ...], asked: tuple[Any, ...]
) -> Iterator[pa.RecordBatch]:
    """The same rows, some at a time: DuckDB goes on while they are worked on, and never holds them all."""
    if engine.name == "duckdb":
        yield from engine.con.sql(compiled(engine, build, tables, asked)).to_arrow_reader(AT_ONCE)
    else:
        yield from fetch(engine, build(*tables, *asked)).to_batches(AT_ONCE)


def fetch(engine: BaseBackend, expression: ir.Table) -> pa.Table:
    """The rows of an expression, straight from engines where Ibis would cast every column."""
    if engine.name == "duckdb":
        return engine.con.sql(engine.compile(expression)).to_arrow_table()
    if engine.name == "pyspark":
        from answerable.measure import cluster

        return cluster.rows(engine, expression)
    return expression.to_pyarrow()


@contextmanager
def held(
    engine: BaseBackend, build: Build, table: ir.Table, asked: tuple[Any, ...], *, key: str | None = None
) -> Iterator[ir.Table]:
    """The rows of `build(table, *asked)`, reckoned once and held by the engine meanwhile; where there is one of each
    `key`, DuckDB has a place for every whole number of it instead of hashing them, if they have few gaps."""
    if engine.name != "duckdb":
        with build(table, *asked).cache() as rows:
            yield rows
        return
    name = f"held{build.__name__}"
    if key is not None and _dense(engine, table, key):
        engine.con.execute(f"SET perfect_ht_threshold = {DENSE}")
    engine.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {compiled(engine, build, (table,), asked)}")
    engine.con.execute("RESET perfect_ht_threshold")
    try:
        yield opened(engine, name)
    finally:
        engine.con.execute(f"DROP TABLE {name}")


def _dense(engine: BaseBackend, table: ir.Table, key: str) -> bool:
    """Whether a column is of whole numbers with few gaps, as they are that a database counted."""
    if not table[key].type().is_integer():
        return False
    row = ask(engine, _range, (table,), (key,)).to_pylist()[0]
    return bool(row["n"]) and row["high"] - row["low"] < min(GAPS * row["n"], 1 << DENSE)


def _range(rows: ir.Table, key: str) -> ir.Table:
    """The least and the greatest number of a column, and how many there are; Parquet tells it without being read."""
    return rows.agg(low=rows[key].min(), high=rows[key].max(), n=rows[key].count())


def prepare(
    engine: BaseBackend, name: str, build: Build, sources: tuple[ir.Table, ...], asked: tuple[Any, ...], *, keep: bool
) -> ir.Table:
    """The rows of `build(*sources, *asked)` as a view, which Spark can keep; or kept as a table of DuckDB with its
    words as numbers (enumerations): grouping by them takes half the time."""
    if engine.name != "duckdb":
        view = engine.create_view(name, build(*sources, *asked), overwrite=True)
        if keep and engine.name == "pyspark":
            engine.raw_sql(f"CACHE LAZY TABLE {name}")
        return view
    sql = compiled(engine, build, sources, asked)
    if keep:
        _keep(engine, name, sql)
    else:
        engine.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS {sql}')
    return opened(engine, name)


def _keep(engine: BaseBackend, name: str, sql: str) -> None:
    source = f"raw_{name}"
    engine.con.execute(f"CREATE TEMP TABLE {source} AS {sql}")
    coded = []
    for column in [column for column in _words() if column in opened(engine, source).columns]:
        kind = f'"{name}_{column}"'
        distinct = f"SELECT DISTINCT {column} FROM {source} WHERE {column} IS NOT NULL ORDER BY 1"  # noqa: S608 - names of ours
        engine.con.execute(f"CREATE TYPE {kind} AS ENUM ({distinct})")
        coded.append(f"{column}::{kind} AS {column}")
    engine.con.execute(f'CREATE TABLE "{name}" AS SELECT * REPLACE ({", ".join(coded)}) FROM {source}')  # noqa: S608
    engine.con.execute(f"DROP TABLE {source}")


def opened(engine: BaseBackend, name: str) -> ir.Table:
    """A table or view of DuckDB. Ibis would parse the types of its columns anew each time, which takes as long as
    a question."""
    from ibis.expr.operations import DatabaseTable

    columns = tuple(row[:3] for row in engine.con.execute(f'DESCRIBE "{name}"').fetchall())
    return DatabaseTable(name, schema=_schema(columns), source=engine).to_expr()


@lru_cache(256)
def _schema(columns: tuple[tuple[str, str, str], ...]) -> Schema:
    """The schema of columns as DuckDB describes them: name, type, and whether there may be nulls."""
    import ibis
    from ibis.backends.sql.datatypes import DuckDBType

    return ibis.schema({name: DuckDBType.from_string(kind, nullable=null == "YES") for name, kind, null in columns})


def _words() -> list[str]:
    """The names of all columns of words."""
    return sorted({column.name for table in TABLES.values() for column in table if column.kind == WORD})
