"""A week of a team: who is needed in each hour for all channels, and what those who are planned will achieve.

Calls and chats come first, by Erlang's formulas; whoever is left works on what may wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import floor

import numpy as np

from answerable.core.staffing.backlog import Flow, hands_needed, work_off
from answerable.core.staffing.erlang import service
from answerable.core.staffing.need import agents_needed, heads, patient_agents_needed, slots_to_agents
from answerable.core.staffing.patience import impatient_service

INTERVAL_SECONDS = 3600.0
_LITTLE = 1e-6
_NONE_A_WEEK = 0.05
"""Contacts that may wait, fewer than these in a week, are none."""


@dataclass(frozen=True)
class Demand:
    """A channel's week. `contacts` and open seconds (`opened`) by hour; the share `in_time` is to be answered
    within `limit_seconds`. `waits`: the work may wait (e-mail), and is worked off. Else somebody is there at once:
    each leads `at_once` conversations, and callers give up after `patience_seconds` on average (None: never).
    """

    contacts: tuple[float, ...]
    opened: tuple[float, ...]
    handling_seconds: float
    limit_seconds: float
    in_time: float
    waits: bool
    at_once: int = 1
    patience_seconds: float | None = None

    def served(self, interval: int) -> float:
        """The contacts of an interval that come while it is open; of what waits, all."""
        if self.waits:
            return self.contacts[interval]
        return self.contacts[interval] * min(1.0, self.opened[interval] / INTERVAL_SECONDS)


@dataclass(frozen=True)
class Team:
    """`shrinkage`: the share of rostered time in which people are not at work on contacts. `occupancy`: how much of
    their time they may be busy at most."""

    shrinkage: float
    occupancy: float


@dataclass(frozen=True)
class Achieved:
    """What a number of people make of one channel's interval. Of what waits, `in_time` is not known by interval and
    None, and `done` are the contacts worked off."""

    at_work: float
    in_time: float | None
    occupancy: float
    done: float


@dataclass(frozen=True)
class Week:
    """The demand by channel against the heads rostered in each interval (fractions are parts of it).

    `order` of the channels: those at once first, as they are served.
    """

    demands: Mapping[str, Demand]
    rostered: tuple[float, ...]
    team: Team

    @cached_property
    def at_work_needed(self) -> Mapping[str, tuple[float, ...]]:
        """People at work that each channel needs, by interval; fractions where work waits."""
        return {key: _needed(demand, self.team.occupancy) for key, demand in self.demands.items()}

    @cached_property
    def required(self) -> tuple[int, ...]:
        """Heads to roster in each interval, for all channels together, shrinkage taken into account."""
        sums = [sum(each[place] for each in self.at_work_needed.values()) for place in range(len(self.rostered))]
        return tuple(heads(max(each, _LITTLE) if each else 0, self.team.shrinkage) for each in sums)

    @cached_property
    def gaps(self) -> tuple[float, ...]:
        """Heads that are missing by interval; negative where there are more than needed."""
        return tuple(need - there for need, there in zip(self.required, self.rostered, strict=True))

    @property
    def required_hours(self) -> float:
        """Person-intervals required."""
        return float(sum(self.required))

    @property
    def rostered_hours(self) -> float:
        """Person-intervals rostered."""
        return float(sum(self.rostered))

    def expected(self, more: float = 0.0) -> Mapping[str, Expected]:
        """What the rostered achieve, or `more` heads (fewer, where negative) in each interval in which anybody is
        rostered or required."""
        there = tuple(
            max(0.0, each + more) if each > _LITTLE or need else 0.0
            for each, need in zip(self.rostered, self.required, strict=True)
        )
        return self._with(there)

    def interval(self, place: int, more: float = 0.0) -> Mapping[str, Achieved]:
        """What those rostered in one interval achieve there, or so many more or fewer."""
        present = max(0.0, self.rostered[place] + more) * (1 - self.team.shrinkage)
        shares = self._shared(place, present)
        return {key: self._achieved(key, place, shares[key]) for key in self.demands}

    def _with(self, there: Sequence[float]) -> Mapping[str, Expected]:
        present = [each * (1 - self.team.shrinkage) for each in there]
        shares = [self._shared(place, each) for place, each in enumerate(present)]
        return {key: self._of_week(key, [each[key] for each in shares]) for key in self.demands}

    def _shared(self, place: int, present: float) -> dict[str, float]:
        """People at work by channel: those at once as they need, in proportion where there are too few; the rest
        where work waits, in proportion to the work; where none waits, with those at once again."""
        needs = {key: need[place] for key, need in self.at_work_needed.items()}
        first = {key: need for key, need in needs.items() if not self.demands[key].waits and need}
        later = {key: self._weight(key, needs[key]) for key, each in self.demands.items() if each.waits}
        later = {key: weight if self.demands[key].opened[place] else 0.0 for key, weight in later.items()}
        found = dict.fromkeys(self.demands, 0.0)
        wanted = sum(first.values())
        given = min(present, wanted) if sum(later.values()) else present
        for key, need in first.items():
            found[key] = given * need / wanted
        rest = present - sum(found.values())
        if rest > _LITTLE and (total := sum(later.values())):
            for key, weight in later.items():
                found[key] = rest * weight / total
        return found

    def _weight(self, key: str, need: float) -> float:
        """By which hands go to one of several backlogs: what it needs now, and a little for what it brings at all."""
        demand = self.demands[key]
        return need + _LITTLE * sum(demand.contacts) * demand.handling_seconds

    def _achieved(self, key: str, place: int, at_work: float) -> Achieved:
        demand = self.demands[key]
        if not demand.waits:
            return _answered(demand, place, at_work)
        able = at_work * self.team.occupancy * demand.opened[place] / demand.handling_seconds
        return Achieved(at_work, None, self.team.occupancy if able else 0.0, able)

    def _of_week(self, key: str, at_work: Sequence[float]) -> Expected:
        demand = self.demands[key]
        if demand.waits:
            return _backlog_of(demand, [each * self.team.occupancy for each in at_work], at_work)
        found = [_answered(demand, place, each) for place, each in enumerate(at_work)]
        total = sum(demand.served(place) for place in range(len(found)))
        kept = sum((each.in_time or 0.0) * demand.served(place) for place, each in enumerate(found))
        present = sum(each * opened for each, opened in zip(at_work, demand.opened, strict=True))
        busy = sum(
            each.occupancy * hands * opened for each, hands, opened in zip(found, at_work, demand.opened, strict=True)
        )
        outside = sum(demand.contacts) - total
        return Expected(kept / total if total else None, total, busy / present if present else 0.0, 0.0, outside)


@dataclass(frozen=True)
class Expected:
    """A channel's week: the share `in_time` (None where nothing comes), of `contacts`; how busy those at work on it
    are; by how many contacts the backlog grows; and how many come while it is closed and nobody is there."""

    in_time: float | None
    contacts: float
    occupancy: float
    growth: float
    outside: float


def _needed(demand: Demand, occupancy: float) -> tuple[float, ...]:
    if demand.waits:
        if sum(demand.contacts) < _NONE_A_WEEK or not sum(demand.opened):
            return (0.0,) * len(demand.contacts)
        return tuple((hands_needed(_flow(demand), demand.in_time) / occupancy).tolist())
    return tuple(float(_agents(demand, place, occupancy)) for place in range(len(demand.contacts)))


def _agents(demand: Demand, place: int, occupancy: float) -> int:
    """People at work who keep the promise of an interval, by Erlang C, or A where callers give up."""
    contacts, seconds = demand.served(place), demand.opened[place]
    if contacts <= _LITTLE or not seconds:
        return 0
    found = _slots(
        round(contacts, 4), seconds, demand.handling_seconds, demand.patience_seconds, demand.limit_seconds,
        demand.in_time, occupancy,
    )  # fmt: skip
    return slots_to_agents(found, demand.at_once)


@lru_cache(maxsize=4096)
def _slots(
    contacts: float, seconds: float, handling: float, patience: float | None, limit: float, share: float, busy: float
) -> int:
    if patience is None:
        return agents_needed(contacts, seconds, handling, limit, share, occupancy=busy).agents
    return patient_agents_needed(contacts, seconds, handling, patience, limit, share, occupancy=busy).agents


def _answered(demand: Demand, place: int, at_work: float) -> Achieved:
    """Between two whole numbers of places, in proportion."""
    contacts, seconds = demand.served(place), demand.opened[place]
    if contacts <= _LITTLE or not seconds:
        return Achieved(at_work, 1.0 if contacts <= _LITTLE else 0.0, 0.0, 0.0)
    slots = at_work * demand.at_once
    low = floor(slots + _LITTLE)
    part = max(0.0, slots - low)
    share, busy, done = (
        (1 - part) * one + part * other
        for one, other in zip(_outcome(demand, contacts, seconds, low), _outcome(demand, contacts, seconds, low + 1),
                              strict=True)
    )  # fmt: skip
    return Achieved(at_work, share, busy, done)


def _outcome(demand: Demand, contacts: float, seconds: float, slots: int) -> tuple[float, float, float]:
    """In time, busy, answered."""
    if not slots:
        return 0.0, 0.0, 0.0
    return _erlang(
        round(contacts, 4), seconds, demand.handling_seconds, demand.patience_seconds, demand.limit_seconds, slots
    )


@lru_cache(maxsize=8192)
def _erlang(
    contacts: float, seconds: float, handling: float, patience: float | None, limit: float, slots: int
) -> tuple[float, float, float]:
    if patience is None:
        found = service(contacts, seconds, handling, slots, limit)
        return found.service_level, found.occupancy, min(contacts, slots * seconds / handling)
    left = impatient_service(contacts, seconds, handling, patience, slots, limit)
    return left.service_level, left.occupancy, contacts * (1 - left.abandoning)


def _flow(demand: Demand) -> Flow:
    return Flow(demand.contacts, demand.opened, demand.handling_seconds, demand.limit_seconds)


def _backlog_of(demand: Demand, hands: Sequence[float], at_work: Sequence[float]) -> Expected:
    total = float(sum(demand.contacts))
    if total < _NONE_A_WEEK:
        return Expected(None, 0.0, 0.0, 0.0, 0.0)
    if not sum(demand.opened):
        return Expected(0.0, total, 0.0, total, 0.0)
    found = work_off(_flow(demand), hands)
    present = float(np.dot(at_work, demand.opened))
    return Expected(
        found.in_time, total, float(found.done.sum()) / present if present else 0.0, max(0.0, found.growth), 0.0
    )
