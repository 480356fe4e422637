"""Whom escalations would have told, how often, and whom they would have woken.

A person is woken when told between 22:00 and 07:00 of their own time zone. That is the same yardstick under every
policy, where its own hours would be another for each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerable.core.calendar import Calendar, local_midnight
from answerable.core.policy import Do
from answerable.core.policy.escalation import Step
from answerable.core.rehearsal.history import History
from answerable.core.rehearsal.instants import SECOND, Flags, Instants, Numbers, micros, moment
from answerable.core.rehearsal.open_time import OpenTime
from answerable.core.rehearsal.replay import Replay

NIGHT = ((0, 7 * 60), (22 * 60, 24 * 60))
"""Minutes of the local day in which being told wakes."""
_NIGHT_BEGINS_BEFORE = 2 * 3600 * SECOND


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be told. `key` is the caller's own."""

    key: str
    name: str
    time_zone: str


Who = Callable[[Step, int, int, int], Sequence[Person]]
"""Whom a step tells, by the codes of the conversation's team and assignee at a moment, and that moment."""
NEVER_OTHERS: Instants = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Told:
    """How often a person was told, how often of these at night, and in how many nights."""

    person: Person
    times: int
    at_night: int
    nights: int


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """Who was told, most often first; of each conversation how often it told anyone, and whether it woke anyone."""

    people: tuple[Told, ...]
    tellings: Numbers
    wakes: Flags


class Days:
    """Local days of a time zone, from that of one instant to that of another."""

    def __init__(self, time_zone: str, first: int, last: int) -> None:
        night = Calendar(time_zone, (NIGHT,) * 7)
        self.first = moment(first).astimezone(night.zone).date()
        ordinals = range(self.first.toordinal(), moment(last).astimezone(night.zone).date().toordinal() + 2)
        self._midnights = np.array(
            [micros(local_midnight(night, self.first.fromordinal(each))) for each in ordinals], dtype=np.int64
        )
        self._night = OpenTime(night, int(self._midnights[0]), int(self._midnights[-1]))

    def number(self, at: Instants) -> NDArray[np.intp]:
        """Which day each instant is in, 0 for the first."""
        return np.searchsorted(self._midnights, at, side="right") - 1

    def night(self, at: Instants) -> NDArray[np.intp]:
        """Which night each instant is in, called by the day it ends on; -1 by day."""
        return np.where(self._night.is_open(at), self.number(at + _NIGHT_BEGINS_BEFORE), -1)


def tell(history: History, replay: Replay, who: Who, others_from: Instants = NEVER_OTHERS) -> Telling:
    """Whom the steps that fired would have told. `others_from` are instants, in order, from which on others may be
    told: somebody is away, or back."""
    firings = replay.firings
    telling = np.array(
        [[step.do is not Do.RAISE_PRIORITY for step in _padded(replay, chain)] for chain in replay.chains]
    )
    rows = np.flatnonzero(telling[firings.standard, firings.step]) if telling.size else np.empty(0, dtype=np.intp)
    wait, at = firings.wait[rows], firings.at[rows]
    conversation = history.waits.conversation[wait]
    steps = list(dict.fromkeys(step for chain in replay.chains for step in chain))
    number = np.array([[steps.index(step) for step in _padded(replay, chain)] for chain in replay.chains])
    code = number[firings.standard[rows], firings.step[rows]] if rows.size else np.empty(0, dtype=np.int64)
    team, assignee = history.team.at(conversation, at), history.assignee.at(conversation, at)
    span = np.searchsorted(others_from, at, side="right")
    groups = np.stack([each.astype(np.int64) for each in (code, team, assignee, span)])
    return _Crowd(history, conversation, at).tell(steps, groups, who)


def _padded(replay: Replay, chain: tuple[Step, ...]) -> tuple[Step, ...]:
    """Chains of one length: the last step stands where there is none, and is never asked for."""
    longest = max(map(len, replay.chains))
    filling = next(step for each in replay.chains for step in each) if longest else None
    return chain + (filling,) * (longest - len(chain)) if filling else chain


@dataclass
class _Crowd:
    history: History
    conversation: Numbers
    at: Instants

    def tell(self, steps: Sequence[Step], groups: NDArray[np.int64], who: Who) -> Telling:
        """Each combination of step, team, assignee and span of time is looked at once."""
        tellings = np.zeros(len(self.history.ids), dtype=np.int32)
        wakes = np.zeros(len(self.history.ids), dtype=np.bool_)
        key, combinations = _unique(groups)
        order = np.argsort(key, kind="stable")
        ends = np.cumsum(np.bincount(key, minlength=combinations.shape[1]))
        nights: dict[str, NDArray[np.intp]] = {}
        rows_of: dict[Person, list[NDArray[np.intp]]] = defaultdict(list)
        for place, (step, team, assignee, _span) in enumerate(combinations.T.tolist()):
            rows = order[ends[place - 1] if place else 0 : ends[place]]
            people = who(steps[step], team, assignee, int(self.at[rows[0]]))
            if people:
                np.add.at(tellings, self.conversation[rows], len(people))
            for person in people:
                rows_of[person].append(rows)
        for zone in {person.time_zone for person in rows_of}:
            nights[zone] = Days(zone, int(self.at.min()), int(self.at.max())).night(self.at)
        found = []
        for person, some in rows_of.items():
            rows = np.concatenate(some)
            night = nights[person.time_zone][rows]
            asleep = night >= 0
            wakes[self.conversation[rows[asleep]]] = True
            found.append(Told(person, len(rows), int(asleep.sum()), len(np.unique(night[asleep]))))
        found.sort(key=lambda told: (-told.times, told.person.name))
        return Telling(tuple(found), tellings, wakes)


def _unique(groups: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Which combination each column is, and the combinations."""
    if not groups.shape[1]:
        return np.empty(0, dtype=np.intp), groups
    key = np.zeros(groups.shape[1], dtype=np.int64)
    for row in groups:
        key = key * (int(row.max()) + 2) + row + 1
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    return number, groups[:, first]
