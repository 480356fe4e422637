"""The desk's own history for a rehearsal: what happened in its conversations, out of their events.

Every change of a conversation leaves an event in the transaction that made it, and events are numbered in the order
in which they were worked on. So they tell all that the clocks depended on, in two queries however much happened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from answerable.core.conditions import FIELDS, PRIORITIES
from answerable.core.rehearsal import NOBODY, Beginnings, Happenings, History, What, history_of
from answerable.insight.facts import reading

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str, float], None]

CHOSEN = """
created_at >= to_timestamp({since}) AND created_at < to_timestamp({until}) AND team_id = ANY(ARRAY[{teams}]::bigint[])
    AND status NOT IN ('merged', 'beside')
"""
CONVERSATIONS = """
SELECT conversation.id, conversation.created_at, channel, nullif(segment, '') AS segment,
    nullif(region, '') AS region, nullif(language, '') AS language, priority - 1 AS priority, team.key AS team,
    assignee_id, opened_by_id IS NOT NULL AS by_agent
FROM desk_conversation AS conversation JOIN people_team AS team ON team.id = team_id
WHERE conversation.{chosen} ORDER BY conversation.id
"""
# An answer that was taken back was never given, nor did it change the status; but who gave it has the conversation.
# A change of status that was taken back never was, nor the change back.
HAPPENINGS = """
WITH chosen AS MATERIALIZED (SELECT id, spam_at FROM desk_conversation WHERE {chosen}),
taken_back AS MATERIALIZED (
    SELECT sent.id, sent.root, sent.at, undone.id AS undone
    FROM events_event AS sent JOIN events_event AS undone USING (root, subject)
    WHERE sent.verb = 'message.sent' AND undone.verb = 'message.undone'
    UNION ALL SELECT 0, root, (particulars->>'of')::timestamptz, id FROM events_event
    WHERE verb = 'conversation.status_changed' AND at >= to_timestamp({since}) AND particulars ? 'of')
SELECT happened.id AS number, chosen.id AS conversation, happened.at,
    CASE verb WHEN 'message.received' THEN 0 WHEN 'conversation.marked_spam' THEN 3
        WHEN 'message.sent' THEN CASE WHEN happened.id IN (SELECT id FROM taken_back) THEN 8 ELSE 1 END
        WHEN 'conversation.prioritised' THEN CASE WHEN actor_id IS NULL THEN 5 ELSE 4 END
        WHEN 'conversation.moved' THEN 6 WHEN 'conversation.assigned' THEN 7 ELSE 2 END::smallint AS what,
    CASE verb WHEN 'message.received' THEN NULL WHEN 'conversation.marked_spam' THEN NULL
        WHEN 'message.sent' THEN actor_id
        WHEN 'conversation.prioritised' THEN (particulars->>'to')::bigint - 1
        WHEN 'conversation.moved' THEN (particulars->>'to')::bigint
        WHEN 'conversation.assigned' THEN (particulars->>'to')::bigint
        ELSE array_position(ARRAY['pending', 'on_hold', 'open', 'solved', 'closed'], particulars->>'to') - 1
    END AS value,
    CASE verb WHEN 'conversation.prioritised' THEN (particulars->>'before')::bigint - 1
        WHEN 'conversation.moved' THEN (particulars->>'before')::bigint
        WHEN 'conversation.assigned' THEN (particulars->>'before')::bigint END AS before
FROM events_event AS happened JOIN chosen ON chosen.id = substr(happened.root, 14)::bigint
LEFT JOIN taken_back ON taken_back.root = happened.root AND taken_back.at = happened.at
    AND happened.id BETWEEN taken_back.id AND taken_back.undone AND verb IN ('conversation.solved',
        'conversation.closed', 'conversation.reopened', 'conversation.status_changed')
WHERE happened.root LIKE 'conversation-%' AND taken_back.id IS NULL AND happened.at >= to_timestamp({since})
    AND verb IN ('message.received', 'message.sent', 'conversation.solved', 'conversation.closed',
        'conversation.reopened', 'conversation.status_changed', 'conversation.prioritised', 'conversation.moved',
        'conversation.assigned', 'conversation.marked_spam')
    AND (verb NOT IN ('message.received', 'message.sent') OR (particulars->>'automatic')::boolean IS NOT TRUE)
    AND (verb <> 'conversation.marked_spam' OR spam_at IS NOT NULL)
    AND (verb <> 'conversation.status_changed' OR NOT particulars ? 'of')
