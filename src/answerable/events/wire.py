"""The database's own line: who waits for something need not ask."""

import json
from collections.abc import Iterable

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


def conninfo() -> str:
    """How to open a connection of one's own to the product's database, outside Django's pool."""
    parameters = connection.get_connection_params()
    for name in _NOT_FOR_LIBPQ:
        parameters.pop(name, None)
    return make_conninfo(**parameters)


def whisper(verb: str, *, root: str, team_id: int | None) -> None:
    """Hint to who is watching now, without an event: what passes, such as who is typing. Whoever is away misses it."""
    whisper_all(verb, roots=[root], team_id=team_id)


def whisper_all(verb: str, *, roots: Iterable[str], team_id: int | None) -> None:
    """The same about many things at once."""
    payloads = [json.dumps({"id": 0, "verb": verb, "root": root, "team": team_id}) for root in roots]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", [CHANNEL, payloads])
