"""A history under a policy: what would have been promised, what kept, and which escalations would have fired.

The rules are those of `core.clock` and of the desk (desk/actions/clocks.py, desk/timers.py):

- the standard is chosen by the facts at the beginning, and again when a person changes the priority, unless the
  clock has been breached by then;
- a clock pauses while the conversation is in a status that its standard names;
- what stops at its due time is in time; a step fires at its share of the target unless the clock stopped until then;
- a step that another standard's clock has taken is not taken again.

What a step does (raise the priority, hand over) changes nothing of what follows: that is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from answerable.core.calendar import Calendar
from answerable.core.policy import Policy, Standard
from answerable.core.policy.escalation import Step
from answerable.core.rehearsal.history import KINDS, RESTING, History
from answerable.core.rehearsal.instants import NEVER, Codes, Flags, Instants, Numbers
from answerable.core.rehearsal.open_time import OpenTime

NOTHING = -1
"""The code of no standard: nothing is promised."""
AT_ONCE = 250_000
"""Waits in one piece: what memory holds of the steps between."""
_LONGEST_GOAL = 1 << 61

Share = Callable[[float], None]
Places = NDArray[np.intp]


class Outcome(IntEnum):
    """What became of a wait's promise. RUNNING goes on and is not late yet."""

    UNPROMISED = 0
    CANCELLED = 1
    RUNNING = 2
    MET = 3
    BREACHED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Firings:
    """Steps that fired: of which wait, of which standard, its place in that standard's chain, and when."""

    wait: Numbers
    standard: Codes
    step: Codes
    at: Instants


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """A policy's outcomes: arrays with a value a wait of the history.

    `standard` is the place in `standards`, or NOTHING. `due_at` is NEVER where it is not known or after the history
    was taken. `is_due` are those that count: late, or with a due time that has come.
    """

    standards: tuple[Standard, ...]
    chains: tuple[tuple[Step, ...], ...]
    standard: Codes
    outcome: Codes
    due_at: Instants
    is_due: Flags
    firings: Firings


def replay(history: History, policy: Policy, progress: Share | None = None) -> Replay:
    """What the policy would have promised and done. `progress` is told the share of it that is done."""
    return _Stage(history, policy).replay(progress or _silent)


def _silent(_share: float) -> None:
    """Nobody asked."""


@dataclass
class _Told:
    """What is known of some waits under the standards they have."""

    due_at: Instants
    unknown: Flags  # resting at the end, so that nobody knows when it would have been due


