"""Facts for the measurement engine, out of PostgreSQL as Arrow: whole conversations, and which of them changed.

Every change of a conversation leaves an event in the same transaction, and the event bears the transaction's
number (migration 3 of events). So the events that were not yet to be seen in a snapshot taken earlier, and are in
this one, name exactly the conversations to read again: also those of a transaction that took long.
Runs in the engine's process, without Django.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from answerable.insight.openings import Hours

if TYPE_CHECKING:
    import adbc_driver_manager
    import pyarrow as pa

FROZEN = ("channel", "segment", "region", "language", "priority")
SNAPSHOT = re.compile(r"\d+:\d+:[\d,]*")

STATE = """
SELECT extract(epoch FROM now())::bigint AS as_of, pg_current_snapshot()::text AS snapshot,
    concat_ws('/', system_identifier, timeline_id, (SELECT oid FROM pg_database WHERE datname = current_database()),
        pg_relation_filenode('events_event'), pg_relation_filenode('desk_conversation'),
        pg_relation_filenode('desk_clock'), pg_relation_filenode('feedback_invitation'),
        pg_relation_filenode('feedback_rating')) AS origin,
    (SELECT coalesce(max(id), 0) FROM events_event
     WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())) AS foreign_event,
    (SELECT coalesce(max(id), 0) FROM desk_conversation) AS newest
FROM pg_control_system(), pg_control_checkpoint()
"""
CHANGED = """
SELECT DISTINCT substr(root, 14)::bigint AS id FROM events_event
WHERE transaction_id >= pg_snapshot_xmin('{snapshot}') AND NOT pg_visible_in_snapshot(transaction_id, '{snapshot}')
    AND id > {foreign_event} AND root LIKE 'conversation-%'
"""
CONVERSATIONS = """
SELECT id AS conversation_id, created_at AS started_at, opened_by_id, team_id, channel,
    nullif(segment, '') AS segment, nullif(region, '') AS region, nullif(language, '') AS language,
    (ARRAY['low', 'normal', 'high', 'urgent'])[priority] AS priority, first_answered_at AS first_responded_at,
    first_answer_seconds AS first_response_business_seconds, solved_at,
    solution_seconds AS resolution_business_seconds, reopen_count AS reopened_count, spam_at IS NOT NULL AS spam,
    merged_into_id AS merged_into, imported_at IS NOT NULL AS imported
FROM desk_conversation WHERE {chosen} AND beside_id IS NULL ORDER BY id
"""
CLOCKS = """
SELECT conversation_id, kind, started_at, team_id, version_id, standard, target_seconds, state, due_at, stopped_at,
    elapsed_seconds AS elapsed_business_seconds
FROM desk_clock WHERE {chosen} ORDER BY conversation_id, id
"""
RATINGS = """
SELECT conversation_id, asked_at AS invited_at, rated_at, score, agent_id, team_id
FROM feedback_invitation invitation LEFT JOIN feedback_rating rating ON rating.invitation_id = invitation.id
WHERE {chosen}
"""
NO_SPAM = "conversation_id NOT IN (SELECT id FROM desk_conversation WHERE spam_at IS NOT NULL)"
SUMS = (
    """
SELECT count(*), count(first_answered_at), count(solved_at), sum(team_id)::bigint, sum(priority), sum(reopen_count),
    sum(first_answer_seconds)::bigint, sum(solution_seconds)::bigint, count(spam_at), sum(merged_into_id)::bigint,
    count(imported_at)
FROM desk_conversation WHERE beside_id IS NULL
""",
    """
SELECT count(*), count(stopped_at), sum(team_id)::bigint, sum(target_seconds)::bigint,
    sum(floor(extract(epoch FROM due_at)))::bigint, sum(elapsed_seconds)::bigint,
    count(*) FILTER (WHERE state = 'met') FROM desk_clock WHERE {no_spam}
""",
    """
