"""What happened in many conversations, as a policy sees it: waits, and what their clocks depend on.

A wait is what a clock may count: from a question to its answer, or from the beginning to the solution. It is the
same under every policy; whether anything was promised for it, by when and who was told is for `replay` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind
from answerable.core.policy.standard import PAUSING
from answerable.core.rehearsal.instants import Codes, Flags, Instants, Numbers

KINDS = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
"""Clocks by their code in `Waits.kind`."""
RESTING = PAUSING
"""Statuses by their code in `Rests.status`."""
NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Arrays with a value a wait, ordered by conversation and then as they began.

    `conversation` is its place in the history, `facts` that in `History.facts` when the wait began. `stopped_at` is
    NEVER while it lasts. A cancelled one counts nowhere: solved without an answer, or spam.
    """

    conversation: Numbers
    kind: Codes
    facts: Numbers
    started_at: Instants
    stopped_at: Instants
    cancelled: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Rests:
    """When a conversation was pending or on hold, ordered by conversation and time; `to_at` is NEVER while it is."""

    conversation: Numbers
    status: Codes
    from_at: Instants
    to_at: Instants


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Facts that a person changed while a wait lasted (the priority), ordered by wait and time."""

    wait: Numbers
    at: Instants
    facts: Numbers


class Timeline:
    """A value of each conversation that changes: whose it is, which team has it."""

    def __init__(self, first: Numbers, conversation: Numbers, at: Instants, value: Numbers) -> None:
        """`first` is each conversation's value at its beginning; then its changes, by conversation and in order."""
        self._first, self._at, self._value = first, at, value
        self._start = np.searchsorted(conversation, np.arange(len(first) + 1))

    def at(self, conversation: Numbers, at: Instants) -> Numbers:
        """The value of each conversation at an instant: that of its last change until then."""
        low, high = self._start[conversation], self._start[conversation + 1]
        begin = low.copy()
        while (searching := np.flatnonzero(low < high)).size:
            middle = (low[searching] + high[searching]) // 2
            later = self._at[middle] > at[searching]
            high[searching] = np.where(later, middle, high[searching])
            low[searching] = np.where(later, low[searching], middle + 1)
        changed = low > begin
        found = self._first[conversation]
        found[changed] = self._value[low[changed] - 1]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Conversations of a period as they stood at `as_of` (microseconds).

    `ids` are their names in the order of places, `began_at` when they began. `team` and `assignee` are codes of the
    caller's own, NOBODY for none. `kinds` are those whose waits are known; the others could not be rehearsed.
    """

    ids: NDArray[np.int64] | NDArray[np.object_]
    began_at: Instants
    facts: Sequence[Facts]
    waits: Waits
    rests: Rests
    turns: Turns
    team: Timeline
    assignee: Timeline
    as_of: int
    kinds: tuple[ClockKind, ...] = KINDS

    @property
    def first(self) -> int:
        """The first instant that a clock needs."""
        return int(min(self.waits.started_at.min(initial=self.as_of), self.as_of))
