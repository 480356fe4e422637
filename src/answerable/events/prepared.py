"""Statements that PostgreSQL reads and plans once a connection, however often they are asked.

Django writes values into the text of a statement; so each is a new one, read and planned again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import NoneType
from typing import Any, Final, Self

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8

from answerable.events.plans import Plans, Row

AS_THEY_ARE: Final = frozenset({str, NoneType, bool, datetime, float, Jsonb})
"""Types of values that psycopg writes as one type of PostgreSQL's, and that most values are of."""


def ask(sql: str, values: Sequence[object] = ()) -> list[Row]:
    """All rows, as PostgreSQL keeps them, read by psycopg alone; none where the statement answers none.

    A plan made before a migration changed a column's type is made anew. Within a transaction, which is lost by then,
    NotSupportedError is raised.
    """
    ours: Any = connections[DEFAULT_DB_ALIAS]  # once: to find this thread's takes a while
    written = _bound(values)
    try:
        return _ask(ours, sql, written)
    except NotSupportedError:
        if ours.in_atomic_block:
            raise
        return _ask(ours, sql, written)


def tell(sql: str, rows: Sequence[Sequence[object]]) -> None:
    """The statement for each row of values, whose answers nobody wants: sent together, where there are several."""
    if len(rows) == 1:
        ask(sql, rows[0])
    elif rows:
        ours = connections[DEFAULT_DB_ALIAS]
        ours.ensure_connection()
        _Asking(ours).wrapped().executemany(sql, [_bound(values) for values in rows])


def _ask(ours: Any, sql: str, values: Sequence[object]) -> list[Row]:
    if ours.connection is None:
        ours.ensure_connection()
    if ours.queries_logged or ours.execute_wrappers:
        asking = _Asking(ours)
        asking.wrapped().execute(sql, values)
        return asking.rows
    ours.validate_no_broken_transaction()
    with ours.wrap_database_errors:
        return Plans.of(ours.connection).ask(sql, values)


class _Asking:
    """A cursor as far as Django looks into one, which counts queries and makes psycopg's errors its own."""

    def __init__(self, ours: Any) -> None:
        self.rows: list[Row] = []
        self._sql = ""
        self._ours = ours
        self._plans = Plans.of(ours.connection)

    @property
    def _query(self) -> Self:
        """Where Django's log of queries finds the text: in its `query`."""
        return self

    @property
    def query(self) -> bytes:
        return self._sql.encode()

    def wrapped(self) -> Any:
        ours = self._ours
        return (ours.make_debug_cursor if ours.queries_logged else ours.make_cursor)(self)

    def execute(self, sql: str, values: Sequence[object]) -> None:
        self._sql = sql
        self.rows = self._plans.ask(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._sql = sql
        self._plans.tell(sql, rows)


def _bound(values: Iterable[object]) -> list[object]:
    """Numbers all of one type, lest the statement be prepared once for each size of number."""
    return [value if type(value) in AS_THEY_ARE else _one_type(value) for value in values]


def _one_type(value: object) -> object:
    if isinstance(value, list):
        return _bound(value)
    return Int8(value) if isinstance(value, int) else value
