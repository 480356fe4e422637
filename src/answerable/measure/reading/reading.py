"""From files to facts: open, understand, cast, and say what was guessed, what was left out and what is missing."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from answerable.core.said import Said, gettext_noop
from answerable.measure import scratch
from answerable.measure.failures import AS_TEXT, BadRow, Unreadable
from answerable.measure.reading import events, sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.mapfile import as_toml, read_map, write_map
from answerable.measure.reading.mapping import FileMap
from answerable.measure.reading.missing import Missing, missing
from answerable.measure.reading.opening import Desk
from answerable.measure.reading.reader import Reader, Understood, zone_named
from answerable.measure.reading.tables import TABLES
from answerable.measure.reading.text import Progress

if TYPE_CHECKING:
    import pyarrow as pa

    from answerable.measure.cluster import Cluster
    from answerable.measure.facts import Facts


@dataclass(slots=True)
class Reading:
    """What was read: tables in a DuckDB of its own, in a scratch directory that goes with it.

    `tables` names those that have rows; their shapes are in tables.py. `bad_count` counts every row left out;
    `bad` lists the first of each file. `as_of` is the latest instant seen, Unix seconds, unless it was given.
    Close it, or use it in a `with`.
    """

    con: Any
    files: tuple[Understood, ...]
    bad: tuple[BadRow, ...]
    bad_count: int
    missing: tuple[Missing, ...]
    as_of: int
    counts: Mapping[str, int]
    _finalizer: Any = field(repr=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that have rows."""
        return tuple(name for name, count in self.counts.items() if count)

    def tells(self, table: str, column: str) -> bool:
        """Whether any row of a table has a value in a column."""
        asked = f"SELECT count({sql.name(column)}) > 0 FROM {table}"
        return table in self.tables and bool(self.con.execute(asked).fetchall()[0][0])

    def relation(self, table: str) -> Any:
        """A table as a relation of DuckDB."""
        return self.con.table(table)

    def arrow(self, table: str) -> pa.Table:
        """A table in memory, words as dictionaries."""
        import pyarrow as pa

        from answerable.measure.tables import WORD

        found = self.relation(table).to_arrow_table()
        for column in TABLES[table]:
            if column.kind == WORD:
                place = found.schema.get_field_index(column.name)
                words = found.column(place).cast(pa.string()).dictionary_encode()
                found = found.set_column(place, column.name, words)
        return found

    def parquet(self, directory: Path, tables: Collection[str] | None = None) -> dict[str, Path]:
        """Every table, or those named, as a Parquet file in a directory, for another engine, or to keep."""
        paths = {name: directory / f"{name}.parquet" for name in (self.tables if tables is None else tables)}
        for name, path in paths.items():
            self.con.execute(f"COPY {name} TO {sql.literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        return paths

    def facts(self, cluster: Cluster | None = None) -> Facts:
        """The engine's facts over these tables, in this DuckDB, or on a cluster of Spark, which reads them from
        its directory. Raises FactError when nothing was read, NoCluster when the cluster does not see them.

        There is a response rate only if somebody who was asked did not answer: files seldom tell who was.
        """
        import ibis

        from answerable.measure.engines import opened
        from answerable.measure.facts import Facts
        from answerable.measure.tables import TABLES as FACTS

        known = [name for name in FACTS if name in self.tables]
        if cluster is None:
            engine = ibis.duckdb.from_connection(self.con)
            tables = {name: opened(engine, name) for name in known}
        else:
            engine = cluster.engine
            tables = cluster.tables(self.parquet(cluster.folder, known))
        unanswered = "SELECT 1 FROM ratings WHERE rated_at IS NULL LIMIT 1"
        asked = "ratings" in tables and bool(self.con.execute(unanswered).fetchall())
        return Facts.from_engine(engine, tables, as_of=self.as_of, asked=asked, keep=cluster is not None)

    def variants(self) -> int:
        """How many different sequences of activities the event logs have."""
        return events.variants(self.con) if "events" in self.tables else 0

    @property
    def map(self) -> str:
        """The guess for each file as the text of a `map.toml`."""
        return as_toml([each.mapping for each in self.files], {each.name: each.columns for each in self.files})

    def write_map(self, path: Path) -> None:
        """The guess for each file as a `map.toml`, to correct and give back."""
        write_map([each.mapping for each in self.files], path, {each.name: each.columns for each in self.files})

    def close(self) -> None:
        """Forget the tables and the scratch directory."""
        self._finalizer()

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read(
    paths: Sequence[str | Path],
    map: str | Path | Sequence[FileMap] | None = None,
    progress: Progress | None = None,
    *,
    zone: str | None = None,
    first: Literal["day", "month"] | None = None,
    activities: Mapping[str, Sequence[str]] | None = None,
    as_of: int | None = None,
    limits: Limits | None = None,
    within: str | Path | None = None,
) -> Reading:
    """Read files of any kind into facts.

    `map` is a map.toml, or what it says. `zone` is of times that name none; `first` says whether day or month comes
    first; `activities` maps asked, answered, solved and reopened to an event log's activities. What is not given is
    guessed. `progress` is called with what is being done and the share of it, 0 to 1. `within` is where the
    temporary directory is made.

    Raises Unreadable for a file that cannot be read at all, MappingError for a mapping that does not fit.
    """
    import duckdb

    limits = limits or Limits()
    mappings = read_map(Path(map)) if isinstance(map, (str, Path)) else tuple(map or ())
    zone_named(zone or "UTC")
    folder = scratch.make(prefix="answerable-", within=within)
    try:
        con = duckdb.connect(
            config={
                "memory_limit": f"{limits.memory >> 20}MB",
                "temp_directory": str(folder / "spilled"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        con.execute("SET enable_progress_bar = false")  # it would stand among what a command prints
        finalizer = weakref.finalize(con, scratch.remove, folder)
    except BaseException:
        scratch.remove(folder)
        raise

    def close() -> None:
        con.close()
        finalizer()

    reader = Reader(
        con, Desk(folder, limits, progress), mappings, zone, first, activities or {}, Shelf(con, limits.listed)
    )
    try:
        reader.read([Path(path) for path in paths])
        return Reading(
            con=con,
            files=tuple(reader.files),
            bad=tuple(sorted(reader.shelf.bad, key=lambda each: (each.file, each.line or 0))),
            bad_count=reader.shelf.bad_count,
            missing=missing(reader.shelf, [each.mapping for each in reader.files]),
            as_of=as_of if as_of is not None else max(reader.shelf.last, default=0),
            counts=dict(reader.shelf.counts),
            _finalizer=close,
        )
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException):
        close()
        raise
    except duckdb.Error as error:
        close()
        raise _gave_up(error, reader.at) from error
    except BaseException:
        close()
        raise


def _gave_up(error: Exception, file: str) -> Unreadable:
    """DuckDB gave up: the file is damaged, or larger than the machine."""
    import duckdb

    if isinstance(error, (duckdb.OutOfMemoryException, duckdb.IOException)):
        return Unreadable(
            file,
            gettext_noop("There is not enough memory or disk for it."),
            gettext_noop("Free some, or read fewer files at once."),
        )
    first = str(error).split("\n")[0]
    return Unreadable(file, Said(gettext_noop("It cannot be read ({error})."), error=first[:200]), AS_TEXT)
