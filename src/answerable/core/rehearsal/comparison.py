"""Two policies on one history, side by side: promises kept, escalations, and what differs most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates import CONFIDENCE, Definition, Difference, Estimate, share
from answerable.core.estimates.distributions import z_of
from answerable.core.policy import ClockKind, Do, Policy
from answerable.core.rehearsal.history import KINDS, History
from answerable.core.rehearsal.instants import NEVER, Flags, Instants
from answerable.core.rehearsal.replay import NOTHING, Outcome, Replay, Share, replay
from answerable.core.rehearsal.telling import NEVER_OTHERS, Days, Telling, Told, Who, tell

EXAMPLES = 20
"""Conversations kept of each difference, spread over the time."""
TOTAL = Definition("compliance.rehearsed", 1)


class Change(StrEnum):
    """How a conversation fares differently under the draft."""

    BROKEN = "broken"  # kept now
    KEPT = "kept"  # broken now
    PROMISED = "promised"  # nothing is promised now
    DROPPED = "dropped"
    MORE_TOLD = "more_told"
    LESS_TOLD = "less_told"
    WOKEN = "woken"
    LEFT_ASLEEP = "left_asleep"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the clocks of one promise: `due` of them count, `met` of these were in time."""

    clocks: int
    due: int
    met: int
    cancelled: int
    estimate: Estimate

    @property
    def breached(self) -> int:
        """How many were late."""
        return self.due - self.met


@dataclass(frozen=True, slots=True)
class Line:
    """A standard under both policies, or (without `key`) all those of a clock, or of all. None where there is none.

    `change` is that of the share kept among the waits that are due under both: the same conversations twice.
    """

    key: str
    kind: ClockKind | None
    now: Kept | None
    draft: Kept | None
    change: Difference | None


@dataclass(frozen=True, slots=True)
class Example:
    """A conversation of a difference: its wait, and when it would have been due. None where it was not."""

    conversation: int | str
    kind: ClockKind | None
    started_at: int
    stopped_at: int | None
    due_now: int | None
    due_draft: int | None


@dataclass(frozen=True, slots=True)
class Differing:
    """So many waits, or (`Change.MORE_TOLD` and on) conversations, fare differently. `key` names the standard."""

    change: Change
    key: str
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Escalations:
    """Steps that fired, by what they do, and by local day from the first; whom they told."""

    steps: dict[str, int]
    by_day: tuple[int, ...]
    people: tuple[Told, ...]

    @property
    def total(self) -> int:
        """All steps."""
        return sum(self.by_day)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The policy of today and the draft, on the same conversations. Days are those of `time_zone`; `days` is how many
    there are from the first conversation's to the last one's."""

    conversations: int
    time_zone: str
    kinds: tuple[ClockKind, ...]
    first_day: str
    days: int
    as_of: int
    standards: tuple[Line, ...]
    clocks: tuple[Line, ...]
    total: Line
    now: Escalations
    draft: Escalations
    differences: tuple[Differing, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values under stable keys; instants are microseconds since 1970."""
        return asdict(self)


def compare(
    history: History, now: tuple[Replay, Telling], draft: tuple[Replay, Telling], *, time_zone: str
) -> Comparison:
    """Both replays of a history side by side; days are those of `time_zone`."""
    both = [each[0] for each in (now, draft)]
    last_began = int(history.began_at.max(initial=history.first))
    period = Days(time_zone, int(history.began_at.min(initial=last_began)), last_began)
    last = max([last_began, *(int(each.firings.at.max(initial=last_began)) for each in both)])
    days = Days(time_zone, int(history.began_at.min(initial=last_began)), last)
    return Comparison(
        conversations=len(history.ids),
        time_zone=time_zone,
        kinds=history.kinds,
        first_day=days.first.isoformat(),
        days=int(period.number(np.array([last_began]))[0]) + 1,
        as_of=history.as_of,
        standards=tuple(_standards(history, both[0], both[1])),
        clocks=tuple(_line("", kind, both[0], both[1], _of_kind(history, kind)) for kind in history.kinds),
        total=_line("", None, both[0], both[1], np.ones(len(history.waits.kind), dtype=np.bool_)),
        now=_escalations(*now, days),
        draft=_escalations(*draft, days),
        differences=tuple(_differences(history, now, draft)),
    )


