"""What happened after an event, for who was away.

Ids are given out before transactions commit, so an event with a smaller id may appear after one with a greater, by as
much as its transaction took. Each event therefore bears its horizon: the oldest transaction that was open when it was
written. Whatever was committed after it was written by a transaction no older than that, so those are looked through.
Some may have been told before: a hint sent twice is harmless, one never sent is a stale screen.
"""

from collections.abc import Collection

from django.db import connection

from answerable.events.live.hint import Hint

MOST_MISSED = 1000
MOST_PASSED = 50_000
"""Events of anybody's since then: after more, nothing is told one by one."""
MOST_LATE = 10_000
"""How many ids before it an event that was committed late may have."""
OVERLAP = 50
"""The same where an event bears no horizon."""

PLACE = "SELECT (SELECT horizon::text FROM events_event WHERE id = %s), (SELECT max(id) FROM events_event)"
LATER = """
SELECT id, verb, root, team_id FROM events_event
WHERE {whose} AND id > %(after)s AND (%(horizon)s::text IS NULL OR transaction_id >= %(horizon)s::text::xid8)
ORDER BY id LIMIT %(most)s
"""
OF_TEAMS = LATER.format(whose="(team_id = ANY(%(whose)s) OR team_id IS NULL)")
OF_ROOTS = LATER.format(whose="root = ANY(%(whose)s)")


def of_teams(teams: Collection[int], since: int) -> list[Hint] | None:
    """Hints of these teams, and of none, after event `since`, oldest first; None where they are too many to tell one
    by one. Two queries, which read MOST_PASSED + MOST_LATE rows of an index at most."""
    return _later(OF_TEAMS, list(teams), since)


def of_roots(roots: Collection[str], since: int) -> list[Hint] | None:
    """The same of what is shown at these roots, whatever the team."""
    return _later(OF_ROOTS, list(roots), since)


def _later(query: str, whose: list[int] | list[str], since: int) -> list[Hint] | None:
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [since])
        horizon, newest = cursor.fetchone()
        if (newest or 0) - since > MOST_PASSED:
            return None
        after = since - (OVERLAP if horizon is None else MOST_LATE)
        most = MOST_MISSED + 1
        cursor.execute(query, {"whose": whose, "after": after, "horizon": horizon, "most": most})
        rows = cursor.fetchall()
    return None if len(rows) == most else [Hint(*row) for row in rows]
