"""Files with a row per conversation: the facts `conversations`, and `ratings` where the row has a score."""

from __future__ import annotations

from answerable.measure.reading import returns, sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, Check, whole
from answerable.measure.reading.mapping import GROUPS
from answerable.measure.reading.merging import known_before, merge
from answerable.measure.reading.part import Part
from answerable.measure.reading.statuses import SOLVED
from answerable.measure.words import gettext_noop

_WHOLE = "TRY_CAST(score AS BIGINT)"
_AGAIN = gettext_noop("the conversation stands here again; its first row counts")
_STATES = "states"
"""What a file that tells each conversation's changes has, besides its conversations."""
_UNRATED = gettext_noop("the rating cannot be read; the conversation counts without it")


def build(shelf: Shelf, part: Part, cast: Cast) -> None:
    """Rows of one part into `conversations`, and `ratings`."""
    staged, mapping = cast.staged, cast.mapping
    numeric = {
        key: whole(shelf.con, staged.relation, _column(cast, key)) for key in ("conversation_id", "agent_id", "team_id")
    }
    columns = {
        "conversation_id": cast.identifier("conversation_id", numeric["conversation_id"]),
        "started_at": cast.instant("started_at", required=True),
        "opened_by": cast.word("opened_by") if cast.has("opened_by") else "'customer'",
        "spam": cast.flag("spam"),
        "merged_into": cast.identifier("merged_into", numeric["conversation_id"]),
        **groups(cast, numeric["team_id"]),
        "first_responded_at": cast.instant("first_responded_at"),
        "first_response_seconds": cast.seconds("first_response_seconds"),
        "first_response_business_seconds": cast.seconds("first_response_business_seconds"),
        "solved_at": cast.instant("solved_at"),
        "resolution_seconds": cast.seconds("resolution_seconds"),
        "resolution_business_seconds": cast.seconds("resolution_business_seconds"),
        "solved": _solved(cast),
        "reopened_count": cast.number("reopened_count"),
        "invited": cast.flag("invited"),
        "invited_at": cast.instant("invited_at"),
        "rated_at": cast.instant("rated_at"),
        "last_seen_at": cast.instant("last_seen_at"),
        "agent": cast.word("agent"),
        "agent_id": cast.identifier("agent_id", numeric["agent_id"]),
        "score": cast.number("score", checked=False),
        "score_fault": _score_fault(cast),
        "currency": cast.word("currency"),
    }
    back = returns.columns(cast)
    columns |= back
    cast.need("conversation_id")
    relation = shelf.build(part, cast, columns)
    _first_stands(shelf, part, cast, relation)
    named = {key: sql.name(key) for key in columns} | {
        "reopened_count": "CAST(reopened_count AS BIGINT)",
        "score": _WHOLE,
    }
    first = "coalesce(first_responded_at, started_at + first_response_seconds)"
    solved = "CASE WHEN solved THEN coalesce(solved_at, started_at + resolution_seconds) END"
    facts = ("conversation_id", "started_at", "opened_by", "spam", "merged_into", "reopened_count", *GROUPS)
    told = {key: named[key] for key in facts} | {
        "first_responded_at": first,
        "first_response_business_seconds": "first_response_business_seconds",
        "solved_at": solved,
        "resolution_business_seconds": f"CASE WHEN ({solved}) IS NOT NULL THEN resolution_business_seconds END",
    }
    unknown, unrated = "TRUE", "TRUE"
    if shelf.several:
        known = known_before(shelf, part, cast, relation)
        unknown = f"row NOT IN (SELECT row FROM {sql.name(known)})"
        shelf.again["conversations"] = merge(shelf, cast, relation, known, told)
    shelf.put("conversations", relation, told, unknown)
    around = {key: named[key] for key in ("currency", *GROUPS)}
    around |= {"reference": named["conversation_id"], "at": named["started_at"]}
    returns.put(shelf, relation, back, around, f"NOT spam AND merged_into IS NULL AND {unknown}")
    if "score" in mapping.columns:
        if (column := _column(cast, "score")) is not None:
            shelf.set_aside(part, cast, relation, "score_fault", [Check("score", column, "", _UNRATED)])
        asked = f"coalesce(invited_at, {solved}, rated_at, started_at)"
        ratings = {key: named[key] for key in ("conversation_id", "score", "agent_id", "agent", *GROUPS)}
        ratings |= {
            "invited_at": asked,
            "rated_at": f"CASE WHEN score IS NOT NULL THEN coalesce(rated_at, {asked}) END",
        }
        rated = "(score IS NOT NULL OR invited OR invited_at IS NOT NULL)"
        if shelf.several and shelf.counts.get("ratings"):
            unrated = _give_way(shelf, relation, rated)
        shelf.put("ratings", relation, ratings, f"{rated} AND {unrated}")
    shelf.seen(relation, ("started_at", "first_responded_at", "solved_at", "rated_at", "last_seen_at"))


