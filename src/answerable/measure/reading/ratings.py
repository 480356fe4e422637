"""Files with a row per rating of one conversation: the facts `ratings`."""

from __future__ import annotations

from answerable.measure.reading import sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, whole
from answerable.measure.reading.conversations import groups
from answerable.measure.reading.mapping import GROUPS
from answerable.measure.reading.part import Part


def build(shelf: Shelf, part: Part, cast: Cast) -> None:
    """Rows of one part into `ratings`; one without a conversation goes by its place in the files."""
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
    named = {key: sql.name(key) for key in ("agent", "agent_id", *GROUPS)}
    number = f"{_lowest(shelf)} - (row + 1)" if numeric else f"'{relation.removesuffix('_typed')}:' || (row + 1)"
    asked = "coalesce(invited_at, rated_at)"
    named |= {
        "conversation_id": f"coalesce(conversation_id, {number})" if source else number,
        "score": "TRY_CAST(score AS BIGINT)",
        "invited_at": asked,
        "rated_at": f"CASE WHEN score IS NOT NULL THEN coalesce(rated_at, {asked}) END",
    }
    shelf.put("ratings", relation, named, same=("conversation_id", "coalesce(score, 0)") if source else ())
    shelf.seen(relation, ("invited_at", "rated_at"))


def _lowest(shelf: Shelf) -> int:
    """The lowest number that a rating without a conversation goes by, so far."""
    if not shelf.counts.get("ratings"):
        return 0
    lowest = "SELECT coalesce(least(0, min(TRY_CAST(conversation_id AS BIGINT))), 0) FROM ratings"
    return int(shelf.con.execute(lowest).fetchall()[0][0])