def rehearse(
    history: History, now: Policy, draft: Policy, who: Who, *, time_zone: str, others_from: Instants = NEVER_OTHERS,
    progress: Share | None = None,
) -> Comparison:  # fmt: skip
    """The whole of it: replay the history under both policies, find whom they tell (`telling.tell`), and compare."""
    say: Share = progress or (lambda _share: None)
    replays = [
        replay(history, now, lambda share: say(0.45 * share)),
        replay(history, draft, lambda share: say(0.45 + 0.45 * share)),
    ]
    told = []
    for each in replays:
        told.append((each, tell(history, each, who, others_from)))
        say(0.95)
    found = compare(history, told[0], told[1], time_zone=time_zone)
    say(1.0)
    return found


def _of_kind(history: History, kind: ClockKind) -> Flags:
    found: Flags = history.waits.kind == KINDS.index(kind)
    return found


def _line(key: str, kind: ClockKind | None, now: Replay, draft: Replay, some: Flags) -> Line:
    definition = Definition(f"compliance.{kind}", 1) if kind else TOTAL
    change = _change(now, draft, some)
    return Line(key, kind, _kept(now, some, definition), _kept(draft, some, definition), change)


def _standards(history: History, now: Replay, draft: Replay) -> Iterator[Line]:
    """By key, in the draft's order, then those that it has no more."""
    found = {standard.key: standard.clock for side in (draft, now) for standard in side.standards}
    for key, clock in found.items():
        if clock not in history.kinds:
            continue
        definition = Definition(f"compliance.{clock}", 1)
        waits = [_of_standard(side, key) for side in (now, draft)]
        kept = [
            None if some is None else _kept(side, some, definition)
            for side, some in zip((now, draft), waits, strict=True)
        ]
        change = None if waits[0] is None or waits[1] is None else _change(now, draft, waits[0] & waits[1])
        yield Line(key, clock, kept[0], kept[1], change)


def _of_standard(replay: Replay, key: str) -> Flags | None:
    """The waits that a standard is for; None where the policy has none of that key."""
    place = next((place for place, each in enumerate(replay.standards) if each.key == key), None)
    if place is None:
        return None
    found: Flags = replay.standard == place
    return found


def _change(now: Replay, draft: Replay, some: Flags) -> Difference | None:
    """Among the waits that are due under both; None where there is none."""
    shared = some & now.is_due & draft.is_due
    before, after = (side.outcome[shared] == Outcome.MET for side in (now, draft))
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    return matched_difference(gained, lost, int(shared.sum())) if shared.any() else None


def matched_difference(gained: int, lost: int, n: int) -> Difference:
    """The change of a share among `n` looked at twice: `gained` are in it only the second time, `lost` only the first.

    Source: Wald interval with a half added to each cell, Agresti and Min (2005), Statistics in Medicine 24:729-740.
    """
    b, c, size = lost + 0.5, gained + 0.5, n + 2
    middle = (c - b) / size
    half = z_of(CONFIDENCE) * sqrt(max(0.0, b + c - (c - b) ** 2 / size)) / size
    value = (gained - lost) / n
    low, high = max(-1.0, min(middle - half, value)), min(1.0, max(middle + half, value))
    return Difference(value, low, high, "matched proportions (Agresti and Min 2005)", "share")


