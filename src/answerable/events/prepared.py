"""Statements that PostgreSQL reads and plans once a connection, however often they are asked.

Django writes values into the text of a statement; so each is a new one, read and planned again.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection, connections
from psycopg.types.numeric import Int8

from answerable.events.plans import Plans, Row


def ask(sql: str, values: Sequence[object] = ()) -> list[Row]:
    """All rows, as PostgreSQL keeps them, read by psycopg alone; none where the statement answers none.

    A plan made before a migration changed a column's type is made anew. Within a transaction, which is lost by then,
    NotSupportedError is raised.
    """
    asking = _Asking()
    try:
        asking.wrapped().execute(sql, _bound(values))
    except NotSupportedError:
        if connection.in_atomic_block:
            raise
        asking.wrapped().execute(sql, _bound(values))
    return asking.rows


def tell(sql: str, rows: Sequence[Sequence[object]]) -> None:
    """The statement for each row of values, whose answers nobody wants: sent together, where there are several."""
    if len(rows) == 1:
        ask(sql, rows[0])
    elif rows:
        _Asking().wrapped().executemany(sql, [_bound(values) for values in rows])


class _Asking:
    """A cursor as far as Django looks into one, which counts queries and makes psycopg's errors its own."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._sql = ""

    @property
    def _query(self) -> Self:
        """Where Django's log of queries finds the text: in its `query`."""
        return self

    @property
    def query(self) -> bytes:
        return self._sql.encode()

    def wrapped(self) -> Any:
        ours = connections[DEFAULT_DB_ALIAS]  # once: to find this thread's takes a while
        ours.ensure_connection()
        self._plans = Plans.of(ours.connection)
        wrap: Any = ours.make_debug_cursor if ours.queries_logged else ours.make_cursor
        return wrap(self)

    def execute(self, sql: str, values: Sequence[object]) -> None:
        self._sql = sql
        self.rows = self._plans.ask(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._sql = sql
        self._plans.tell(sql, rows)


def _bound(values: Iterable[object]) -> list[object]:
    """Numbers all of one type, lest the statement be prepared once for each size of number."""
    return [_one_type(value) for value in values]


def _one_type(value: object) -> object:
    if isinstance(value, list):
        return [_one_type(each) for each in value]
    return Int8(value) if isinstance(value, int) and not isinstance(value, bool) else value
