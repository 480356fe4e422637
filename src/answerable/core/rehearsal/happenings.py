"""From what happened, in the order it was worked on, to waits: what `desk.actions.clocks` does, for all at once.

The conversations go through the same small machine in step: first what happened first in each of them, then what
happened second, and so on. So the work is done by arrays, whose sizes add up to what happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from answerable.core.conditions import FIELDS, Facts
from answerable.core.policy import ClockKind
from answerable.core.rehearsal.history import KINDS, History, Rests, Timeline, Turns, Waits
from answerable.core.rehearsal.instants import NEVER, Codes, Flags, Instants, Numbers

FIRST, NEXT, RESOLUTION = range(len(KINDS))
MOST_COUNTED = 1 << 22  # keys that are told apart by counting; beyond it by sorting


class What(IntEnum):
    """What can happen. `value` is a `Status`, the code of a priority, team or assignee, or who answered.

    TAKEN is an answer that never left: who wrote it has the conversation if nobody had, and that is all.
    """

    ASKED = 0
    ANSWERED = 1
    STATUS = 2
    SPAM = 3
    PRIORITY = 4
    RAISED = 5
    TEAM = 6
    ASSIGNEE = 7
    TAKEN = 8


class Status(IntEnum):
    """Statuses by code; the first two as in `history.RESTING`."""

    PENDING = 0
    ON_HOLD = 1
    OPEN = 2
    SOLVED = 3
    CLOSED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Beginnings:
    """Each conversation as it began: codes of its facts, by field, into `words`; -1 where nothing is known.

    `by_agent` are those that an agent opened: their first answer is no promise.
    """

    ids: NDArray[np.int64] | NDArray[np.object_]
    began_at: Instants
    facts: dict[str, Numbers]
    words: dict[str, tuple[str, ...]]
    assignee: Numbers
    by_agent: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Happenings:
    """Arrays with a value for each thing that happened, by conversation, then in the order it was worked on.

    PRIORITY is by a person and may choose other promises; RAISED, by an escalation, does not.
    """

    conversation: Numbers
    what: Codes
    at: Instants
    value: Numbers


@dataclass(eq=False)
class _Machine:
    """Conversations on their way, the longest first. Waits are written as they begin."""

    begun: Beginnings
    places: Numbers
    room: int
    status: Codes = field(init=False)
    answered: Flags = field(init=False)
    answer: Numbers = field(init=False)
    resolution: Numbers = field(init=False)
    priority: Numbers = field(init=False)
    team: Numbers = field(init=False)
    assignee: Numbers = field(init=False)
    count: int = 0
    turned: list[tuple[Numbers, Instants, Numbers, Numbers]] = field(default_factory=list)
    assigned: list[tuple[Numbers, Instants, Numbers]] = field(default_factory=list)

    def __post_init__(self) -> None:
        n = len(self.places)
        self.status = np.full(n, Status.OPEN, dtype=np.int16)
        self.answered = self.begun.by_agent[self.places]
        self.answer, self.resolution = np.full(n, -1, dtype=np.int32), np.full(n, -1, dtype=np.int32)
        self.priority = self.begun.facts["priority"][self.places].copy()
        self.team = self.begun.facts["team"][self.places].copy()
        self.assignee = self.begun.assignee[self.places].copy()
        # Only what is written takes memory.
        self.wait_conversation = np.empty(self.room, dtype=np.int32)
        self.wait_kind = np.empty(self.room, dtype=np.int16)
        self.wait_priority, self.wait_team = np.empty(self.room, np.int32), np.empty(self.room, np.int32)
        self.started_at, self.stopped_at = np.empty(self.room, np.int64), np.empty(self.room, np.int64)
        self.cancelled = np.empty(self.room, dtype=np.bool_)

    def step(self, what: Codes, at: Instants, value: Numbers) -> None:
        """What happens next in the first `len(what)` conversations."""
        some = np.flatnonzero(what == What.ASKED)
        self._asked(some, at[some])
        some = np.flatnonzero(what == What.ANSWERED)
        self._end(self.answer, some, at[some], cancelled=False)
        self.answered[some] = True
        some = np.flatnonzero((what == What.ANSWERED) | (what == What.TAKEN))
        self._assigned(some[self.assignee[some] < 0], at, value)  # who answers what is nobody's has it from then on
        some = np.flatnonzero(what == What.STATUS)
        self._turned(some, at[some], value[some])
        some = np.flatnonzero(what == What.SPAM)
        self._end(self.answer, some, at[some], cancelled=True)
        self._end(self.resolution, some, at[some], cancelled=True)
        self.status[some] = Status.CLOSED
        some = np.flatnonzero(what == What.TEAM)
        self.team[some] = value[some]
        self._assigned(np.flatnonzero(what == What.ASSIGNEE), at, value)
        some = np.flatnonzero((what == What.PRIORITY) | (what == What.RAISED))
        self.priority[some] = value[some]
        self._chosen_again(some[what[some] == What.PRIORITY], at)

    def _asked(self, some: NDArray[np.intp], at: Instants) -> None:
        free = self.answer[some] < 0
        kind = np.where(self.answered[some[free]], NEXT, FIRST)
        self._begin(self.answer, some[free], kind, at[free])
        free = (self.resolution[some] < 0) & (self.status[some] < Status.SOLVED)
        self._begin(self.resolution, some[free], np.full(int(free.sum()), RESOLUTION), at[free])

    def _turned(self, some: NDArray[np.intp], at: Instants, to: Numbers) -> None:
        finished = to >= Status.SOLVED
        self._end(self.resolution, some[finished], at[finished], cancelled=False)
        self._end(self.answer, some[finished], at[finished], cancelled=True)
        again = ~finished & (self.status[some] >= Status.SOLVED) & (self.resolution[some] < 0)
        self._begin(self.resolution, some[again], np.full(int(again.sum()), RESOLUTION), at[again])
        self.status[some] = to

    def _assigned(self, some: NDArray[np.intp], at: Instants, value: Numbers) -> None:
        self.assignee[some] = value[some]
        self.assigned.append((self.places[some], at[some], value[some]))

    def _chosen_again(self, some: NDArray[np.intp], at: Instants) -> None:
        for going in (self.answer, self.resolution):
            mine = some[going[some] >= 0]
            if mine.size:
                self.turned.append((going[mine], at[mine], self.priority[mine], self.team[mine]))

    def _begin(self, going: Numbers, some: NDArray[np.intp], kind: NDArray[np.integer], at: Instants) -> None:
        new = slice(self.count, self.count + len(some))
        self.wait_conversation[new] = self.places[some]
        self.wait_kind[new] = kind
        self.wait_priority[new], self.wait_team[new] = self.priority[some], self.team[some]
        self.started_at[new], self.stopped_at[new], self.cancelled[new] = at, NEVER, False
        going[some] = np.arange(new.start, new.stop)
        self.count = new.stop

    def _end(self, going: Numbers, some: NDArray[np.intp], at: Instants, *, cancelled: bool) -> None:
        lasting = going[some] >= 0
        wait = going[some[lasting]]
        self.stopped_at[wait] = np.maximum(at[lasting], self.started_at[wait])
        self.cancelled[wait] = cancelled
        going[some[lasting]] = -1


def history_of(begun: Beginnings, happenings: Happenings, as_of: int, kinds: tuple[ClockKind, ...] = KINDS) -> History:
    """The history of conversations that began so, and of what happened to them until `as_of`."""
    machine = _run(begun, happenings)
    known = machine.count
    order = np.lexsort((machine.started_at[:known], machine.wait_conversation[:known]))
    kept = order[np.isin(machine.wait_kind[order], [KINDS.index(kind) for kind in kinds])]
    conversation = machine.wait_conversation[kept]
    place = np.full(known, -1, dtype=np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    wait, at, priority, team = _joined(machine.turned)
    of_known = place[wait] >= 0
    in_order = np.lexsort((at[of_known], place[wait[of_known]]))
    picked = np.flatnonzero(of_known)[in_order]
    wait, at, priority, team = wait[picked], at[picked], priority[picked], team[picked]
    codes = _codes(
        begun,
        np.concatenate([conversation, machine.wait_conversation[wait]]),
        np.concatenate([machine.wait_priority[kept], priority]),
        np.concatenate([machine.wait_team[kept], team]),
    )
    facts, number = _combined(codes, begun.words)
    waits = Waits(
        conversation,
        machine.wait_kind[kept],
        number[: len(kept)],
        machine.started_at[kept],
        machine.stopped_at[kept],
        machine.cancelled[kept],
    )
    return History(
        ids=begun.ids,
        began_at=begun.began_at,
        facts=facts,
        waits=waits,
        rests=_rests(happenings),
        turns=Turns(place[wait], at, number[len(kept) :]),
        team=_teams(begun.facts["team"], happenings),
        assignee=_assignees(begun.assignee, machine),
        as_of=as_of,
        kinds=kinds,
    )


def _run(begun: Beginnings, happenings: Happenings) -> _Machine:
    counts = np.bincount(happenings.conversation, minlength=len(begun.ids))
    places = np.argsort(-counts, kind="stable").astype(np.int32)
    first = (np.cumsum(counts) - counts)[places]
    descending = -counts[places]
    asked = int(np.count_nonzero(happenings.what == What.ASKED))
    machine = _Machine(begun, places, 2 * asked + int(np.count_nonzero(happenings.what == What.STATUS)))
    for number in range(int(counts.max(initial=0))):
        active = int(np.searchsorted(descending, -number, side="left"))
        rows = first[:active] + number
        machine.step(happenings.what[rows], happenings.at[rows], happenings.value[rows])
    return machine


def _joined(
    turned: list[tuple[Numbers, Instants, Numbers, Numbers]],
) -> tuple[Numbers, Instants, Numbers, Numbers]:
    if not turned:
        none = np.empty(0, dtype=np.int32)
        return none, np.empty(0, dtype=np.int64), none, none
    return (
        np.concatenate([each[0] for each in turned]),
        np.concatenate([each[1] for each in turned]),
        np.concatenate([each[2] for each in turned]),
        np.concatenate([each[3] for each in turned]),
    )


def _codes(begun: Beginnings, conversation: Numbers, priority: Numbers, team: Numbers) -> dict[str, Numbers]:
    own = {"priority": priority, "team": team}
    return {name: own[name] if name in own else begun.facts[name][conversation] for name in FIELDS}


def _combined(codes: dict[str, Numbers], words: dict[str, tuple[str, ...]]) -> tuple[tuple[Facts, ...], Numbers]:
    """Every combination of facts there is, once, and each row's place among them."""
    key, size = np.zeros(len(codes[FIELDS[0]]), dtype=np.int64), 1
    for name in FIELDS:
        many = len(words[name]) + 1
        if size * many > MOST_COUNTED:
            key, first = _numbered(key, size)
            size = len(first)
        key, size = key * many + codes[name] + 1, size * many
    number, first = _numbered(key, size)
    found = tuple(
        Facts(**{name: words[name][codes[name][row]] if codes[name][row] >= 0 else None for name in FIELDS})
        for row in first.tolist()
    )
    return found, number.astype(np.int32)


