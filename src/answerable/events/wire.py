"""The database's own line: who waits for something need not ask."""

from django.db import connection
from psycopg.conninfo import make_conninfo

CHANNEL = "answerable_events"  # a trigger on events sends each one's id, verb, root and team
_NOT_FOR_LIBPQ = (
    "context",
    "cursor_factory",
    "prepare_threshold",
    "client_encoding",
    "pool",
    "server_side_binding",
)


def notify(channel: str) -> None:
    """Wake who waits on it, once this transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [channel])


def conninfo() -> str:
    """How to open a connection of one's own to the product's database, outside Django's pool."""
    parameters = connection.get_connection_params()
    for name in _NOT_FOR_LIBPQ:
        parameters.pop(name, None)
    return make_conninfo(**parameters)
