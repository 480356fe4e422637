"""The same conversations in several files: months that overlap, a list beside its ratings, a log beside a list.

A conversation counts once. What the row says that knows of the latest instant counts; the others fill in what its
file has no column for. A number under which another conversation stands, begun more than a day apart, is a bad row.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from answerable.measure.reading import sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, Check
from answerable.measure.reading.mapping import GROUPS
from answerable.measure.reading.part import Part
from answerable.measure.words import gettext_noop

LATEST = ("started_at", "first_responded_at", "solved_at", "rated_at", "last_seen_at")
"""What a row may know the instant of."""
GIVEN_BY = {
    "opened_by": ("opened_by",), "spam": ("spam",), "merged_into": ("merged_into",),
    "first_responded_at": ("first_responded_at", "first_response_seconds"),
    "first_response_business_seconds": ("first_response_business_seconds",),
    "solved_at": ("solved_at", "resolution_seconds", "status"),
    "resolution_business_seconds": ("resolution_business_seconds",), "reopened_count": ("reopened_count",),
    **{key: (key,) for key in GROUPS}, "team_id": ("team_id", "team"), "team": ("team", "team_id"),
}  # fmt: skip
"""The columns of a conversation, and what of a mapping gives each."""
APART = 86_400
"""Seconds: the same conversation begins at the same time in every file, give or take a time zone."""
_OTHER = gettext_noop("a file before has another conversation of this number")


def known_before(shelf: Shelf, part: Part, cast: Cast, relation: str) -> str:
    """A table of the rows of a part whose conversation a file before has: `row`, `id`, and whether they are `newer`.

    Rows of other conversations under the same numbers are set aside.
    """
    table, known = sql.name(relation), f"{relation}_known"
    shelf.con.execute("CREATE TEMP TABLE IF NOT EXISTS met (id VARCHAR, latest BIGINT, started_at BIGINT)")
    latest = f"greatest({', '.join(f'a.{each}' for each in LATEST)})"
    shelf.con.execute(
        f"CREATE TEMP TABLE {sql.name(known)} AS SELECT row, id, {latest} > latest AS newer, "
        f"CASE WHEN abs(a.started_at - met.started_at) > {APART} THEN 1 ELSE 0 END AS fault "
        f"FROM {table} a JOIN met ON CAST(conversation_id AS VARCHAR) = id"
    )
    source = cast.mapping.columns["conversation_id"].column
    shelf.set_aside(part, cast, known, "fault", [Check("conversation_id", source, "", _OTHER)])
    shelf.con.execute(f"DELETE FROM {table} WHERE row IN (SELECT row FROM {sql.name(known)} WHERE fault > 0)")
    shelf.con.execute(f"DELETE FROM {sql.name(known)} WHERE fault > 0")
    shelf.con.execute(
        f"UPDATE met SET latest = {latest} FROM {table} a JOIN {sql.name(known)} USING (row) "
        "WHERE newer AND met.id = CAST(conversation_id AS VARCHAR)"
    )
    shelf.con.execute(
        f"INSERT INTO met SELECT CAST(conversation_id AS VARCHAR), {latest}, a.started_at FROM {table} a "
        f"WHERE row NOT IN (SELECT row FROM {sql.name(known)})"
    )
    return known


def merge(shelf: Shelf, cast: Cast, relation: str, known: str, columns: Mapping[str, str]) -> int:
    """Bring what those rows say to the conversations that stand already. Answers how many rows there are."""
    count = int(shelf.con.execute(f"SELECT count(*) FROM {sql.name(known)}").fetchall()[0][0])
    given = {column for column, keys in GIVEN_BY.items() if column in columns and any(map(cast.has, keys))}
    if count:
        _update(shelf, relation, known, {key: columns[key] for key in given}, "newer")
        _update(shelf, relation, known, {key: columns[key] for key in given - shelf.given}, "NOT newer")
    shelf.given |= given
    return count


def _update(shelf: Shelf, relation: str, known: str, columns: Mapping[str, str], where: str) -> None:
    if not columns:
        return
    picked = ", ".join(f"{expression} AS {sql.name(key)}" for key, expression in columns.items())
    taken = ", ".join(f"{sql.name(key)} = said.{sql.name(key)}" for key in columns)
    shelf.con.execute(
        f"UPDATE conversations SET {taken} FROM (SELECT id, {picked} FROM {sql.name(relation)} "
        f"JOIN {sql.name(known)} USING (row) WHERE {where}) said WHERE CAST(conversation_id AS VARCHAR) = said.id"
    )


def fill(shelf: Shelf, relation: str, columns: Set[str]) -> None:
    """Give conversations of lists what their files have no column for and an event log tells, then take the
    others from the log."""
    if not shelf.counts.get("conversations"):
        return
    taken = ", ".join(f"{sql.name(key)} = said.{sql.name(key)}" for key in columns - shelf.given)
    same = "CAST(conversations.conversation_id AS VARCHAR) = CAST(said.conversation_id AS VARCHAR)"
    if taken:
        shelf.con.execute(f"UPDATE conversations SET {taken} FROM {sql.name(relation)} said WHERE {same}")
    shelf.con.execute(
        f"DELETE FROM {sql.name(relation)} WHERE CAST(conversation_id AS VARCHAR) IN "
        "(SELECT CAST(conversation_id AS VARCHAR) FROM conversations)"
    )
