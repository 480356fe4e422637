"""Event logs (case, activity, timestamp): the table `events`, and the conversations that they tell of.

Which activities mean that the customer asked, was answered, solved and reopened is named by a person, or guessed
from words and said. Either way what comes out is a proxy: a log of work is not a record of messages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from answerable.measure.reading import sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, whole
from answerable.measure.reading.conversations import groups
from answerable.measure.reading.mapping import GROUPS, ROLES
from answerable.measure.reading.merging import fill
from answerable.measure.reading.part import Part
from answerable.measure.words import gettext_noop

WORDS = {
    "reopened": r"\bre-?open",
    "solved": r"\b(re)?solv|\bclos(e|ed|ure|ing)\b|\bcomplet|\bfinish|\bdone\b",
    "answered": r"\brepl(y|ied)|\banswer|\brespon(d|se)|\bcontact(ed)? (the )?customer|\bsen[dt]\b.*\bcustomer"
    r"|^(outbound|outgoing|out|sent|agent|admin|operator|teammate)$",
    "asked": r"\b(ticket|case|request|conversation|incident) (is )?(created|opened|received|registered)"
    r"|\bcustomer (wrote|asked|message)|^(inbound|incoming|in|received|customer|end.?user|contact|visitor)$",
}
_LOG = gettext_noop("an event log tells of work, not of messages: its times of answer and solution are proxies")
_MESSAGES = gettext_noop(
    "a list of messages: the first that went out after the customer's counts as the answer, also where a machine wrote "
    "it"
)
_DIRECTION = re.compile(r"outbound|outgoing|out|sent|agent|admin|operator|teammate", re.IGNORECASE)
"""What messages that go out are called, in a list of messages."""
SAME = ("conversation_id", "activity", '"at"')
"""What makes two events of several logs the same."""
_NOT = re.compile(r"\b(await|wait|pending|auto|un(re)?solv|not )", re.IGNORECASE)
_VARIANTS = (
    'SELECT count(DISTINCT told) FROM (SELECT hash(string_agg(activity, chr(31) ORDER BY "at", place)) AS told '
    "FROM (SELECT *, rowid AS place FROM events) GROUP BY conversation_id)"
)


def guess_activities(found: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Activities by role, from their words; each has one role at most."""
    roles: dict[str, list[str]] = {}
    for activity in found:
        for role, words in WORDS.items():
            if re.search(words, activity, re.IGNORECASE) and not _NOT.search(activity):
                roles.setdefault(role, []).append(activity)
                break
    return {role: tuple(names) for role, names in roles.items()}