SELECT count(*), sum(team_id)::bigint, count(score), sum(score)
FROM feedback_invitation invitation LEFT JOIN feedback_rating rating ON rating.invitation_id = invitation.id
WHERE {no_spam}
""",
)
"""What store.SUMS must give as well, table by table, when both are of one state."""


@dataclass(frozen=True)
class Source:
    """Which facts: of which database and teams, and by whose hours open conversations begun from `start` until
    `end` (Unix seconds) are counted."""

    conninfo: str
    teams: tuple[int, ...]
    start: int
    end: int
    hours: Hours


@dataclass(frozen=True)
class State:
    """One state of the database: when it was (Unix seconds), as a snapshot, and of which database.

    `origin` is another when tables were restored, emptied or written anew. A restored event may bear a transaction
    number of the database it came from; all that do have an id up to `foreign_event`.
    """

    as_of: int
    snapshot: str
    origin: str
    foreign_event: int
    newest: int

    @property
    def next_transaction(self) -> int:
        """The first transaction that had not begun."""
        return int(self.snapshot.split(":")[1])


class Reader:
    """Reads one state of the database."""

    def __init__(self, connection: adbc_driver_manager.AdbcConnection) -> None:
        self._connection = connection

    def state(self) -> State:
        """Which state it is."""
        return State(**self.ask(STATE).to_pylist()[0])

    def names(self) -> dict[str, dict[int, str]]:
        """What teams and agents are called, by id."""
        tables = {"team_id": "people_team", "agent_id": "people_user"}
        return {
            noun: {row["id"]: row["name"] for row in self.ask(f"SELECT id, name FROM {table}").to_pylist()}  # noqa: S608
            for noun, table in tables.items()
        }

    def changed_since(self, snapshot: str, foreign_event: int) -> list[int]:
        """The conversations with an event that was not to be seen in an earlier snapshot. Ascending."""
        if not SNAPSHOT.fullmatch(snapshot):
            raise ValueError(f"{snapshot!r} is not a snapshot of PostgreSQL.")
        rows = self.ask(CHANGED.format(snapshot=snapshot, foreign_event=int(foreign_event)))
        return sorted(rows.column("id").to_pylist())

    def between(self, first: int, end: int) -> dict[str, pa.Table]:
        """The facts of conversations by id, from `first` up to, not including, `end`."""
        return self._facts(f"{{id}} >= {int(first)} AND {{id}} < {int(end)}")

    def of(self, conversations: Sequence[int]) -> dict[str, pa.Table]:
        """The facts of these conversations."""
        return self._facts(f"{{id}} = ANY(ARRAY[{','.join(str(int(pk)) for pk in conversations)}]::bigint[])")

    def sums(self) -> list[tuple[int, ...]]:
        """What the columns of each table add up to."""
        return [
            tuple(int(each[0].as_py() or 0) for each in self.ask(query.format(no_spam=NO_SPAM)).columns)
            for query in SUMS
        ]

    def _facts(self, chosen: str) -> dict[str, pa.Table]:
        """Tables of the engine's shape (measure.facts), without names; conversations with their first promise. Of
        spam there is only that it is."""
        import pyarrow.compute as pc

        from answerable.measure.facts import conform

        rows = self.ask(CONVERSATIONS.format(chosen=chosen.format(id="id")))
        spam = rows.filter(rows.column("spam")).column("conversation_id")
        clocks, ratings = (
            each.filter(pc.invert(pc.is_in(each.column("conversation_id"), value_set=spam)))
            for query in (CLOCKS, RATINGS)
            for each in (self.ask(query.format(chosen=chosen.format(id="conversation_id"))),)
        )
        promise = _first_promise(rows, clocks)
        tables = {"conversations": _opened(rows), "clocks": _frozen(clocks, rows), "ratings": _frozen(ratings, rows)}
        found = {name: conform(name, table) for name, table in tables.items()}
        for name in promise.column_names:
            found["conversations"] = found["conversations"].append_column(name, promise.column(name))
        return found

    def ask(self, query: str) -> pa.Table:
        """All rows of a query, text as codes."""
        import adbc_driver_manager
        import pyarrow as pa

        with adbc_driver_manager.AdbcStatement(self._connection) as statement:
            statement.set_sql_query(query)
            stream, _rows = statement.execute_query()
            with pa.RecordBatchReader._import_from_c(stream.address) as reader:
                return _coded(reader.read_all())


@contextmanager
def reading(conninfo: str) -> Iterator[Reader]:
    """A reader that sees one state throughout. Raises adbc_driver_manager.Error when no database answers."""
    import adbc_driver_manager

    with adbc_driver_manager.AdbcConnection(_database(conninfo)) as connection:
        connection.set_autocommit(False)
        with adbc_driver_manager.AdbcStatement(connection) as statement:
            statement.set_sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            statement.execute_update()
        yield Reader(connection)
        connection.rollback()


@lru_cache(maxsize=1)
def _database(conninfo: str) -> adbc_driver_manager.AdbcDatabase:
    """What is kept of it are its types: to ask for them takes twenty times as long as to connect. All that we read are
    PostgreSQL's own, the same on every server."""
    import adbc_driver_postgresql

    database: adbc_driver_manager.AdbcDatabase = adbc_driver_postgresql.connect(conninfo)
    return database


def _first_promise(rows: pa.Table, clocks: pa.Table) -> pa.Table:
    """Policy version and standard of each conversation's first clock; null without one."""
    import numpy as np
    import pyarrow as pa

    begun, wanted = clocks.column("conversation_id").to_numpy(), rows.column("conversation_id").to_numpy()
    place = np.searchsorted(begun, wanted)
    none = np.append(begun, -1)[place] != wanted
    return clocks.select(["version_id", "standard"]).take(pa.array(place, mask=none))


def _opened(rows: pa.Table) -> pa.Table:
    """`rows` with `opened_by`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    by_customer = pc.is_null(rows.column("opened_by_id")).cast(pa.int8()).combine_chunks()
    return rows.append_column("opened_by", pa.DictionaryArray.from_arrays(by_customer, pa.array(["agent", "customer"])))


def _frozen(rows: pa.Table, conversations: pa.Table) -> pa.Table:
    """`rows` with what was frozen on their conversations."""
    import numpy as np
    import pyarrow as pa

    ids = conversations.column("conversation_id").to_numpy()
    beside = conversations.select(FROZEN).take(
        pa.array(np.searchsorted(ids, rows.column("conversation_id").to_numpy()))
    )
    for name in FROZEN:
        rows = rows.append_column(name, beside.column(name))
    return rows


def _coded(rows: pa.Table) -> pa.Table:
    """Columns of text with few values as codes, so that no later step touches a text a row."""
    import pyarrow as pa

    for place, column in enumerate(rows.schema):
        if pa.types.is_string(column.type):
            rows = rows.set_column(place, column.name, rows.column(place).dictionary_encode().unify_dictionaries())
    return rows
