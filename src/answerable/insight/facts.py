"""Facts for the measurement engine, out of PostgreSQL as Arrow: one snapshot, a statement for each table.

Only rows of the teams a reader may see, each counted for the team frozen on it, and only what began in the
span asked for; of spam only that there is some. Text that repeats and names are put in here, so that PostgreSQL
sends numbers where it can.
Runs in the engine's process, without Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerable.insight.openings import Hours

if TYPE_CHECKING:
    import adbc_driver_manager
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from answerable.measure.facts import Facts

FROZEN = ("channel", "segment", "region", "language", "priority")

_FROZEN = """channel, nullif(segment, '') AS segment, nullif(region, '') AS region,
    nullif(language, '') AS language, (ARRAY['low', 'normal', 'high', 'urgent'])[priority] AS priority"""
CONVERSATIONS = """
SELECT id AS conversation_id, created_at AS started_at, opened_by_id, team_id, {frozen},
    first_answered_at AS first_responded_at, first_answer_seconds, solved_at, solution_seconds,
    reopen_count AS reopened_count, spam_at IS NOT NULL AS spam
FROM desk_conversation WHERE {span} AND {teams} ORDER BY id
"""
FIRST_PROMISES = """
SELECT conversation.id, promise.version_id, promise.standard FROM desk_conversation conversation
LEFT JOIN LATERAL (
    SELECT version_id, standard FROM desk_clock WHERE conversation_id = conversation.id ORDER BY id LIMIT 1
) promise ON true
WHERE spam_at IS NULL AND {span} AND {teams} AND (first_answered_at IS NULL OR solved_at IS NULL)
ORDER BY conversation.id
"""
CLOCKS = """
SELECT conversation_id, kind, started_at, team_id, standard, target_seconds, state, due_at, stopped_at,
    elapsed_seconds AS elapsed_business_seconds
FROM desk_clock WHERE {span} AND {teams} AND {no_spam}
"""
RATINGS = """
SELECT invitation.conversation_id, asked_at AS invited_at, rated_at, score, agent_id, team_id
FROM feedback_invitation invitation LEFT JOIN feedback_rating rating ON rating.invitation_id = invitation.id
WHERE {span} AND {teams} AND {no_spam}
"""
NO_SPAM = "conversation_id NOT IN (SELECT id FROM desk_conversation WHERE spam_at IS NOT NULL)"
OTHERS = "SELECT id AS conversation_id, {frozen} FROM desk_conversation WHERE id = ANY(ARRAY[{ids}]::bigint[])"


@dataclass(frozen=True)
class Source:
    """Which facts: of which database, teams and span (Unix seconds), and by whose hours open ones are counted.

    `latest_event` says how far the database had come; facts taken then are good until it goes on.
    """

    conninfo: str
    teams: tuple[int, ...]
    start: int
    end: int
    hours: Hours
    latest_event: int

    @property
    def key(self) -> tuple[str, tuple[int, ...], int, int]:
        """What makes facts the same facts, taken earlier or later."""
        return self.conninfo, self.teams, self.start, self.end


def load(source: Source) -> Facts:
    """The facts of a source as they stand now. Raises adbc_driver_manager.Error when the database does not answer."""
    from answerable.measure.facts import Facts

    tables, as_of = fetch(source)
    return Facts.from_arrow(tables, as_of=as_of)


def fetch(source: Source) -> tuple[dict[str, pa.Table], int]:
    """Tables of the engine's shape (measure.facts), and when they were taken, in Unix seconds."""
    with _snapshot(source.conninfo) as connection:

        def ask(statement: str, began: str) -> pa.Table:
            span, teams = _span(source, began), _teams(source)
            return _ask(connection, statement.format(frozen=_FROZEN, span=span, teams=teams, no_spam=NO_SPAM))

        as_of = _ask(connection, "SELECT extract(epoch FROM now())::bigint AS at").column("at")[0].as_py()
        names = {
            table: _ask(connection, f"SELECT id, name FROM {table}")  # noqa: S608 - names of ours
            for table in ("people_team", "people_user")
        }
        rows = ask(CONVERSATIONS, "created_at")
        promises = ask(FIRST_PROMISES, "created_at")
        clocks = ask(CLOCKS, "started_at")
        ratings = ask(RATINGS, "asked_at")
        groups = _groups(connection, rows, clocks, ratings)
    tables = {
        "conversations": _conversations(rows, promises, source.hours, as_of),
        "clocks": _frozen(clocks, groups),
        "ratings": _named(_frozen(ratings, groups), "agent", names["people_user"]),
    }
    return {name: _named(table, "team", names["people_team"]) for name, table in tables.items()}, as_of


@contextmanager
def _snapshot(conninfo: str) -> Iterator[adbc_driver_manager.AdbcConnection]:
    """A connection that sees one state of the database throughout."""
    import adbc_driver_manager
    import adbc_driver_postgresql

    with (
        adbc_driver_postgresql.connect(conninfo) as database,
        adbc_driver_manager.AdbcConnection(database) as connection,
    ):
        connection.set_autocommit(False)
        with adbc_driver_manager.AdbcStatement(connection) as statement:
            statement.set_sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            statement.execute_update()
        yield connection
        connection.rollback()