def proxies(roles: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What the times of a log, with activities of these roles, stand for."""
    return (_MESSAGES if of_messages(roles) else _LOG,)


def of_messages(roles: Mapping[str, Sequence[str]]) -> bool:
    """Whether a log is a list of messages: they go out, or come in, and no activity is of work."""
    worked = [each for role in ("answered", "solved", "reopened") for each in roles.get(role, ())]
    return bool(worked) and all(map(_DIRECTION.fullmatch, worked))


def activities(shelf: Shelf, cast: Cast, limit: int = 1000) -> list[str]:
    """The activities of a staged log, the frequent first."""
    found = shelf.con.execute(
        f"SELECT {cast.word('activity')} AS v FROM {sql.name(cast.staged.relation)} GROUP BY v "
        f"HAVING v IS NOT NULL ORDER BY count(*) DESC, v LIMIT {limit}"
    ).fetchall()
    return [name for (name,) in found]


def build(shelf: Shelf, part: Part, cast: Cast) -> None:
    """Rows of one log into `events`."""
    source = cast.mapping.columns["conversation_id"].column
    columns = {
        "conversation_id": cast.identifier("conversation_id", whole(shelf.con, cast.staged.relation, source)),
        "activity": cast.word("activity"),
        "at": cast.instant("at", required=True),
        "agent": cast.word("agent"),
        **groups(cast),
    }
    cast.need("conversation_id")
    cast.need("activity")
    relation = shelf.build(part, cast, columns)
    shelf.put("events", relation, {key: sql.name(key) for key in columns}, same=SAME)
    shelf.seen(relation, ('"at"',))


def tell(shelf: Shelf, logs: Sequence[Mapping[str, Sequence[str]]]) -> None:
    """The conversations that all logs together tell of into `conversations`. `logs` are each one's activities by
    role. Where one log names no activity that asks, each conversation begins with its first event. In a list of
    messages those are an agent's of which one went out first."""
    if not shelf.counts.get("events"):
        return
    roles = {role: dict.fromkeys(each for log in logs for each in log.get(role, ())) for role in ROLES}
    if not all(log.get("asked") for log in logs):
        roles["asked"] = {}
    counted = ", ".join(f"count({sql.name(key)})" for key in GROUPS)
    found = shelf.con.execute(f"SELECT {counted} FROM events").fetchall()[0]
    grouped = [key for key, count in zip(GROUPS, found, strict=True) if count]
    shelf.con.execute(
        f"CREATE TEMP TABLE told AS {_told({role: tuple(each) for role, each in roles.items()}, grouped)}"
    )
    began_it = "went_out_at < started_at" if all(map(of_messages, logs)) else "FALSE"
    columns = {
        "conversation_id": "conversation_id",
        "started_at": "started_at",
        "opened_by": f"CASE WHEN {began_it} THEN 'agent' WHEN started_at IS NOT NULL THEN 'customer' END",
        "first_responded_at": "first_responded_at",
        "solved_at": "solved_at",
        "reopened_count": "reopened_count",
        **{key: sql.name(key) for key in grouped},
    }
    fill(shelf, "told", {"first_responded_at", "solved_at", "reopened_count", *grouped})
    shelf.put("conversations", "told", columns)
    shelf.con.execute("DROP TABLE told")


def _told(roles: Mapping[str, Sequence[str]], grouped: Sequence[str]) -> str:
    """A row per conversation: it starts with the first asking (or the first event, where nothing asks), is answered
    by the first answer from then on, and is solved by the last solution that no reopening followed: the first of those
    that nothing else stands between, as where what is resolved is closed a week later by itself."""

    def means(role: str) -> str:
        return f"activity IN ({sql.literals(list(roles[role]))})" if roles.get(role) else "FALSE"

    begins = means("asked") if roles.get("asked") else "TRUE"
    again = f"count(*) FILTER (WHERE {means('reopened')})" if roles.get("reopened") else "CAST(NULL AS BIGINT)"
    carried = "".join(
        f', arg_min({sql.name(key)}, "at") FILTER (WHERE {sql.name(key)} IS NOT NULL) AS {sql.name(key)}'
        for key in grouped
    )
    return (
        f'WITH begun AS (SELECT conversation_id, min("at") FILTER (WHERE {begins}) AS started_at, '
        f'max("at") FILTER (WHERE {means("solved")}) AS solved, max("at") FILTER (WHERE {means("reopened")}) AS again, '
        f"{again} AS reopened_count, "
        f'min("at") FILTER (WHERE {means("answered")}) AS went_out_at{carried} FROM events GROUP BY 1), '
        'answered AS (SELECT conversation_id, min("at") AS first_responded_at FROM events '
        f'JOIN begun USING (conversation_id) WHERE {means("answered")} AND "at" >= started_at GROUP BY 1), '
        'worked AS (SELECT conversation_id, max("at") AS worked_at FROM events JOIN begun USING (conversation_id) '
        f'WHERE NOT ({means("solved")}) AND "at" < solved GROUP BY 1), '
        'ended AS (SELECT conversation_id, min("at") AS ended_at FROM events LEFT JOIN worked USING (conversation_id) '
        f'WHERE {means("solved")} AND "at" >= coalesce(worked_at, "at") GROUP BY 1) '
        "SELECT *, CASE WHEN again IS NULL OR again <= solved THEN ended_at END AS solved_at "
        "FROM begun LEFT JOIN answered USING (conversation_id) LEFT JOIN ended USING (conversation_id)"
    )


def variants(con: Any) -> int:
    """How many different sequences of activities the conversations have, by time, then by place in the file."""
    return int(con.execute(_VARIANTS).fetchall()[0][0])
