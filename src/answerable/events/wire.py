"""The database's own line: who waits for something need not ask."""

import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg.conninfo import make_conninfo

from answerable.events.prepared import tell

CHANNEL = "answerable_events"
"""A line for each event: its id, verb, root and team, as `Hint.payload` writes them. No line where some may have been
missed."""
TELL = "SELECT pg_notify(%s, %s)"
MOST_BYTES = 7_900
"""PostgreSQL refuses a notification of 8,000."""
NO_SAVEPOINT = frozenset([None])
"""What Django notes of an inner block that makes none: rolled back, it takes the whole transaction along."""
_NOT_FOR_LIBPQ = (
    "context",
    "cursor_factory",
    "prepare_threshold",
    "client_encoding",
    "pool",
    "server_side_binding",
)
logger = logging.getLogger(__name__)


def notify(channel: str, payloads: Collection[str] = ("",)) -> None:
    """Tell who waits on the channel, a line each, once this transaction is committed; never what is rolled back.

    Not within it: PostgreSQL lets one transaction that tells anybody commit at a time, and each would wait until the
    one before it is on the disk (docs/adr/0030). Whoever dies in between has told nobody: see `something_was_missed`.
    """
    if not payloads:
        return
    telling = _own_of_this_savepoint()
    telling.lines.extend((channel, payload) for payload in payloads)
    if not connection.in_atomic_block:
        telling()


def something_was_missed() -> None:
    """What each process says when it begins: whose place it takes may have written and not told. Where the database
    does not answer nobody listens either, and whoever comes back looks anew."""
    with suppress(psycopg.OperationalError), psycopg.connect(conninfo(), autocommit=True) as wire:
        wire.execute("SELECT pg_notify(%s, '')", [CHANNEL])


@dataclass
class _Telling:
    """What one transaction has to tell: a channel and a line each, in order."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self) -> None:
        """On another connection where this one has ended since. What is written stands anyway."""
        told = notifications(self.lines)
        try:
            tell(TELL, told)
        except (OperationalError, InterfaceError):
            connection.close()
            try:
                tell(TELL, told)
            except (OperationalError, InterfaceError) as error:
                logger.warning("nobody could be told of what is written (%s)", error)


def notifications(lines: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Channel and payload of each: as many lines of a channel together as fit, since every listener wakes for each.

    An empty line stands alone.
    """
    made: list[tuple[str, str]] = []
    last: dict[str, int] = {}
    for channel, line in dict.fromkeys(lines):
        earlier = made[last[channel]][1] if channel in last else ""
        if line and earlier and len(f"{earlier}\n{line}".encode()) <= MOST_BYTES:
            made[last[channel]] = (channel, f"{earlier}\n{line}")
        else:
            last[channel] = len(made)
            made.append((channel, line))
    return made


def _own_of_this_savepoint() -> _Telling:
    """What is told at the end of this transaction, unless this savepoint is rolled back."""
    savepoints = set(connection.savepoint_ids) - NO_SAVEPOINT
    for waiting in connection.run_on_commit:
        where, function = waiting[:2]
        if isinstance(function, _Telling) and where - NO_SAVEPOINT == savepoints:
            return function
    telling = _Telling()
    if connection.in_atomic_block:
        transaction.on_commit(telling)
    return telling


def conninfo() -> str:
    """How to open a connection of one's own to the product's database, outside Django's pool."""
    parameters = connection.get_connection_params()
    for name in _NOT_FOR_LIBPQ:
        parameters.pop(name, None)
    return make_conninfo(**parameters)