def _kept(replay: Replay, some: Flags, definition: Definition) -> Kept:
    outcome, is_due = replay.outcome[some], replay.is_due[some]
    counts = np.bincount(outcome, minlength=len(Outcome))
    due, met = int(is_due.sum()), int((is_due & (outcome == Outcome.MET)).sum())
    clocks = int(counts[Outcome.RUNNING] + counts[Outcome.MET] + counts[Outcome.BREACHED])
    estimate = share(met, due, definition, coverage=due / clocks if clocks else None)
    return Kept(clocks, due, met, int(counts[Outcome.CANCELLED]), estimate)


def _escalations(replay: Replay, telling: Telling, days: Days) -> Escalations:
    firings = replay.firings
    steps = {str(do): 0 for do in Do}
    for place, chain in enumerate(replay.chains):
        counts = np.bincount(firings.step[firings.standard == place], minlength=len(chain))
        for step, count in zip(chain, counts.tolist(), strict=True):
            steps[str(step.do)] += count
    by_day = np.bincount(days.number(firings.at)) if firings.at.size else np.zeros(0, dtype=np.int64)
    return Escalations(steps, tuple(by_day.tolist()), telling.people)


def _differences(history: History, now: tuple[Replay, Telling], draft: tuple[Replay, Telling]) -> Iterator[Differing]:
    """The largest first, within what happened to promises, and then to people."""
    found = [*_of_promises(history, now[0], draft[0])]
    yield from sorted(found, key=lambda each: -each.count)
    (_, before), (_, after) = now, draft
    more, less = after.tellings > before.tellings, after.tellings < before.tellings
    people = {
        Change.MORE_TOLD: more,
        Change.LESS_TOLD: less,
        Change.WOKEN: after.wakes & ~before.wakes,
        Change.LEFT_ASLEEP: before.wakes & ~after.wakes,
    }
    first_wait = np.searchsorted(history.waits.conversation, np.arange(len(history.ids)))
    for change, flags in people.items():
        if count := int(flags.sum()):
            waits = first_wait[_spread(np.flatnonzero(flags))]
            yield Differing(change, "", count, _examples(history, now[0], draft[0], waits, of_wait=False))


def _of_promises(history: History, now: Replay, draft: Replay) -> Iterator[Differing]:
    stands = ~history.waits.cancelled
    for change, flags, named in (
        (Change.BROKEN, (now.outcome == Outcome.MET) & (draft.outcome == Outcome.BREACHED), draft),
        (Change.KEPT, (now.outcome == Outcome.BREACHED) & (draft.outcome == Outcome.MET), draft),
        (Change.PROMISED, (now.standard == NOTHING) & (draft.standard != NOTHING) & stands, draft),
        (Change.DROPPED, (now.standard != NOTHING) & (draft.standard == NOTHING) & stands, now),
    ):
        waits = np.flatnonzero(flags)
        standard = named.standard[waits]
        for place in np.unique(standard).tolist():
            some = waits[standard == place]
            examples = _examples(history, now, draft, _spread(some), of_wait=True)
            yield Differing(change, named.standards[place].key, len(some), examples)


def _spread(places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Some of them, evenly over all."""
    if len(places) <= EXAMPLES:
        return places
    return places[np.linspace(0, len(places) - 1, EXAMPLES).round().astype(np.intp)]


def _examples(
    history: History, now: Replay, draft: Replay, waits: NDArray[np.intp], *, of_wait: bool
) -> tuple[Example, ...]:
    stopped_at = history.waits.stopped_at
    return tuple(
        Example(
            conversation=history.ids[history.waits.conversation[wait]].item()
            if isinstance(history.ids[0], np.integer)
            else str(history.ids[history.waits.conversation[wait]]),
            kind=KINDS[history.waits.kind[wait]] if of_wait else None,
            started_at=int(history.waits.started_at[wait]),
            stopped_at=_known(stopped_at[wait]) if of_wait else None,
            due_now=_known(now.due_at[wait]) if of_wait else None,
            due_draft=_known(draft.due_at[wait]) if of_wait else None,
        )
        for wait in waits.tolist()
    )


def _known(at: np.int64) -> int | None:
    return None if at >= NEVER else int(at)
