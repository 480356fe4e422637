"""A compiled policy: which standard speaks of a conversation, why, and what it sets going."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from answerable.core.calendar import Calendar
from answerable.core.clock import Clock, Pause
from answerable.core.conditions import Facts
from answerable.core.policy.escalation import Chain, Step
from answerable.core.policy.objective import Objective, Target
from answerable.core.policy.procedure import Procedure
from answerable.core.policy.region import Region
from answerable.core.policy.standard import ClockKind, Standard

_MOST_REMEMBERED = 4096


class Verdict(StrEnum):
    """Why a standard that was considered was not chosen."""

    OTHER_FACTS = "other_facts"
    LESS_SPECIFIC = "less_specific"
    LATER = "later"


class Considered(NamedTuple):
    """A standard that lost; `field` is the condition that kept it out, for `Verdict.OTHER_FACTS`."""

    standard: Standard
    verdict: Verdict
    field: str = ""


@dataclass(frozen=True)
class Match:
    """The standard that applies, as it holds for the facts, its calendar, and what else was considered."""

    standard: Standard
    calendar: Calendar
    others: tuple[Considered, ...]


@dataclass(frozen=True, eq=False)
class Policy:
    """One version of the policy. Immutable and safe to share between threads; compile once and keep it.

    Mappings go by key in the document's order; `regions` by key in small letters.
    """

    title: str
    mission: str
    language: str
    hours: Mapping[str, Calendar]
    objectives: Mapping[str, Objective]
    procedures: Mapping[str, Procedure]
    standards: Mapping[str, Standard]
    chains: Mapping[str, Chain]
    regions: Mapping[str, Region]
    _matches: dict[tuple[ClockKind, Facts], Match | None] = field(default_factory=dict, init=False, repr=False)
    _regional: dict[tuple[str, str], Standard] = field(default_factory=dict, init=False, repr=False)

    def standard_for(self, kind: ClockKind, facts: Facts) -> Match | None:
        """The most specific standard for this clock that accepts the facts, of equals the first, or None.

        Remembers its answers: a few tenths of a microsecond for facts seen before.
        """
        asked = (kind, facts)
        if asked in self._matches:
            return self._matches[asked]
        if len(self._matches) >= _MOST_REMEMBERED:
            self._matches.clear()
        found = self._matches[asked] = self._match(kind, facts)
        return found

    def standard(self, key: str, facts: Facts) -> Standard:
        """The standard of a key as it holds for these facts: a regional one in the hours of their region.

        Facts are frozen with a clock, so that its arithmetic stays what it was. Raises KeyError.
        """
        return self._as_it_holds(self.standards[key], facts)

    def procedures_for(self, facts: Facts) -> tuple[Procedure, ...]:
        """What agents do with such a conversation, the most specific first, of equals the first in the document."""
        found = [procedure for procedure in self.procedures.values() if procedure.when.match(facts)]
        return tuple(sorted(found, key=lambda procedure: -procedure.when.specificity))

    def region(self, name: str | None) -> Region | None:
        """The profile of a region as conversations call it, case ignored; None where there is none."""
        return self.regions.get(name.casefold()) if name else None

    def target(self, objective: Objective, region: str | None = None) -> Target:
        """What an objective aims at in a region, or everywhere."""
        profile = self.region(region)
        return profile.targets.get(objective.key, objective.target) if profile else objective.target

    def escalations(self, standard: Standard) -> tuple[Step, ...]:
        """The steps that follow as the standard's target is used up, in order; none without an escalation."""
        return self.chains[standard.escalation].steps if standard.escalation else ()

    def calendar(self, standard: Standard) -> Calendar:
        """The business hours in which the target of a standard is counted, as `standard` or a match gives it."""
        return self.hours[standard.hours]

    def clock(
        self,
        standard: Standard,
        started_at: datetime,
        pauses: Iterable[Pause] = (),
        stopped_at: datetime | None = None,
    ) -> Clock:
        """A clock of a standard, likewise."""
        return Clock(self.calendar(standard), standard.target, started_at, tuple(pauses), stopped_at)

    def _match(self, kind: ClockKind, facts: Facts) -> Match | None:
        candidates = [standard for standard in self.standards.values() if standard.clock == kind]
        matching = [standard for standard in candidates if standard.when.match(facts)]
        if not matching:
            return None
        best = max(matching, key=lambda standard: standard.when.specificity)
        others = tuple(_considered(each, best, facts) for each in candidates if each is not best)
        chosen = self._as_it_holds(best, facts)
        return Match(chosen, self.calendar(chosen), others)

    def _as_it_holds(self, standard: Standard, facts: Facts) -> Standard:
        region = self.region(facts.region) if standard.is_regional else None
        if region is None or region.hours is None:
            return standard
        place = (standard.key, region.hours)
        if place not in self._regional:
            self._regional[place] = standard.counted_in(region.hours, self.hours[region.hours])
        return self._regional[place]


def _considered(standard: Standard, best: Standard, facts: Facts) -> Considered:
    failing = standard.when.failing(facts)
    if failing is not None:
        return Considered(standard, Verdict.OTHER_FACTS, failing)
    if standard.when.specificity < best.when.specificity:
        return Considered(standard, Verdict.LESS_SPECIFIC)
    return Considered(standard, Verdict.LATER)