def _numbered(key: Instants, size: int) -> tuple[Instants, NDArray[np.integer]]:
    """Keys below `size` as numbers without gaps, and a row that has each of these."""
    if size > MOST_COUNTED:
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
        return number.astype(np.int64), first
    row = np.full(size, -1, dtype=np.int64)
    row[key] = np.arange(len(key))
    there = row >= 0
    return (np.cumsum(there) - 1)[key], row[there]


def _rests(happenings: Happenings) -> Rests:
    """Each time a conversation was pending or on hold, until its status was another."""
    turned = np.flatnonzero((happenings.what == What.STATUS) | (happenings.what == What.SPAM))
    conversation, at = happenings.conversation[turned], happenings.at[turned]
    status = np.where(happenings.what[turned] == What.SPAM, Status.CLOSED, happenings.value[turned])
    until = np.full(len(turned), NEVER, dtype=np.int64)
    follows = conversation[1:] == conversation[:-1]
    # What ends a rest may have come in before it began, and been read only afterwards.
    until[:-1][follows] = np.maximum(at[1:], at[:-1])[follows]
    rests = status <= Status.ON_HOLD
    return Rests(conversation[rests], status[rests].astype(np.int16), at[rests], until[rests])


def _teams(first: Numbers, happenings: Happenings) -> Timeline:
    changed = happenings.what == What.TEAM
    return Timeline(first, happenings.conversation[changed], happenings.at[changed], happenings.value[changed])


def _assignees(first: Numbers, machine: _Machine) -> Timeline:
    if not machine.assigned:
        none = np.empty(0, dtype=np.int32)
        return Timeline(first, none, np.empty(0, dtype=np.int64), none)
    conversation = np.concatenate([each[0] for each in machine.assigned])
    at = np.concatenate([each[1] for each in machine.assigned])
    value = np.concatenate([each[2] for each in machine.assigned])
    order = np.argsort(conversation, kind="stable")
    return Timeline(first, conversation[order], at[order], value[order])