class _Stage:
    def __init__(self, history: History, policy: Policy) -> None:
        self.history, self.policy = history, policy
        self.standards = tuple(policy.standards.values())
        self.chains = tuple(policy.escalations(standard) for standard in self.standards)
        self.number = {standard.key: place for place, standard in enumerate(self.standards)}
        waits = history.waits
        self.ended_at = np.minimum(waits.stopped_at, history.as_of)
        self.rest_first = np.searchsorted(history.rests.conversation, np.arange(len(history.ids) + 1))
        # Which standards pause in which status: a row a standard, a column a status.
        self.pauses = np.array(
            [[status in standard.pauses for status in RESTING] for standard in self.standards], dtype=np.bool_
        ).reshape(len(self.standards), len(RESTING))
        self.steps = max((len(chain) for chain in self.chains), default=0)

    @cached_property
    def targets(self) -> Instants:
        """By standard and hours, since what counts in the hours of a region may be days of theirs."""
        return np.array([[_micros(target) for target in row] for row in self._lengths()], dtype=np.int64)

    @cached_property
    def shares(self) -> Instants:
        """By standard, hours and step: how much of the target is used up by then."""
        found = np.full((len(self.standards), len(self.times), max(self.steps, 1)), NEVER, dtype=np.int64)
        for place, (row, chain) in enumerate(zip(self._lengths(), self.chains, strict=True)):
            for hours, target in enumerate(row):
                found[place, hours, : len(chain)] = [_micros(target * step.share) for step in chain]
        return found

    def _lengths(self) -> list[list[timedelta]]:
        _ = self.chosen
        return [[standard.within.length(each) for each in self._calendars] for standard in self.standards]

    @cached_property
    def chosen(self) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """By kind and facts: the standard, and the hours it is counted in."""
        calendars: dict[Calendar, int] = {}
        shape = (len(KINDS), len(self.history.facts))
        standard, hours = np.full(shape, NOTHING, dtype=np.int16), np.zeros(shape, dtype=np.int16)
        for row, kind in enumerate(KINDS):
            for column, facts in enumerate(self.history.facts):
                match = self.policy.standard_for(kind, facts)
                if match is not None:
                    standard[row, column] = self.number[match.standard.key]
                    hours[row, column] = calendars.setdefault(match.calendar, len(calendars))
        self._calendars = tuple(calendars)
        return standard, hours

    @cached_property
    def times(self) -> tuple[OpenTime, ...]:
        """Open time of each calendar that is used, over the whole history."""
        _ = self.chosen
        return tuple(OpenTime(each, self.history.first, self.history.as_of + 1) for each in self._calendars)

    def replay(self, progress: Share) -> Replay:
        waits, n = self.history.waits, len(self.history.waits.kind)
        standard_of, hours_of = self.chosen
        standard, hours = standard_of[waits.kind, waits.facts], hours_of[waits.kind, waits.facts]
        due_at, unknown = np.full(n, NEVER, dtype=np.int64), np.zeros(n, dtype=np.bool_)
        fired: list[Firings] = []
        turning = np.zeros(n, dtype=np.bool_)
        turning[self.history.turns.wait] = True
        for first in range(0, n, AT_ONCE):
            progress(first / n)
            part = slice(first, min(first + AT_ONCE, n))
            plain = first + np.flatnonzero((standard[part] >= 0) & ~turning[part])
            for place in range(len(self.times)):
                mine = plain[hours[plain] == place]
                told, steps = self._run(mine, standard[mine], place)
                due_at[mine], unknown[mine] = told.due_at, told.unknown
                fired.extend(steps)
        self._choose_again(standard, hours, due_at, unknown, fired)
        progress(1.0)
        return self._found(standard, due_at, unknown, fired)

    def _run(self, waits: Places, standard: Codes, hours: int) -> tuple[_Told, list[Firings]]:
        """Waits that keep one standard, all in the same hours."""
        clock = _Counting(self, waits, self.times[hours], self._pausing(standard))
        due_at, unknown = clock.reached(self.targets[standard, hours])
        return _Told(due_at, unknown), list(self._steps(clock, waits, standard, hours))

    def _pausing(self, standard: Codes) -> Callable[[Places, Places], Flags]:
        """Whether rests count for waits (by their places among those looked at) under these standards."""
        return lambda some, rests: self.pauses[standard[some], self.history.rests.status[rests]]

    def _steps(self, clock: _Counting, waits: Places, standard: Codes, hours: int) -> Iterator[Firings]:
        ended_at, used = self.ended_at[waits], clock.elapsed()
        for step in range(self.steps):
            amount = self.shares[standard, hours, step]
            some = np.flatnonzero(used >= amount)
            at, _ = clock.of(some).reached(amount[some])
            # What the clock's stop comes before, or at, does not fire; the last instant of the history still does.
            stopped = self.history.waits.stopped_at[waits[some]]
            fires = (at < stopped) & (at <= ended_at[some])
            found = some[fires]
            yield Firings(
                waits[found].astype(np.int32), standard[found], np.full(len(found), step, np.int16), at[fires]
            )

    def _choose_again(
        self, standard: Codes, hours: Codes, due_at: Instants, unknown: Flags, fired: list[Firings]
    ) -> None:
        """Waits whose facts a person changed: from one choice to the next, those that are not late by then."""
        turns = self.history.turns
        begins = np.searchsorted(turns.wait, np.arange(len(standard) + 1))
        waits = np.unique(turns.wait).astype(np.intp)
        waits = waits[(standard[waits] >= 0)]
        if waits.size:
            _Turning(self, waits, begins).run(standard, hours, due_at, unknown, fired)

    def _found(self, standard: Codes, due_at: Instants, unknown: Flags, fired: list[Firings]) -> Replay:
        waits, as_of = self.history.waits, self.history.as_of
        ended = waits.stopped_at < NEVER
        late = due_at < self.ended_at
        outcome = np.where(late, Outcome.BREACHED, np.where(ended, Outcome.MET, Outcome.RUNNING))
        outcome = np.where(waits.cancelled, Outcome.CANCELLED, outcome)
        outcome = np.where(standard < 0, Outcome.UNPROMISED, outcome).astype(np.int16)
        counts = (outcome == Outcome.MET) | (outcome == Outcome.BREACHED) | (outcome == Outcome.RUNNING)
        is_due = counts & ((due_at <= as_of) | (unknown & (outcome == Outcome.MET)))
        return Replay(self.standards, self.chains, standard, outcome, due_at, is_due, _joined(fired))


