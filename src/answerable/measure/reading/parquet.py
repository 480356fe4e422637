"""Parquet: read where it lies, with its own types; fields inside a column are columns with a dot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from answerable.core.said import Said, gettext_noop
from answerable.measure.failures import ANEW, COLUMNS, Unreadable
from answerable.measure.reading import sql
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.part import Part, Row, Staged

MAGIC = b"PAR1"
_SAMPLED = 1_000


def open_parquet(path: Path, name: str, limits: Limits) -> Part:
    """The one part of a Parquet file. Raises Unreadable when it is damaged."""
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        found = dict(_leaves(schema))
        if not found or len(found) > limits.columns:
            raise Unreadable(name, Said(COLUMNS, n=len(found)), gettext_noop("Export a table of plain columns."))
        with duckdb.connect(config={"memory_limit": f"{limits.memory >> 20}MB"}) as con:
            texts = ", ".join(f"CAST({expression} AS VARCHAR)" for expression, _ in found.values())
            sample = con.execute(f"SELECT {texts} FROM {_source(path)} LIMIT {_SAMPLED}").fetchall()
    except (pa.ArrowException, duckdb.Error, OSError) as error:
        said = str(error).split("\n")[0][:200]
        raise Unreadable(
            name, Said(gettext_noop("It is a damaged Parquet file ({error})."), error=said), ANEW
        ) from error

    def stage(con: Any, relation: str, wanted: Sequence[str]) -> Staged:
        types = {column: found[column][1] for column in wanted}
        picked = ", ".join(f"{_picked(*found[column])} AS {sql.name(column)}" for column in wanted)
        source = f"read_parquet({sql.literal(str(path))}, file_row_number=true)"
        con.execute(f"CREATE TEMP TABLE {sql.name(relation)} AS SELECT {picked} FROM {source}")
        rows = con.execute(f"SELECT count(*) FROM {sql.name(relation)}").fetchall()[0][0]
        return Staged(relation, rows, types)

    rows: tuple[Row, ...] = tuple(sample)
    return Part(name, path, "parquet", tuple(found), rows, stage)


def _source(path: Path) -> str:
    return f"read_parquet({sql.literal(str(path))})"


def _leaves(fields: Any, parents: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each plain column: its name with dots, its expression, and its kind. Lists and maps are passed over."""
    import pyarrow as pa

    for field in fields:
        path = (*parents, field.name)
        if pa.types.is_struct(field.type):
            yield from _leaves(list(field.type), path)
        elif not pa.types.is_nested(field.type) and not pa.types.is_binary(field.type):
            yield ".".join(path), (".".join(map(sql.name, path)), _kind(field.type))


def _kind(kind: Any) -> str:
    """timestamp, timestamptz, date, number or text."""
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    return "text"


def _picked(expression: str, kind: str) -> str:
    """A column as it is staged: text cleaned, other types as they are."""
    return sql.present(f"CAST({expression} AS VARCHAR)") if kind == "text" else expression
