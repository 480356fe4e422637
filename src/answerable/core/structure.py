"""Who leads whom, and where the structure of a company is weak.

Plain data in, findings out. People, teams and skills are numbers or keys here; what they are called, and the words
of a finding, are their reader's matter. The rules, one by one: ``docs/howto/structure.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from answerable.core.calendar import Interval
from answerable.core.rota import length

LEAD = "lead"
LED = frozenset({"agent", "analyst"})
"""Roles of those whom somebody leads. Administrators are led by nobody and lead nobody by being it."""

ABLE = 2
"""From this level on a skill, or a language, counts: its holder may be given the work alone."""

HEAVY = 2.0
"""So many times the company's demand per able person make one skill's demand heavy."""

FEW = 20
"""Demand below this number of conversations is too little to say that it is heavy."""


class Place(NamedTuple):
    """What a person is in a team: a role of `lead`, `agent`, `analyst` or `administrator`."""

    person: int
    team: int
    role: str


class Finding(NamedTuple):
    """A weak place. `rule` names it; the rest is what it speaks of, empty or 0 where the rule has no such thing.

    `number` and `other` are figures the rule compares: how many a lead leads and the nearer bound; conversations
    and people.
    """

    rule: str
    teams: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    kind: str = ""
    key: str = ""
    number: float = 0
    other: float = 0


@dataclass(frozen=True)
class Structure:
    """The tree (team -> the team above, None at the top) and everybody's place in it."""

    parents: Mapping[int, int | None]
    places: Sequence[Place] = ()

    @cached_property
    def leads_in(self) -> Mapping[int, frozenset[int]]:
        """Who leads each team by a role in that very team."""
        found: dict[int, set[int]] = defaultdict(set)
        for place in self.places:
            if place.role == LEAD:
                found[place.team].add(place.person)
        return {team: frozenset(people) for team, people in found.items()}

    def line(self, team: int | None) -> Iterator[int]:
        """The team and those above it, upwards. Ends at a team it does not know, and on a circle."""
        seen: set[int] = set()
        while team is not None and team in self.parents and team not in seen:
            seen.add(team)
            yield team
            team = self.parents[team]

    def leads_over(self, team: int | None) -> frozenset[int]:
        """The leads of the nearest team, upwards from this one, that has any."""
        return next((self.leads_in[each] for each in self.line(team) if each in self.leads_in), frozenset())

    def leads_of(self, place: Place) -> frozenset[int]:
        """Who leads somebody in a place: an agent or analyst the nearest leads; a lead those above their team."""
        if place.role in LED:
            return self.leads_over(place.team)
        return self.leads_over(self.parents.get(place.team)) if place.role == LEAD else frozenset()

    @cached_property
    def led(self) -> Mapping[int, frozenset[int]]:
        """lead -> those they lead directly, themselves never among them; everyone who leads a team is there."""
        found: dict[int, set[int]] = {person: set() for people in self.leads_in.values() for person in people}
        for place in self.places:
            for lead in self.leads_of(place) - {place.person}:
                found[lead].add(place.person)
        return {lead: frozenset(people) for lead, people in found.items()}

    def led_by_themselves(self) -> list[Place]:
        """Places whose holder is their own lead: also lead of that team, or the only one over it."""
        return [
            place
            for place in self.places
            if place.role in LED
            and (place.person in self.leads_in.get(place.team, ()) or self.leads_of(place) == {place.person})
        ]


class Held(NamedTuple):
    """A person has a skill (`kind` skill) or speaks a language (`kind` language) at a level of 1 to 3."""

    person: int
    kind: str
    key: str
    level: int


class Owned(NamedTuple):
    """A team answers for a channel, a segment or a skill."""

    team: int
    kind: str
    key: str