class _Counting:
    """Clocks of some waits in the same hours; `pausing` says which rests count for which of them."""

    def __init__(
        self, stage: _Stage, waits: Places, time: OpenTime, pausing: Callable[[Places, Places], Flags]
    ) -> None:
        self.stage, self.waits, self.time, self.pausing = stage, waits, time, pausing
        history = stage.history
        self.started_at = history.waits.started_at[waits]
        self.begun = time.until(self.started_at)
        conversation = history.waits.conversation[waits]
        self.rest = stage.rest_first[conversation]
        self.rests = stage.rest_first[conversation + 1] - self.rest

    def of(self, some: Places) -> _Counting:
        """The same for some of them."""
        pausing = self.pausing
        return _Counting(
            self.stage, self.waits[some], self.time, lambda part, rests: pausing(some[part], rests)
        )  # fmt: skip

    def reached(self, amount: Instants) -> tuple[Instants, Flags]:
        """When so much has been counted; NEVER after the history, or (then True) while it rested at its end."""
        goal = self.begun + amount
        resting = np.zeros(len(goal), dtype=np.bool_)
        for some, before, length in self._pauses():
            held = goal[some] > before
            resting[some] |= held & (length >= _LONGEST_GOAL)
            goal[some] += np.where(held, length, 0)
            np.minimum(goal, _LONGEST_GOAL, out=goal)
        return self.time.reached(goal), resting

    def elapsed(self) -> Instants:
        """Open time counted until each wait ended, or until now."""
        until = self.time.until(self.stage.ended_at[self.waits])
        counted = until - self.begun
        for some, before, length in self._pauses():
            counted[some] -= np.clip(until[some] - before, 0, length)
        return counted

    def _pauses(self) -> Iterator[tuple[Places, Instants, Instants]]:
        """One pause after the other: whose, open time before it, and open time in it (the longest: until the end)."""
        rests, stopped_at = self.stage.history.rests, self.stage.history.waits.stopped_at
        for number in range(int(self.rests.max(initial=0))):
            some = np.flatnonzero(self.rests > number)
            rest = self.rest[some] + number
            from_at = np.maximum(rests.from_at[rest], self.started_at[some])
            until = rests.to_at[rest]
            counts = (until > from_at) & (from_at < self.stage.ended_at[self.waits[some]]) & self.pausing(some, rest)
            some, from_at, until = some[counts], from_at[counts], until[counts]
            lasts = (until >= stopped_at[self.waits[some]]) | (until > self.stage.history.as_of)
            before = self.time.until(from_at)
            length = self.time.until(np.where(lasts, from_at, until)) - before
            yield some, before, np.where(lasts, _LONGEST_GOAL, length)


class _Turning:
    """Waits with several choices of a standard, one after the other."""

    def __init__(self, stage: _Stage, waits: Places, begins: Places) -> None:
        self.stage, self.waits = stage, waits
        self.turn, self.turns = begins[waits], begins[waits + 1] - begins[waits]

    def run(self, standard: Codes, hours: Codes, due_at: Instants, unknown: Flags, fired: list[Firings]) -> None:
        """Fill in what becomes of them."""
        stage, waits, turns = self.stage, self.waits, self.stage.history.turns
        standard_of, hours_of = stage.chosen
        kind = stage.history.waits.kind
        stopped_at = stage.history.waits.stopped_at
        began = [np.full(len(waits), -1, dtype=np.int64)]
        chosen = [standard[waits].copy()]
        taken = np.zeros((len(waits), max(stage.steps, 1)), dtype=np.bool_)
        for number in range(int(self.turns.max(initial=0)) + 1):
            turning = self.turns > number
            row = self.turn + np.where(turning, number, 0)
            until = np.where(turning, turns.at[row], NEVER)
            pausing = self._pausing(began, chosen)
            for place in np.unique(hours[waits]).tolist():
                mine = np.flatnonzero(hours[waits] == place)
                clock = _Counting(stage, waits, stage.times[place], pausing).of(mine)
                due_at[waits[mine]], unknown[waits[mine]] = clock.reached(stage.targets[chosen[-1][mine], place])
                for step in range(stage.steps):
                    at, _ = clock.reached(stage.shares[chosen[-1][mine], place, step])
                    at = np.maximum(at, began[-1][mine])
                    fires = (at < np.minimum(stopped_at[waits[mine]], until[mine])) & ~taken[mine, step]
                    fires &= at <= stage.ended_at[waits[mine]]
                    found = mine[fires]
                    taken[found, step] = True
                    fired.append(Firings(
                        waits[found].astype(np.int32), chosen[-1][found], np.full(len(found), step, np.int16), at[fires]
                    ))  # fmt: skip
            facts = turns.facts[row]
            other = standard_of[kind[waits], facts]
            changes = turning & (other >= 0) & (other != chosen[-1]) & (due_at[waits] >= until)
            began.append(np.where(changes, until, began[-1]))
            chosen.append(np.where(changes, other, chosen[-1]))
            hours[waits] = np.where(changes, hours_of[kind[waits], facts], hours[waits])
            standard[waits] = chosen[-1]

    def _pausing(self, began: list[Instants], chosen: list[Codes]) -> Callable[[Places, Places], Flags]:
        """A rest counts by the standard that held when it began."""
        rests, pauses = self.stage.history.rests, self.stage.pauses

        def counts(some: Places, rest: Places) -> Flags:
            held = chosen[0][some]
            for at, standard in zip(began[1:], chosen[1:], strict=True):
                held = np.where(rests.from_at[rest] >= at[some], standard[some], held)
            found: Flags = pauses[held, rests.status[rest]]
            return found

        return counts


def _joined(fired: Sequence[Firings]) -> Firings:
    """All of them, ordered by wait and time."""
    none = np.empty(0, dtype=np.int16)
    every = [Firings(np.empty(0, dtype=np.int32), none, none, np.empty(0, dtype=np.int64)), *fired]
    wait, at = np.concatenate([each.wait for each in every]), np.concatenate([each.at for each in every])
    standard = np.concatenate([each.standard for each in every])
    step = np.concatenate([each.step for each in every])
    order = np.lexsort((step, at, wait))
    return Firings(wait[order], standard[order], step[order], at[order])


def _micros(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
