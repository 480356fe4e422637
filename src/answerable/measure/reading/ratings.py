"""Files with a row per rating of one conversation: the facts `ratings`; without a date, answers of a survey."""

from __future__ import annotations

from typing import Any

from answerable.measure.preparation import DATELESS
from answerable.measure.reading import sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, Check, whole
from answerable.measure.reading.conversations import groups
from answerable.measure.reading.mapping import GROUPS
from answerable.measure.reading.part import Part


def build(shelf: Shelf, part: Part, cast: Cast) -> None:
    """Rows of one part into `ratings`; one without a conversation goes by its place in the files.

    Where no rating has a date they are answers to a question of satisfaction, of any period. Where others have one, a
    rating without is a bad row.
    """
    source = cast.mapping.columns.get("conversation_id")
    numeric = whole(shelf.con, cast.staged.relation, source.column if source else None)
    columns = {
        "conversation_id": cast.identifier("conversation_id", numeric),
        "score": cast.number("score"),
        "invited_at": cast.instant("invited_at"),
        "rated_at": cast.instant("rated_at"),
        "agent": cast.word("agent"),
        "agent_id": cast.word("agent_id"),
        **groups(cast),
    }
    relation = shelf.build(part, cast, columns)
    if not _dated(shelf.con, relation):
        _undated(shelf, cast, relation)
        return
    _without_date(shelf, part, cast, relation)
    named = {key: sql.name(key) for key in ("agent", "agent_id", *GROUPS)}
    number = f"{_lowest(shelf)} - (row + 1)" if numeric else f"'{relation.removesuffix('_typed')}:' || (row + 1)"
    asked = "coalesce(invited_at, rated_at)"
    named |= {
        "conversation_id": f"coalesce(conversation_id, {number})" if source else number,
        "score": "TRY_CAST(score AS BIGINT)",
        "invited_at": asked,
        "rated_at": f"CASE WHEN score IS NOT NULL THEN coalesce(rated_at, {asked}) END",
    }
    words = cast.mapping.columns["score"].words
    read = "score IS NOT NULL" if words and not any(words.values()) else "TRUE"  # on no scale of ours nobody was asked
    shelf.put("ratings", relation, named, read, same=("conversation_id", "coalesce(score, 0)") if source else ())
    shelf.seen(relation, ("invited_at", "rated_at"))


def _dated(con: Any, relation: str) -> bool:
    """Whether any rating has a date, or there is none."""
    asked = f"SELECT count(coalesce(invited_at, rated_at)) > 0 OR count(score) = 0 FROM {sql.name(relation)}"
    return bool(con.execute(asked).fetchall()[0][0])


def _undated(shelf: Shelf, cast: Cast, relation: str) -> None:
    """Ratings of which nobody knows when, into `answers`."""
    source = cast.mapping.columns["score"]
    place = f"'{relation.removesuffix('_typed')}:' || (row + 1)"
    columns = {
        "respondent": f"coalesce(CAST(conversation_id AS VARCHAR), {place})",
        "instrument": "'csat'",
        "item": sql.literal(source.column or "csat"),
        "part": "'score'",
        "value": "score",
        **{key: sql.name(key) for key in GROUPS},
    }
    shelf.put("answers", relation, columns, "score IS NOT NULL")


def _without_date(shelf: Shelf, part: Part, cast: Cast, relation: str) -> None:
    """Set aside ratings without a date."""
    table, lost = sql.name(relation), f"{relation}_dateless"
    shelf.con.execute(
        f"CREATE TEMP TABLE {sql.name(lost)} AS SELECT row, 1 AS fault FROM {table} "
        "WHERE score IS NOT NULL AND coalesce(invited_at, rated_at) IS NULL"
    )
    column = next(source.column for key in ("rated_at", "invited_at") if (source := cast.mapping.columns.get(key)))
    shelf.set_aside(part, cast, lost, "fault", [Check("rated_at", column, "", DATELESS)])
    shelf.con.execute(f"DELETE FROM {table} WHERE row IN (SELECT row FROM {sql.name(lost)})")


def _lowest(shelf: Shelf) -> int:
    """The lowest number that a rating without a conversation goes by, so far."""
    if not shelf.counts.get("ratings"):
        return 0
    lowest = "SELECT coalesce(least(0, min(TRY_CAST(conversation_id AS BIGINT))), 0) FROM ratings"
    return int(shelf.con.execute(lowest).fetchall()[0][0])
