"""The choice. The most urgent conversation is first to choose; of the people who may and can it gets the best.

People are the bits of integers, whoever has idled longest the lowest, so that “who speaks Latvian and has room” is one
operation on all of them, and what was true at the moment of a choice is kept with it for the price of a few numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from answerable.core.presence import State
from answerable.core.routing.parties import WORKING, Agent, Waiting, urgency
from answerable.core.routing.verdicts import Verdict

_STATES = {State.OFF: Verdict.OFF, State.AWAY: Verdict.AWAY, State.BREAK: Verdict.BREAK}


def route(conversations: Iterable[Waiting], agents: Iterable[Agent], *, most_each: int | None = None) -> list[Decision]:
    """For each conversation, the most urgent first, who gets it.

    1. Who may: handles the team, has each skill at its level, speaks the language.
    2. Who can: is online, has no offer open, has room for one more of the kind, did not pass it on a moment ago.
    3. Who is best: who answered the customer last; else who fits best (owns the segment, then skill, then language);
       of those who got the fewest at this moment; of those who has idled longest, then the smaller number.

    `most_each` limits how many anybody gets at once. The same arguments give the same answer, in whatever order the
    people and the conversations stand. O(n log n + choices).
    """
    bench = _Bench(agents, most_each)
    return [bench.choose(waiting) for waiting in in_order(conversations)]


def in_order(conversations: Iterable[Waiting]) -> list[Waiting]:
    """The most urgent first."""
    return sorted(conversations, key=urgency)


def may(agent: Agent, waiting: Waiting) -> Verdict | None:
    """Why somebody may not be given it, however free they are; None for who may."""
    if waiting.team not in agent.teams:
        return Verdict.OTHER_TEAM
    if any(agent.skills.get(key, 0) < level for key, level in waiting.skills.items()):
        return Verdict.NO_SKILL
    if waiting.language and agent.languages.get(waiting.language, 0) < WORKING:
        return Verdict.NO_LANGUAGE
    return None


@dataclass(frozen=True)
class Decision:
    """Who gets it, by number; None: nobody can. What was true at that moment answers `verdicts`."""

    waiting: Waiting
    agent: int | None
    _bench: _Bench
    _ready: int
    _free: int
    _fitting: int
    _fresh: int

    def verdicts(self) -> dict[int, Verdict]:
        """Of everybody, by number, what was decided and why."""
        allowed = self._bench.allowed(self.waiting)
        return {agent.id: self._verdict(agent, 1 << place, allowed) for place, agent in enumerate(self._bench.agents)}

    def _verdict(self, agent: Agent, bit: int, allowed: int) -> Verdict:
        if agent.id == self.agent:
            return Verdict.CHOSEN
        if not allowed & bit and (barred := may(agent, self.waiting)) is not None:
            return barred
        if agent.state in _STATES:
            return _STATES[agent.state]
        if not self._ready & bit:
            return Verdict.ASKED
        if not self._free & bit:
            return Verdict.FULL
        if agent.id in self.waiting.passed_by:
            return Verdict.PASSED
        if not self._fitting & bit:
            return Verdict.FITS_LESS
        return Verdict.IDLE_LESS if self._fresh & bit else Verdict.GIVEN


class _Bench:
    """The people of one moment, and how much each has been given in it."""

    def __init__(self, agents: Iterable[Agent], most_each: int | None) -> None:
        self.agents: Sequence[Agent] = sorted(agents, key=lambda agent: (agent.idle_since, agent.id))
        self._places = {agent.id: place for place, agent in enumerate(self.agents)}
        self._most_each = most_each
        everybody = (1 << len(self.agents)) - 1
        self._given = [everybody]  # [n]: those who have been given n by now
        self._counts = [0] * len(self.agents)
        self._loads = [dict(agent.load) for agent in self.agents]
        self._ready = sum(
            1 << place
            for place, agent in enumerate(self.agents)
            if agent.state is State.ONLINE and not agent.is_asked and most_each != 0
        )
        self._room: dict[str, dict[int, int]] = defaultdict(dict)  # kind -> most -> those who have fewer
        self._known: dict[tuple[str, object, int], int] = {}
        levels = {level for agent in self.agents for held in (agent.skills, agent.languages) for level in held.values()}
        self._levels = sorted(levels, reverse=True)

    def choose(self, waiting: Waiting) -> Decision:
        ready, free = self._ready, self._free(waiting.kind, waiting.most)
        able = self.allowed(waiting) & ready & free & ~self._bits(waiting.passed_by)
        if not able:
            return Decision(waiting, None, self, ready, free, 0, 0)
        fitting = self._fitting(waiting, able)
        fresh = next(fitting & given for given in self._given if fitting & given)
        place = (fresh & -fresh).bit_length() - 1
        self._give(place, waiting.kind)
        return Decision(waiting, self.agents[place].id, self, ready, free, fitting, fresh)

    def _bits(self, people: Iterable[int]) -> int:
        return sum(1 << self._places[pk] for pk in set(people) if pk in self._places)

    def allowed(self, waiting: Waiting) -> int:
        """Those who may: as `may` says, of all at once."""
        allowed = self._those("team", waiting.team)
        for key, level in waiting.skills.items():
            allowed &= self._those("skill", key, level)
        return allowed & self._those("language", waiting.language, WORKING) if waiting.language else allowed

    def _fitting(self, waiting: Waiting, able: int) -> int:
        """Of those who can, who had the customer last; else who fit best, step by step."""
        if waiting.last_agent is not None and (last := able & self._bits([waiting.last_agent])):
            return last
        if waiting.segment and (owners := able & self._those("owner", waiting.segment)):
            able = owners
        if waiting.skills:
            able = self._best(able, "skill", waiting.skills)
        return self._best(able, "language", [waiting.language]) if waiting.language else able

    def _best(self, able: int, of: str, keys: Iterable[str]) -> int:
        """Those whose lowest level of these is the highest there is."""
        for level in self._levels:
            best = able
            for key in keys:
                best &= self._those(of, key, level)
            if best:
                return best
        return able

    def _those(self, of: str, key: object, level: int = 0) -> int:
        """Who is in a team, owns a segment, or has a skill or language at a level or above; looked up once."""
        wanted = (of, key, level)
        if wanted not in self._known:
            holds = _HOLDS[of]
            self._known[wanted] = sum(1 << place for place, agent in enumerate(self.agents) if holds(agent, key, level))
        return self._known[wanted]

    def _free(self, kind: str, most: int) -> int:
        if most not in self._room[kind]:
            self._room[kind][most] = sum(
                1 << place for place, load in enumerate(self._loads) if load.get(kind, 0) < most
            )
        return self._room[kind][most]

    def _give(self, place: int, kind: str) -> None:
        bit, load = 1 << place, self._loads[place]
        load[kind] = load.get(kind, 0) + 1
        for most, free in self._room[kind].items():
            if load[kind] >= most:
                self._room[kind][most] = free & ~bit
        self._given[self._counts[place]] &= ~bit
        self._counts[place] += 1
        if self._counts[place] == len(self._given):
            self._given.append(0)
        self._given[self._counts[place]] |= bit
        if self._counts[place] == self._most_each:
            self._ready &= ~bit


_HOLDS: Mapping[str, Callable[[Agent, Any, int], bool]] = {
    "team": lambda agent, team, _level: team in agent.teams,
    "owner": lambda agent, segment, _level: segment in agent.owns,
    "skill": lambda agent, key, level: agent.skills.get(key, 0) >= level,
    "language": lambda agent, code, level: agent.languages.get(code, 0) >= level,
}