def groups(cast: Cast, numeric: bool = False) -> dict[str, str]:
    """The groups of a row. A team without a number of its own goes by its name."""
    found = {key: cast.word(key) for key in GROUPS}
    if cast.has("team_id"):
        found["team_id"] = cast.identifier("team_id", numeric)
        if not cast.has("team"):
            found["team"] = cast.word("team_id")
    else:
        found["team_id"] = found["team"]
    return found


def _column(cast: Cast, key: str) -> str | None:
    source = cast.mapping.columns.get(key)
    return None if source is None else source.column


def _solved(cast: Cast) -> str:
    """Whether the row's status lets it be solved; without a status its date of solution says it."""
    if not cast.has("status"):
        return "TRUE"
    words = [word.lower() for word in cast.mapping.solved or SOLVED]
    return f"coalesce(lower({cast.word('status')}) IN ({sql.literals(words)}), FALSE)"


def _score_fault(cast: Cast) -> str:
    """1 where there is a rating that is no number."""
    if not cast.has("score"):
        return "0"
    unread = f"({cast.word('score')}) IS NOT NULL AND ({cast.number('score', checked=False)}) IS NULL"
    return f"CASE WHEN {unread} THEN 1 ELSE 0 END"


def _give_way(shelf: Shelf, relation: str, rated: str) -> str:
    """Ratings of conversations that a file before has rated: the newer stand. Answers which rows may come in."""
    known, told = sql.name(f"{relation}_known"), sql.name(relation)
    shelf.counts["ratings"] -= shelf.con.execute(
        f"DELETE FROM ratings WHERE CAST(conversation_id AS VARCHAR) IN (SELECT id FROM {told} JOIN {known} "
        f"USING (row) WHERE newer AND {rated})"
    ).fetchall()[0][0]
    standing = "SELECT CAST(conversation_id AS VARCHAR) FROM ratings"
    return f"CAST(conversation_id AS VARCHAR) NOT IN ({standing})"


def _latest_stands(shelf: Shelf, relation: str) -> None:
    """Of a conversation that stands in a file as it was at several instants the latest counts; how many rows of
    earlier ones there are is said."""
    table = sql.name(relation)
    latest = f"SELECT conversation_id, max(last_seen_at) AS latest FROM {table} GROUP BY 1 HAVING count(*) > 1"
    earlier = f"SELECT row FROM {table} JOIN ({latest}) USING (conversation_id) WHERE last_seen_at < latest"
    gone = shelf.con.execute(f"DELETE FROM {table} WHERE row IN ({earlier})").fetchall()[0][0]
    shelf.again[_STATES] = int(gone)


def _first_stands(shelf: Shelf, part: Part, cast: Cast, relation: str) -> None:
    """A conversation that stands in a file again, as it was at the same instant, is a bad row; its first row counts."""
    table, again = sql.name(relation), f"{relation}_again"
    every, different = shelf.con.execute(f"SELECT count(*), count(DISTINCT conversation_id) FROM {table}").fetchall()[0]
    if every == different:
        return
    if cast.has("last_seen_at"):
        _latest_stands(shelf, relation)
    shelf.con.execute(
        f"CREATE TEMP TABLE {sql.name(again)} AS SELECT row, 1 AS fault FROM {table} JOIN (SELECT conversation_id, "
        f"min(row) AS first FROM {table} GROUP BY 1 HAVING count(*) > 1) USING (conversation_id) WHERE row > first"
    )
    shelf.set_aside(
        part, cast, again, "fault", [Check("conversation_id", _column(cast, "conversation_id"), "", _AGAIN)]
    )
    shelf.con.execute(f"DELETE FROM {table} WHERE row IN (SELECT row FROM {sql.name(again)})")
