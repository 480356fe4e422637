"""Statements that PostgreSQL reads and plans once a connection, however often they are asked.

Django writes values into the text of a statement; so each is a new one, read and planned again.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.pq import Format
from psycopg.types.numeric import Int8


def ask(sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """All rows, as PostgreSQL keeps them, read by psycopg alone; none where the statement answers none.

    The connection prepares the statement when it is asked again (database.PREPARED_AFTER). A plan made before a
    migration changed a column's type is made anew. Within a transaction, which is lost by then, NotSupportedError is
    raised; its end makes the connection forget all plans.
    """
    try:
        return _ask(sql, values)
    except NotSupportedError:
        if connection.in_atomic_block:
            raise
        connection.connection.execute("DEALLOCATE ALL")
        return _ask(sql, values)


def tell(sql: str, rows: Sequence[Sequence[object]]) -> None:
    """The statement for each row of values, whose answers nobody wants: pipelined, where there are several."""
    if len(rows) == 1:
        ask(sql, rows[0])
    elif rows:
        with _cursor() as cursor:
            cursor.executemany(sql, [_bound(values) for values in rows])


def _ask(sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    with _cursor() as cursor:
        cursor.execute(sql, _bound(values))
        found: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
    return found


def _cursor() -> Any:
    ours = connections[DEFAULT_DB_ALIAS]  # once: to find this thread's takes a while
    ours.ensure_connection()
    bare: Any = ServerBindingCursor(ours.connection)  # type: ignore[call-arg] # psycopg's, with its arguments
    bare.format = Format.BINARY
    return ours.make_debug_cursor(bare) if ours.queries_logged else ours.make_cursor(bare)


def _bound(values: Iterable[object]) -> list[object]:
    """Numbers all of one type, lest the statement be prepared once for each size of number."""
    return [Int8(value) if isinstance(value, int) and not isinstance(value, bool) else value for value in values]