@dataclass(frozen=True)
class Company:
    """All that the rules look at.

    `held` is of people at work; `owned` of teams in use; `in_use` are the channels and segments (kind, key) that
    somebody should own; `wanted` skills and languages (kind, key) that somebody should have; `demand` counts
    conversations by (kind, key) of skill and language; `span` is the wanted number of people a lead leads.
    `uncovered` are, by team, the stretches of its promised time ahead in which nobody is on a shift, in order;
    `has_shifts` says whether that time has any shift at all.
    """

    structure: Structure
    held: Sequence[Held] = ()
    owned: Sequence[Owned] = ()
    in_use: Sequence[tuple[str, str]] = ()
    wanted: Sequence[tuple[str, str]] = ()
    demand: Mapping[tuple[str, str], int] = field(default_factory=dict)
    span: tuple[int, int] = (5, 12)
    uncovered: Mapping[int, Sequence[Interval]] = field(default_factory=dict)
    has_shifts: bool = True

    @cached_property
    def able(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """(kind, key) -> the people who can do it alone, in order."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for each in self.held:
            if each.level >= ABLE:
                found[each.kind, each.key].add(each.person)
        return {what: tuple(sorted(people)) for what, people in found.items()}


def findings(company: Company) -> list[Finding]:
    """Every weak place, the rules in a fixed order."""
    return [finding for rule in RULES for finding in rule(company)]


def without_lead(company: Company) -> Iterator[Finding]:
    """Somebody works in a team that has no lead, nor has any above it."""
    structure = company.structure
    working = {place.team for place in structure.places if place.role in LED}
    for team in sorted(working):
        if not structure.leads_over(team):
            people = {place.person for place in structure.places if place.team == team and place.role in LED}
            yield Finding("no_lead", teams=(team,), people=tuple(sorted(people)))


def own_lead(company: Company) -> Iterator[Finding]:
    """Somebody is led by nobody but themselves."""
    for place in sorted(company.structure.led_by_themselves()):
        yield Finding("own_lead", teams=(place.team,), people=(place.person,))


def span_of_control(company: Company) -> Iterator[Finding]:
    """A lead leads fewer people than wanted, or more."""
    low, high = company.span
    for lead, people in sorted(company.structure.led.items()):
        number = len(people)
        if low <= number <= high:
            continue
        teams = tuple(sorted(team for team, leads in company.structure.leads_in.items() if lead in leads))
        rule, bound = ("span_wide", high) if number > high else ("span_narrow", low)
        yield Finding(rule, teams=teams, people=(lead,), number=number, other=bound)


def one_person(company: Company) -> Iterator[Finding]:
    """A wanted skill or language hangs on one person, or nobody has it; where none of a kind is noted, only that."""
    noted = {each.kind for each in company.held}
    for kind in sorted({kind for kind, _key in company.wanted} - noted):
        number = sum(number for (of, _key), number in company.demand.items() if of == kind)
        yield Finding("none_noted", kind=kind, number=number)
    for kind, key in dict.fromkeys(company.wanted):
        if kind not in noted:
            continue
        people = company.able.get((kind, key), ())
        if len(people) <= 1:
            rule = "one_person" if people else "nobody"
            learning = {each.person for each in company.held if (each.kind, each.key) == (kind, key)}
            found = people or tuple(sorted(learning))
            yield Finding(rule, people=found, kind=kind, key=key, number=company.demand.get((kind, key), 0))


def unowned(company: Company) -> Iterator[Finding]:
    """A channel or segment in use belongs to no team, or only to teams where nobody works."""
    working = {team for place in company.structure.places for team in company.structure.line(place.team)}
    for kind, key in dict.fromkeys(company.in_use):
        teams = tuple(sorted(each.team for each in company.owned if (each.kind, each.key) == (kind, key)))
        if not teams:
            yield Finding("unowned", kind=kind, key=key)
        elif not working.intersection(teams):
            yield Finding("owned_by_nobody", teams=teams, kind=kind, key=key)


def heavy_demand(company: Company) -> Iterator[Finding]:
    """Those who can do something have more than `HEAVY` times the conversations that people of that kind usually have.

    Usual is the demand of all skills (or all languages) over the sum of their able people: somebody with two
    languages counts in both. A demand of fewer than `FEW` says nothing, and one that nobody is able to meet is
    told by `one_person`.
    """
    for kind in ("language", "skill"):
        asked = {key: number for (of, key), number in company.demand.items() if of == kind and number}
        able = {key: len(company.able.get((kind, key), ())) for key in asked}
        if not sum(able.values()):
            continue
        usual = sum(asked.values()) / sum(able.values())
        for key, number in sorted(asked.items()):
            if able[key] and number >= FEW and number / able[key] > HEAVY * usual:
                yield Finding("heavy", people=company.able[kind, key], kind=kind, key=key, number=number, other=usual)


def uncovered_hours(company: Company) -> Iterator[Finding]:
    """In promised hours nobody is on a shift: `number` seconds, the first of them at `other` (Unix seconds)."""
    short = {team: gaps for team, gaps in company.uncovered.items() if gaps}
    if short and not company.has_shifts:
        yield Finding("no_shifts")
        return
    for team, gaps in short.items():
        yield Finding("uncovered", teams=(team,), number=length(gaps).total_seconds(), other=gaps[0].start.timestamp())


RULES = (without_lead, own_lead, span_of_control, one_person, unowned, heavy_demand, uncovered_hours)