def _ask(connection: adbc_driver_manager.AdbcConnection, query: str) -> pa.Table:
    """All rows of a query."""
    import adbc_driver_manager
    import pyarrow as pa

    with adbc_driver_manager.AdbcStatement(connection) as statement:
        statement.set_sql_query(query)
        stream, _rows = statement.execute_query()
        with pa.RecordBatchReader._import_from_c(stream.address) as reader:
            return _coded(reader.read_all())


def _span(source: Source, column: str) -> str:
    """Numbers only, so nothing to escape; a bound statement could not be copied out in one stream."""
    return f"{column} >= to_timestamp({int(source.start)}) AND {column} < to_timestamp({int(source.end)})"


def _teams(source: Source) -> str:
    return f"team_id = ANY(ARRAY[{','.join(str(int(pk)) for pk in source.teams)}]::bigint[])"


def _conversations(rows: pa.Table, promises: pa.Table, hours: Hours, as_of: int) -> pa.Table:
    """Who wrote first, and business time up to now where something still lasts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    so_far = _business_so_far(rows, promises, hours, as_of)
    still = pa.array(so_far, mask=so_far < 0)
    columns = {name: rows.column(name) for name in rows.column_names}
    by_customer = pc.is_null(columns.pop("opened_by_id")).cast(pa.int8()).combine_chunks()
    columns["opened_by"] = pa.DictionaryArray.from_arrays(by_customer, pa.array(["agent", "customer"]))
    for name, ended, counted in (
        ("first_response", "first_responded_at", "first_answer_seconds"),
        ("resolution", "solved_at", "solution_seconds"),
    ):
        seconds = columns.pop(counted).cast(pa.int64())
        columns[f"{name}_business_seconds"] = pc.if_else(pc.is_null(columns[ended]), still, seconds)
    return pa.table(columns)


def _business_so_far(rows: pa.Table, promises: pa.Table, hours: Hours, as_of: int) -> NDArray[np.int64]:
    """For each conversation that lasts, the open time since it began; -1 for all others and where unknown."""
    import numpy as np
    import pyarrow as pa

    found = np.full(rows.num_rows, -1, dtype=np.int64)
    at = np.searchsorted(rows.column("conversation_id").to_numpy(), promises.column("id").to_numpy())
    began = rows.column("started_at").take(pa.array(at)).cast(pa.timestamp("s", "UTC"), safe=False)
    since = np.minimum(began.cast(pa.int64()).to_numpy(), as_of)
    pairs = zip(promises.column("version_id").to_pylist(), promises.column("standard").to_pylist(), strict=True)
    places = np.array([hours.place(*pair) for pair in pairs], dtype=object)
    for place, openings in enumerate(hours.openings):
        mine = places == place
        found[at[mine]] = openings.seconds(since[mine], as_of)
    return found


def _groups(connection: adbc_driver_manager.AdbcConnection, rows: pa.Table, *others: pa.Table) -> pa.Table:
    """What was frozen on the conversations of all tables, in order of id: most are in `rows` already."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = rows.select(["conversation_id", *FROZEN])
    ids = pa.chunked_array([chunk for each in others for chunk in each.column("conversation_id").chunks], pa.int64())
    missing = pc.unique(ids.filter(pc.invert(pc.is_in(ids, value_set=known.column("conversation_id")))))
    if not len(missing):
        return known
    found = _ask(connection, OTHERS.format(frozen=_FROZEN, ids=",".join(map(str, missing.to_pylist()))))
    return pa.concat_tables([found, known]).unify_dictionaries().sort_by("conversation_id")


def _frozen(rows: pa.Table, groups: pa.Table) -> pa.Table:
    """`rows` with what was frozen on their conversations."""
    import numpy as np
    import pyarrow as pa

    place = np.searchsorted(groups.column("conversation_id").to_numpy(), rows.column("conversation_id").to_numpy())
    beside = groups.select(FROZEN).take(pa.array(place))
    for name in FROZEN:
        rows = rows.append_column(name, beside.column(name))
    return rows


def _named(rows: pa.Table, noun: str, names: pa.Table) -> pa.Table:
    """`rows` with the names that their ids have, such as `team` beside `team_id`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = pc.index_in(rows.column(f"{noun}_id"), value_set=names.column("id")).combine_chunks()
    words = pa.DictionaryArray.from_arrays(codes, names.column("name").cast(pa.string()).combine_chunks())
    return rows.append_column(noun, words)


def _coded(rows: pa.Table) -> pa.Table:
    """Columns of text with few values as codes, so that no later step touches a text a row."""
    import pyarrow as pa

    for place, column in enumerate(rows.schema):
        if pa.types.is_string(column.type):
            rows = rows.set_column(place, column.name, rows.column(place).dictionary_encode().unify_dictionaries())
    return rows
