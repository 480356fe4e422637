"""Rows that Python has to read (sheets, event logs) on their way to DuckDB, some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from answerable.measure.failures import BadRow
from answerable.measure.reading import sql
from answerable.measure.reading.part import Staged

BATCH = 20_000
LINE = "line in the file"


def stage_rows(
    con: Any, relation: str, wanted: Sequence[str], rows: Iterable[tuple[int, Sequence[str | None]]], file: Path
) -> Staged:
    """Rows, each with its number in the source and one value per wanted column, as a temporary table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(LINE, pa.int64()), *((f"c{place}", pa.string()) for place in range(len(wanted)))])
    with pq.ParquetWriter(file, schema, compression="snappy") as writer:
        batch: list[tuple[int, Sequence[str | None]]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                _write(writer, schema, batch)
                batch = []
        if batch:
            _write(writer, schema, batch)
    picked = ", ".join(f"{sql.present(f'c{place}')} AS {sql.name(column)}" for place, column in enumerate(wanted))
    return stage_query(con, relation, wanted, f"SELECT {sql.name(LINE)}, {picked} FROM {_parquet(file)}")


def _write(writer: Any, schema: Any, batch: Sequence[tuple[int, Sequence[str | None]]]) -> None:
    import pyarrow as pa

    numbers = pa.array([number for number, _ in batch], pa.int64())
    columns = [pa.array(values, pa.string()) for values in zip(*(values for _, values in batch), strict=True)]
    writer.write_table(pa.table([numbers, *columns], schema=schema))


def _parquet(file: Path) -> str:
    return f"read_parquet({sql.literal(str(file))})"


def stage_query(
    con: Any, relation: str, wanted: Sequence[str], query: str, rejected: tuple[BadRow, ...] = (), count: int = 0
) -> Staged:
    """A query's rows as a temporary table; it has a column `LINE` beside the wanted ones."""
    con.execute(f"CREATE TEMP TABLE {sql.name(relation)} AS {query}")
    rows = con.execute(f"SELECT count(*) FROM {sql.name(relation)}").fetchall()[0][0]

    def lines(numbers: Sequence[int]) -> list[int | None]:
        if not numbers:
            return []
        listed = ", ".join(map(str, numbers))
        query = f"SELECT rowid, {sql.name(LINE)} FROM {sql.name(relation)} WHERE rowid IN ({listed})"
        places = dict(con.execute(query).fetchall())
        return [places.get(number) for number in numbers]

    return Staged(relation, rows, dict.fromkeys(wanted, "text"), rejected, count, lines)
