"""Finding conversations by words: the newest first, fast for rare words and for common ones.

A rare word is asked of the inverted index, which names all its conversations at once. A common word has too many:
there we look through the newest conversations and stop at a full page. Which of the two a word is, the newest
conversations themselves tell: a glance at two hundred of them costs about a millisecond. Of a word between the two
the index names thousands, which are met among the newest rather than looked up. docs/search.md has the figures.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from answerable.core.words import query
from answerable.web.standing import Text, ask

GLANCE = 200
"""Newest conversations looked through first."""
PROMISING = 6
"""Found at a glance, these make a full page within the walk likely."""
WALK = 4_000
"""Newest conversations looked through when the glance was promising."""
MOST = 100_000
"""What the index names is met among the newest if it is no more than this: a table of their hashes fits into memory."""
FURTHER = 20
"""Times as many are read as are named before that is given up, which costs about as much as looking them up."""

# Newest visible conversations through the index (team, last_message_at, id), each team's in turn, then looked through.
THROUGH_NEWEST = """
WITH newest AS MATERIALIZED (
    SELECT one.id, one.last_message_at
    FROM unnest(ARRAY[{teams}]::bigint[]) AS team(id)
    CROSS JOIN LATERAL (
        SELECT id, last_message_at FROM desk_conversation WHERE team_id = team.id {beyond}
        ORDER BY last_message_at DESC, id DESC LIMIT {window}
    ) AS one
    ORDER BY one.last_message_at DESC, one.id DESC LIMIT {window}
)
SELECT newest.id FROM newest
CROSS JOIN LATERAL (
    SELECT FROM desk_search WHERE conversation_id = newest.id AND vector @@ %(query)s::tsquery OFFSET 0
) AS found
LIMIT {limit}
"""

THROUGH_INDEX = """
WITH found AS MATERIALIZED (SELECT conversation_id FROM desk_search WHERE vector @@ %(query)s::tsquery)
SELECT id FROM found JOIN desk_conversation ON id = conversation_id WHERE team_id IN ({teams}) {beyond}
ORDER BY last_message_at DESC, id DESC LIMIT {limit}
"""

# Newest visible conversations in order, out of an index alone, until a page of those named is met. Each team's come
# from an index scan of its own, merged only as far as they are read. `IS TRUE` keeps it a look into a table of hashes:
# a join would lose the order.
OF_TEAM = """
(SELECT id, last_message_at FROM desk_conversation WHERE team_id = {team} {beyond}
 ORDER BY last_message_at DESC, id DESC)
"""
AMONG_NEWEST = """
WITH found AS MATERIALIZED (SELECT conversation_id FROM desk_search WHERE vector @@ %(query)s::tsquery),
counted AS MATERIALIZED (SELECT count(*) AS named FROM found)
SELECT newest.id FROM (
    SELECT id FROM ({of_each_team}) AS visible ORDER BY last_message_at DESC, id DESC
    LIMIT (SELECT named * {further} FROM counted)
) AS newest
WHERE (SELECT named FROM counted) <= {most} AND (newest.id IN (SELECT conversation_id FROM found LIMIT {most})) IS TRUE
LIMIT {limit}
"""
BEYOND = "AND (last_message_at, id) < (%(at)s::timestamptz, %(id)s::bigint)"
"""On every page but the first."""
NAMED = re.compile(r"%\((\w+)\)s")


def find(
    text: str,
    *,
    teams: Sequence[int],
    before: tuple[datetime, int] | None = None,
    typing: bool = False,
    limit: int = 50,
) -> list[int]:
    """Ids of the teams' conversations that hold every word of the text, newest first.

    `before` is (last_message_at, id) of the last one on the page before; `typing` lets the last word be unfinished.
    A text without a word finds nothing.
    """
    asked = query(text, typing=typing)
    if not asked or not teams:
        return []
    values: dict[str, object] = {"query": asked}
    if before:
        values |= {"at": before[0], "id": before[1]}

    def ids(way: str, **numbers: int) -> list[int]:
        kept = statement(way, tuple(teams), goes_on=bool(before), limit=limit, **numbers)
        return [key for (key,) in ask(kept.sql, kept.values(values))]

    found = ids(THROUGH_NEWEST, window=GLANCE)
    if PROMISING <= len(found) < limit:
        found = ids(THROUGH_NEWEST, window=WALK)
    if 0 < len(found) < limit:
        found = ids(AMONG_NEWEST, most=MOST, further=FURTHER)
    return found if len(found) == limit else ids(THROUGH_INDEX)


@lru_cache(maxsize=1024)
def statement(way: str, teams: tuple[int, ...], *, goes_on: bool = False, **numbers: int) -> Text:
    """One of the ways for these teams, as each connection plans it once: what is asked for, and on later pages the
    place to go on from, are left open."""
    beyond = BEYOND if goes_on else ""
    of_each = " UNION ALL ".join(OF_TEAM.format(team=int(team), beyond=beyond) for team in teams)
    listed = ", ".join(str(int(team)) for team in teams)
    sql = way.format(teams=listed, of_each_team=of_each, beyond=beyond, **numbers)
    return Text(NAMED.sub("%s", sql), tuple(NAMED.findall(sql)))
