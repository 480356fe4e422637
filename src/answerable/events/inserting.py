"""New rows of one table at once: a few by an INSERT that is planned once, many by COPY, a fifth of its work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

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
        values = [column(row) for row in new for name, column in table.columns.items() if name != table.key]
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
                writer.write_row([column(row) for column in table.columns.values()])


def _written(new: Sequence[models.Model], keys: Iterable[tuple[Any, ...]]) -> None:
    for row, (key,) in zip(new, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@dataclass(frozen=True)
class Table:
    """Where a model's rows are written to, and how each column is read off one."""

    name: str
    key: str
    columns: Mapping[str, Callable[[models.Model], object]]

    @cached_property
    def copy(self) -> sql.Composed:
        names = sql.SQL(", ").join([sql.Identifier(name) for name in self.columns])
        return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.name), names)

    def insert(self, rows: int) -> str:
        """For that many rows, whose keys it answers in their order."""
        names = [f'"{name}"' for name in self.columns if name != self.key]
        values = ", ".join([f"({', '.join(['%s'] * len(names))})"] * rows)
        return f'INSERT INTO "{self.name}" ({", ".join(names)}) VALUES {values} RETURNING "{self.key}"'  # noqa: S608


@cache
def _table(model: type[models.Model]) -> Table:
    meta = model._meta
    columns = {str(field.column): _column(field) for field in meta.local_concrete_fields}
    return Table(meta.db_table, str(meta.pk.column), columns)


def _column(field: "models.Field[Any, Any]") -> Callable[[models.Model], object]:
    if isinstance(field, models.ForeignKey):
        return lambda row: _key_of(field, row)
    if isinstance(field, models.JSONField):
        return lambda row: Jsonb(field.pre_save(row, True))
    if isinstance(field, models.CharField | models.TextField):  # a choice is stored as its value
        return lambda row: None if (value := field.pre_save(row, True)) is None else str(value)
    return lambda row: field.pre_save(row, True)


def _key_of(field: "models.ForeignKey[Any, Any]", row: models.Model) -> object:
    """The other row may have got its key only after this one was made with it."""
    if getattr(row, field.attname) is None and field.is_cached(row):
        setattr(row, field.name, getattr(row, field.name))
    return getattr(row, field.attname)