"""


@dataclass(frozen=True)
class Period:
    """Conversations begun from `since` until (not included) `until`, Unix seconds, of these teams, as they stand at
    `as_of` (microseconds)."""

    since: int
    until: int
    teams: tuple[int, ...]
    as_of: int


@dataclass(frozen=True)
class Desk:
    """The history, and what its codes mean: the key of each team, the number of each assignee."""

    history: History
    teams: tuple[str, ...]
    assignees: tuple[int, ...]


def read_desk(conninfo: str, period: Period, progress: Progress) -> Desk:
    """Everything that happened in these conversations, as one state of the database tells it."""
    since, until = int(period.since), int(period.until)
    teams = ",".join(str(int(team)) for team in period.teams)
    chosen = CHOSEN.format(since=since, until=until, teams=teams).strip()
    with reading(conninfo) as reader:
        progress("conversations", 0.0)
        conversations = reader.ask(CONVERSATIONS.format(chosen=chosen))
        progress("happenings", 0.0)
        happened = reader.ask(HAPPENINGS.format(chosen=chosen, since=since))
        keys = {row["id"]: row["key"] for row in reader.ask("SELECT id, key FROM people_team").to_pylist()}
    progress("arranging", 0.0)
    return _arranged(conversations, happened, keys, period.as_of)


def _arranged(conversations: pa.Table, happened: pa.Table, keys: dict[int, str], as_of: int) -> Desk:
    ids = conversations.column("id").to_numpy().astype(np.int64)
    column = {name: happened.column(name).combine_chunks() for name in happened.column_names}
    place = np.searchsorted(ids, column["conversation"].to_numpy()).astype(np.int32)
    order = np.lexsort((column["number"].to_numpy(), place))
    place, what = place[order], column["what"].to_numpy()[order].astype(np.int16)
    at = _whole(column["at"])[order]
    value, before = (_numbers(column[name])[order] for name in ("value", "before"))
    words = {name: _words(conversations.column(name)) for name in FIELDS if name != "priority"}
    teams = tuple(dict.fromkeys([*words["team"], *keys.values()]))
    words |= {"priority": PRIORITIES, "team": teams}
    facts = {name: _codes(conversations.column(name), words[name]) for name in FIELDS if name != "priority"}
    facts["priority"] = conversations.column("priority").to_numpy().astype(np.int32)
    assignee = _numbers(conversations.column("assignee_id").combine_chunks())
    mine = _is(what, What.ASSIGNEE, What.ANSWERED, What.TAKEN)
    people = np.unique(np.concatenate([assignee, value[mine], before[mine]]))
    people = people[people >= 0]
    numbers = {pk: teams.index(key) for pk, key in keys.items()}
    for some in (value, before):
        moved = _is(what, What.TEAM)
        some[moved] = [numbers.get(pk, NOBODY) for pk in some[moved].tolist()]
        some[mine] = _coded(some[mine], people)
    facts["priority"] = _first(facts["priority"], place, before, _is(what, What.PRIORITY, What.RAISED))
    facts["team"] = _first(facts["team"], place, before, _is(what, What.TEAM))
    begins = _first(_coded(assignee, people), place, before, mine)
    begun = Beginnings(
        ids=ids,
        began_at=_whole(conversations.column("created_at").combine_chunks()),
        facts=facts,
        words=words,
        assignee=begins,
        by_agent=conversations.column("by_agent").to_numpy(),
    )
    history = history_of(begun, Happenings(place, what, at, value.astype(np.int32)), as_of)
    return Desk(history, teams, tuple(people.tolist()))


def _whole(column: pa.Array) -> NDArray[np.int64]:
    """Instants as microseconds."""
    import pyarrow as pa

    found: NDArray[np.int64] = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
    return found.copy()


def _numbers(column: pa.Array) -> NDArray[np.int64]:
    """Numbers, -1 for none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: NDArray[np.int64] = pc.fill_null(column.cast(pa.int64()), NOBODY).to_numpy(zero_copy_only=False)
    return found.copy()


def _words(column: pa.ChunkedArray) -> tuple[str, ...]:
    import pyarrow as pa

    return tuple(word for word in column.cast(pa.string()).unique().to_pylist() if word is not None)


def _codes(column: pa.ChunkedArray, words: Sequence[str]) -> NDArray[np.int32]:
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(column.cast(pa.string()).combine_chunks(), value_set=pa.array(words, pa.string()))
    codes: NDArray[np.int32] = pc.fill_null(found, NOBODY).to_numpy(zero_copy_only=False).astype(np.int32)
    return codes


def _coded(numbers: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.int32]:
    """Places among the known ones, NOBODY for none."""
    place = np.searchsorted(known, numbers).astype(np.int32)
    found: NDArray[np.int32] = np.where(numbers < 0, NOBODY, place).astype(np.int32)
    return found


def _is(what: NDArray[np.int16], *these: What) -> NDArray[np.bool_]:
    return np.isin(what, these)


def _first(
    last: NDArray[np.int32], place: NDArray[np.int32], before: NDArray[np.int64], changed: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """What was before the first change of each conversation; the last value where there was none."""
    conversations, rows = np.unique(place[changed], return_index=True)
    found = last.copy()
    found[conversations] = before[changed][rows]
    return found
