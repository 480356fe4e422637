"""Facts: what the engine measures, as Arrow tables of a fixed shape, whoever delivers them.

The tables are in tables.py; any may be absent. Instants are whole Unix seconds in UTC (int64): the engine
buckets a million of them in milliseconds, where time zones would cost a fifth of a second; `conform` accepts
Arrow timestamps and turns them over.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from answerable.measure import engines
from answerable.measure.tables import AMOUNT, COUNT, DAY, DESK, FLAG, IDENTIFIER, INSTANT, SECONDS, TABLES, WORD, Column

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

    from answerable.measure.compiled import Build

FIRST_ROWS = 10_000
"""So many mostly have every key there is."""


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
    answers belong to, and whether it is known when any of them was given. `shared`: other connections of the engine
    see the tables, so that several questions may be asked at once.
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
    shared: bool = False
    _names: dict[str, dict[Any, str]] = field(default_factory=dict, repr=False)
    _read: dict[str, tuple[dict[Any, str], set[tuple[str, Build]]]] = field(
        default_factory=dict, repr=False, init=False
    )

    @classmethod
    def from_arrow(cls, tables: Mapping[str, pa.Table], *, as_of: int) -> Facts:
        """Facts from Arrow tables under the names of `TABLES`. They are made to conform, and prepared once
        in DuckDB's own memory: the Arrow tables may go afterwards."""
        engine = engines.duckdb()
        there = {}
        for name in TABLES:
            if name in tables:
                engine.con.register(name, conform(name, tables[name]))
                there[name] = engines.opened(engine, name)
        facts = cls.from_engine(engine, there, as_of=as_of, keep=True)
        for name in there:
            engine.con.unregister(name)
        return replace(facts, shared=True)

    @classmethod
    def from_parquet(cls, paths: Mapping[str, str | Path], *, as_of: int) -> Facts:
        """Facts from Parquet files that `write_parquet` wrote, read column by column when asked, not kept.

        Raises FactError when a file has not the shape `conform` gives.
        """
        import pyarrow.parquet as pq

        engine = engines.duckdb()
        there = {}
        for name in TABLES:
            if name in paths:
                there_are = pq.read_schema(paths[name]).names
                missing = [column.name for column in TABLES[name] if column.name not in there_are]
                if missing:
                    raise FactError(f"{name}: {paths[name]} lacks {', '.join(missing)}; see write_parquet.")
                path = str(paths[name]).replace("'", "''")
                engine.con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")  # noqa: S608
                there[name] = engines.opened(engine, name)
        return replace(cls.from_engine(engine, there, as_of=as_of), shared=True)

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
        from answerable.measure.preparation import PREPARED, all_ratings, ratings_of_surveys

        if not any(name in tables for name in TABLES):
            raise FactError(f"Facts: at least one table is needed: {', '.join(TABLES)}.")
        prepared: dict[str, tuple[Build, tuple[ir.Table, ...]]] = {
            name: (PREPARED[name], (tables[name],)) for name in TABLES if name in tables
        }
        instruments: dict[str, bool] = {}
        if "answers" in tables:
            distinct = engines.ask(engine, _instruments, (tables["answers"],), ())
            instruments = {row["instrument"]: row["dates"] > 0 for row in distinct.to_pylist()}
            if "csat" in instruments and "ratings" in tables:
                prepared["ratings"] = all_ratings, (tables["ratings"], tables["answers"])
            elif "csat" in instruments:
                prepared["ratings"] = ratings_of_surveys, (tables["answers"],)
        every = {
            name: engines.prepare(engine, f"prepared_{name}", build, sources, (as_of,), keep=keep)
            for name, (build, sources) in prepared.items()
        }
        known = {dimension: dict(shown) for dimension, shown in (names or {}).items()}
        there: dict[str, Any] = {name: every.get(name) for name in TABLES}
        return cls(**there, as_of=as_of, engine=engine, asked=asked, instruments=instruments, _names=known)

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
        has it, and of its first rows: where these name all, no other is read."""
        shown = {"team_id": "team", "agent_id": "agent", "standard": "promise"}.get(dimension)
        if shown is None:
            return {}
        if dimension in self._names:
            return self._names[dimension]
        known, read = self._read.setdefault(dimension, ({}, set()))
        carrying = [name for name, table in self.tables.items() if {dimension, shown} <= {*table.columns}]
        for name, named in product(carrying, (_shown_first, _shown)):
            if all(key is None or key in known for key in keys):
                break
            if (name, named) not in read:
                read.add((name, named))
                found = self.ask(named, self.tables[name], dimension, shown).to_pylist()
                new = [row for row in found if row["key"] not in known]
                known.update({row["key"]: row["shown"] for row in sorted(new, key=itemgetter("shown"))})
        return known

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression as Arrow. What is asked again and again is for `ask`."""
        return engines.fetch(self.engine, expression)

    def only(self, filters: Mapping[str, tuple[int | str, ...]]) -> Facts:
        """Those rows of a desk's tables whose columns each have one of the values given."""
        asked = tuple((column, tuple(values)) for column, values in filters.items())
        narrowed = {
            name: engines.prepare(self.engine, f"narrowed_{name}", _only, (table,), (asked,), keep=False)
            for name, table in self.tables.items()
            if name in DESK
        }
        return replace(self, **narrowed)

    def ask(self, build: Build, tables: ir.Table | tuple[ir.Table, ...], *asked: Any) -> pa.Table:
        """The rows of `build(*tables, *asked)` as Arrow, compiled once (compiled.py)."""
        return engines.ask(self.engine, build, tables if isinstance(tables, tuple) else (tables,), asked)

    def batches(self, build: Build, table: ir.Table, *asked: Any) -> Iterator[pa.RecordBatch]:
        """The same rows, some at a time."""
        return engines.batches(self.engine, build, (table,), asked)

    def held(
        self, build: Build, table: ir.Table, *asked: Any, key: str | None = None
    ) -> AbstractContextManager[ir.Table]:
        """The rows of `build(table, *asked)`, reckoned once and held by the engine meanwhile; of each `key` one."""
        return engines.held(self.engine, build, table, asked, key=key)

    @contextmanager
    def beside(self) -> Iterator[Facts]:
        """The same facts, which are asked while others are. Only of those that are `shared`."""
        with engines.beside(self.engine) as engine:
            yield replace(self, engine=engine)


def write_parquet(table: str, rows: pa.Table, path: str | Path) -> None:
    """Write facts, made to conform, where `Facts.from_parquet` reads them."""
    import pyarrow.parquet as pq

    pq.write_table(conform(table, rows), path, compression="zstd")


def _only(rows: ir.Table, filters: tuple[tuple[str, tuple[Any, ...]], ...]) -> ir.Table:
    """The rows whose columns each have one of the values."""
    return rows.filter([rows[column].isin(values) for column, values in filters])


def _shown_first(rows: ir.Table, dimension: str, shown: str) -> ir.Table:
    """The same of the first rows, which mostly have all keys."""
    return _shown(rows.select(dimension, shown).limit(FIRST_ROWS), dimension, shown)


def _shown(rows: ir.Table, dimension: str, shown: str) -> ir.Table:
    """The names of each key of a dimension: grouped by both, no words are compared."""
    return rows.select(key=dimension, shown=shown).filter(rows[shown].notnull()).distinct()


def _instruments(answers: ir.Table) -> ir.Table:
    """The instruments there are answers of, and how many of those have a date."""
    return answers.group_by("instrument").agg(dates=answers["at"].count())
