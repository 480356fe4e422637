"""An imported history for a rehearsal: files that `reading` understood, as the desk would have seen them.

A list of conversations tells a beginning, a first answer and the last solution of each. An event log tells each time
the customer asked, was answered, was solved and was opened again, as far as its activities are named. What files
cannot tell is said in `notes`, and the promises that would need it are left out of the rehearsal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from answerable.core.conditions import FIELDS, PRIORITIES
from answerable.core.policy import ClockKind, Do, Policy, Step, Whom
from answerable.core.rehearsal import (
    KINDS,
    NOBODY,
    SECOND,
    Beginnings,
    Happenings,
    History,
    Person,
    Status,
    What,
    history_of,
)
from answerable.core.said import Wrong
from answerable.measure.reading import sql
from answerable.measure.remarks import WHOLE_DAYS, whole_days
from answerable.measure.words import Said, gettext_noop

if TYPE_CHECKING:
    from answerable.measure.reading import Reading

NO_KIND = {
    ClockKind.FIRST_RESPONSE: gettext_noop(
        "The files do not say when conversations were first answered, so promises of a first answer were not rehearsed."
    ),
    ClockKind.NEXT_RESPONSE: gettext_noop(
        "The files do not say when customers wrote again, so promises of a further answer were not rehearsed."
    ),
    ClockKind.RESOLUTION: gettext_noop(
        "The files do not say when conversations were solved, so promises of a solution were not rehearsed."
    ),
}
NO_PAUSES = gettext_noop(
    "The files do not say when conversations waited for the customer or for somebody else, so no clock paused: "
    "solutions count as later than they were promised."
)
ONE_SOLUTION = gettext_noop(
    "Of a conversation that was opened again, the files tell the last solution only; its time is counted from the "
    "beginning to that."
)
NO_FACT = gettext_noop(
    "The files do not say the {field}, so no standard that asks for it applies. Say it with --assume {field}=…"
)
ASSUMED = gettext_noop("Assumed of every conversation: {field} {value}.")
NOT_A_PRIORITY = gettext_noop("The priorities in the files are not low, normal, high or urgent: {words}.")
LEFT_OUT = gettext_noop("Conversations left out because an agent opened them, as spam, or as merged: {n}")
BAD_ROWS = gettext_noop("Rows left out because they cannot be read: {n}")
NO_LEADS = gettext_noop("Nobody knows from files who leads a team, so each team's lead is counted as one person.")
_WORDS = 5
_ROLES = {"asked": What.ASKED, "answered": What.ANSWERED, "solved": What.STATUS, "reopened": What.STATUS}
_STANDING = "NOT coalesce(spam, FALSE) AND merged_into IS NULL AND coalesce(opened_by, 'customer') <> 'agent'"


@dataclass(frozen=True)
class Imported:
    """The history, what its codes of teams and assignees mean, and what is to be said of it."""

    history: History
    teams: tuple[str, ...]
    assignees: tuple[str, ...]
    notes: tuple[Said, ...]


class NothingToRehearse(Wrong):
    """The files hold no conversation of the period; the message says so."""


def imported(
    reading: Reading,
    policies: Sequence[Policy],
    *,
    zone: str,
    since: int | None = None,
    until: int | None = None,
    assumed: Mapping[str, str] | None = None,
) -> Imported:
    """The conversations begun from `since` until (not included) `until`, Unix seconds.

    `assumed` says facts that the files do not. Raises NothingToRehearse.
    """
    assumed = assumed or {}
    if "conversations" not in reading.tables:
        raise NothingToRehearse(
            gettext_noop("These files tell of no conversation: a rehearsal needs when each of them began.")
        )
    rows = _rows(reading, since, until)
    if not rows.num_rows:
        raise NothingToRehearse(gettext_noop("No conversation of these files began in that time."))
    facts, words = _facts(rows, assumed)
    is_log = "events" in reading.tables
    happened, assignees = _of_log(reading) if is_log else _of_list(rows)
    kinds = tuple(_kinds(reading, happened, is_log))
    if not kinds:
        raise NothingToRehearse(
            gettext_noop(
                "These files say neither when conversations were answered nor when they were solved. "
                "Name the activities with --activity answered=…, or the columns with --map."
            )
        )
    ids = rows.column("conversation_id").to_numpy()
    begun = Beginnings(
        ids=ids if ids.dtype.kind == "i" else ids.astype(object),
        began_at=rows.column("started_at").to_numpy() * SECOND,
        facts=facts,
        words=words,
        assignee=np.full(rows.num_rows, NOBODY, dtype=np.int32),
        by_agent=np.zeros(rows.num_rows, dtype=np.bool_),
    )
    history = history_of(begun, happened, reading.as_of * SECOND, kinds)
    notes = tuple(_notes(reading, policies, facts, words, assumed, kinds, zone, is_log))
    return Imported(history, words["team"], assignees, notes)


@dataclass(frozen=True)
class People:
    """Those whom files name: the assignee, where a log has one, and a team's lead and members as one person each."""

    imported: Imported
    time_zone: str

    def told(self, step: Step, team: int, assignee: int, _at: int) -> Sequence[Person]:
        """As the desk would (`desk/steps`): what is handed to a team tells nobody, no assignee means the lead."""
        if step.to is None or (step.do is Do.REASSIGN and step.to.whom is Whom.TEAM):
            return ()
        of_team = self.imported.teams[team] if team >= 0 else ""
        match step.to.whom:
            case Whom.USER:
                return (self._person(step.to.name, step.to.name),)
            case Whom.TEAM:
                name = step.to.name or of_team
                return (self._person(f"team:{name}", f"the whole team {name}".strip()),)
            case Whom.ASSIGNEE if assignee >= 0:
                return (self._person(f"person:{assignee}", self.imported.assignees[assignee]),)
            case Whom.ASSIGNEE if not self.imported.assignees:
                return (self._person("assignee", "the assignee"),)
        return (self._person(f"lead:{of_team}", f"the lead of {of_team}" if of_team else "the team lead"),)

    def _person(self, key: str, name: str) -> Person:
        return Person(key, name, self.time_zone)


