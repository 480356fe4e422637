"""New rows of one table at once: a few by an INSERT that is planned once, many by COPY, a fifth of its work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from django.db import connection, models
from psycopg import sql

from answerable.events.columns import Columns
from answerable.events.prepared import ask

Row = TypeVar("Row", bound=models.Model)
FEW = 8
"""Fewer than these, and an INSERT is the shorter way."""
KEYS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def insert_all(rows: Iterable[Row]) -> list[Row]:
    """Write the rows, all of one model and none saved yet; they get their keys in their order.

    All or nothing, in the caller's transaction. Raises what `bulk_create` would.
    """
    new = list(rows)
    if len(new) >= FEW:
        copy_all(new)
    elif new:
        table = _table(type(new[0]))
        values = [value for row in new for value in table.columns.of(row)]
        _written(new, ask(table.insert(len(new)), values))
    return new


def insert(row: Row) -> Row:
    """The same for one."""
    return insert_all([row])[0]


def copy_all(new: Sequence[models.Model]) -> None:
    """The same however few they are, at least one. Without a transaction around it, it is one of its own."""
    table = _table(type(new[0]))
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.execute(KEYS, [table.name, table.key, len(new)])
        _written(new, cursor.fetchall())
        with cursor.copy(table.copy) as writer:
            for row in new:
                writer.write_row([*table.columns.of(row), row.pk])


def _written(new: Sequence[models.Model], keys: Iterable[tuple[Any, ...]]) -> None:
    for row, (key,) in zip(new, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@dataclass(frozen=True)
class Table:
    """Where a model's rows are written to, and what is read off each: with its key last, which COPY writes, too."""

    name: str
    key: str
    columns: Columns

    @cached_property
    def copy(self) -> sql.Composed:
        names = sql.SQL(", ").join([sql.Identifier(name) for name in (*self.columns.names, self.key)])
        return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.name), names)

    def insert(self, rows: int) -> str:
        """For that many rows, whose keys it answers in their order."""
        names = [f'"{name}"' for name in self.columns.names]
        values = ", ".join([f"({', '.join(['%s'] * len(names))})"] * rows)
        return f'INSERT INTO "{self.name}" ({", ".join(names)}) VALUES {values} RETURNING "{self.key}"'  # noqa: S608


@cache
def _table(model: type[models.Model]) -> Table:
    meta = model._meta
    key = str(meta.pk.column)
    names = (str(field.column) for field in meta.local_concrete_fields)
    return Table(meta.db_table, key, Columns(model, [name for name in names if name != key]))