def _rows(reading: Reading, since: int | None, until: int | None) -> Any:
    """The conversations that count, numbered in a table of their own."""
    bounds = [f"started_at >= {int(since)}"] if since is not None else []
    bounds += [f"started_at < {int(until)}"] if until is not None else []
    where = " AND ".join(["started_at IS NOT NULL", _STANDING, *bounds])
    reading.con.execute(
        "CREATE OR REPLACE TEMP TABLE rehearsed AS SELECT row_number() OVER () - 1 AS place, * FROM "  # noqa: S608
        f"(SELECT * FROM conversations WHERE {where} ORDER BY started_at, rowid)"
    )
    return reading.con.sql("SELECT * FROM rehearsed ORDER BY place").to_arrow_table()


def _facts(rows: Any, assumed: Mapping[str, str]) -> tuple[dict[str, NDArray[np.int32]], dict[str, tuple[str, ...]]]:
    """Codes and words of each field; an assumed value stands where the files say nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    facts, words = {}, {}
    for name in FIELDS:
        column = rows.column(name).cast(pa.string()).combine_chunks()
        if name in assumed:
            column = pc.fill_null(column, assumed[name])
        coded = column.dictionary_encode()
        words[name] = tuple(coded.dictionary.to_pylist())
        facts[name] = pc.fill_null(coded.indices, NOBODY).to_numpy(zero_copy_only=False).astype(np.int32)
    return facts, words


def _of_list(rows: Any) -> tuple[Happenings, tuple[str, ...]]:
    """Beginning, first answer and solution of each conversation."""
    parts = []
    for role, name in ((What.ASKED, "started_at"), (What.ANSWERED, "first_responded_at"), (What.STATUS, "solved_at")):
        column = rows.column(name).combine_chunks()
        known = column.is_valid().to_numpy(zero_copy_only=False)
        at = column.fill_null(0).to_numpy()[known]
        parts.append((np.flatnonzero(known).astype(np.int32), np.full(len(at), role, dtype=np.int16), at))
    place, what, at = (np.concatenate(each) for each in zip(*parts, strict=True))
    # What is said of one second happened in this order.
    order = np.lexsort((what, at, place))
    value = np.where(what == What.STATUS, Status.SOLVED, NOBODY).astype(np.int32)
    return Happenings(place[order], what[order], at[order] * SECOND, value[order]), ()


def _of_log(reading: Reading) -> tuple[Happenings, tuple[str, ...]]:
    """Every activity that means something, in the order of time and then of the file; who did what."""
    import pyarrow.compute as pc

    roles: dict[str, list[str]] = {role: [] for role in _ROLES}
    for file in reading.files:
        for role, names in file.mapping.activities.items():
            roles[role].extend(names)
    asks = all(file.mapping.activities.get("asked") for file in reading.files if file.mapping.kind == "events")
    means = " ".join(
        f"WHEN activity IN ({sql.literals(roles[role])}) THEN {what}"
        for role, what in (("asked", 0), ("answered", 1), ("solved", 2), ("reopened", 3))
        if roles[role] and (role != "asked" or asks)
    )
    role = f"CASE {means} ELSE 9 END" if means else "9"
    told = reading.con.sql(
        f'SELECT place, events.rowid AS number, "at", {role} AS role, agent FROM events '  # noqa: S608
        f'JOIN rehearsed USING (conversation_id) WHERE "at" >= started_at'
        + ("" if asks else " UNION ALL SELECT place, -1, started_at, 0, NULL FROM rehearsed")
    ).to_arrow_table()
    place, number, at, role_of = (told.column(name).to_numpy() for name in ("place", "number", "at", "role"))
    agents = told.column("agent").combine_chunks().cast("string").dictionary_encode()
    agent = pc.fill_null(agents.indices, NOBODY).to_numpy(zero_copy_only=False).astype(np.int32)
    what = np.select(
        [role_of == 0, role_of == 1, role_of == 9], [What.ASKED, What.ANSWERED, What.ASSIGNEE], What.STATUS
    ).astype(np.int16)
    value = np.select([role_of == 2, role_of == 3], [Status.SOLVED, Status.OPEN], agent).astype(np.int32)
    kept = (what != What.ASSIGNEE) | (agent >= 0)
    order = np.flatnonzero(kept)[np.lexsort((number[kept], at[kept], place[kept]))]
    happened = Happenings(place[order].astype(np.int32), what[order], at[order] * SECOND, value[order])
    return happened, tuple(agents.dictionary.to_pylist())


def _kinds(reading: Reading, happened: Happenings, is_log: bool) -> Iterator[ClockKind]:
    """The clocks that the files can tell of."""
    known = {what: bool((happened.what == what).any()) for what in (What.ANSWERED, What.STATUS)}
    asked = happened.conversation[happened.what == What.ASKED]
    again = is_log and bool((asked[1:] == asked[:-1]).any())
    if known[What.ANSWERED]:
        yield ClockKind.FIRST_RESPONSE
        if again:
            yield ClockKind.NEXT_RESPONSE
    if known[What.STATUS]:
        yield ClockKind.RESOLUTION


def _notes(
    reading: Reading, policies: Sequence[Policy], facts: Mapping[str, NDArray[np.int32]],
    words: Mapping[str, tuple[str, ...]], assumed: Mapping[str, str], kinds: Sequence[ClockKind], zone: str,
    is_log: bool,
) -> Iterator[Said]:  # fmt: skip
    standards = [standard for policy in policies for standard in policy.standards.values()]
    promised = {standard.clock for standard in standards}
    yield from (Said(NO_KIND[kind]) for kind in KINDS if kind in promised and kind not in kinds)
    if any(standard.pauses for standard in standards if standard.clock in kinds):
        yield Said(NO_PAUSES)
    if ClockKind.RESOLUTION in kinds and not is_log and _any(reading, "reopened_count > 0"):
        yield Said(ONE_SOLUTION)
    asked = dict.fromkeys(name for standard in standards for name, _ in standard.when.items())
    yield from (Said(NO_FACT, field=name) for name in asked if not (facts[name] >= 0).any())
    yield from (Said(ASSUMED, field=name, value=value) for name, value in assumed.items())
    strange = [word for word in words["priority"] if word.casefold() not in PRIORITIES]
    if "priority" in asked and strange:
        yield Said(NOT_A_PRIORITY, words=", ".join(strange[:_WORDS]))
    recipients = {
        step.to.whom for policy in policies for chain in policy.chains.values() for step in chain.steps if step.to
    }
    if recipients & {Whom.LEAD, Whom.TEAM}:
        yield Said(NO_LEADS)
    if whole_days(reading, zone):
        yield Said(WHOLE_DAYS)
    if left := _count(reading, f"NOT ({_STANDING})"):
        yield Said(LEFT_OUT, n=left)
    if reading.bad_count:
        yield Said(BAD_ROWS, n=reading.bad_count)
    for file in reading.files:
        yield from (each if isinstance(each, Said) else Said(each) for each in (*file.mapping.proxies, *file.doubts))


def _count(reading: Reading, where: str) -> int:
    return int(reading.con.execute(f"SELECT count(*) FROM conversations WHERE {where}").fetchall()[0][0])  # noqa: S608


def _any(reading: Reading, where: str) -> bool:
    return _count(reading, where) > 0
