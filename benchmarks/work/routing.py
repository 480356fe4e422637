"""Ten thousand conversations that wait, and five hundred people: who gets what, by the pure choice alone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from random import Random

from answerable.core.presence import State
from answerable.core.routing import Agent, Waiting, may, route
from benchmarks.bench import Bench, check
from benchmarks.figures import Bar, Figure

WAITING, PEOPLE, TEAMS = 10_000, 500, 20
SECONDS = 1.0
SKILLS = [f"skill-{number}" for number in range(15)]
LANGUAGES = ("en", "lv", "ka", "kk", "ru")
STATES = (State.ONLINE,) * 7 + (State.BREAK, State.AWAY, State.OFF)
MOST = {"live": 3, "written": 10}


def measure(bench: Bench) -> Iterator[Figure]:
    conversations, people = queue(), staff()
    seconds, given = [], 0
    for _ in range(bench.turns):
        began = time.perf_counter()
        decisions = route(conversations, people)
        seconds.append(time.perf_counter() - began)
        given = _checked(conversations, people, [(each.waiting.id, each.agent) for each in decisions])
    yield Figure(
        f"routing of {WAITING:,} over {PEOPLE} people",
        "s",
        seconds,
        bar=Bar(SECONDS),
        remark=f"{given:,} found somebody",
    )


def queue(seed: int = 5) -> list[Waiting]:
    """The same for the same seed."""
    dice = Random(seed)
    return [
        Waiting(
            id=number,
            team=dice.randrange(TEAMS),
            arrived_at=float(dice.randrange(100_000)),
            due_at=float(dice.randrange(200_000)) if dice.random() < 0.8 else None,
            kind=kind,
            most=MOST[kind],
            skills={dice.choice(SKILLS): dice.randint(1, 3)} if dice.random() < 0.4 else {},
            language=dice.choice(LANGUAGES),
            segment=dice.choice(("", "", "gold")),
            last_agent=dice.randrange(PEOPLE) if dice.random() < 0.2 else None,
            passed_by=frozenset(dice.sample(range(PEOPLE), 2)) if dice.random() < 0.1 else frozenset(),
        )
        for number in range(WAITING)
        for kind in (dice.choice(("live", "written")),)
    ]


def staff(seed: int = 6) -> list[Agent]:
    """The same for the same seed."""
    dice = Random(seed)
    return [
        Agent(
            id=number,
            teams=frozenset(dice.sample(range(TEAMS), 3)),
            idle_since=float(dice.randrange(10_000)),
            state=dice.choice(STATES),
            skills={skill: dice.randint(1, 3) for skill in dice.sample(SKILLS, 5)},
            languages={code: dice.randint(1, 3) for code in dice.sample(LANGUAGES, 3)},
            owns=frozenset(["gold"] if dice.random() < 0.2 else []),
            load={"live": dice.randrange(4), "written": dice.randrange(11)},
        )
        for number in range(PEOPLE)
    ]


def _checked(conversations: list[Waiting], people: list[Agent], chosen: list[tuple[int, int | None]]) -> int:
    """Nobody has more than they may, or what they may not; what nobody has, nobody had room for."""
    waiting, agents = {one.id: one for one in conversations}, {one.id: one for one in people}
    load = {one.id: Counter(one.load) for one in people}
    for pk, agent in chosen:
        if agent is not None:
            load[agent][waiting[pk].kind] += 1
            check(may(agents[agent], waiting[pk]) is None, "somebody got what they may not")
            check(load[agent][waiting[pk].kind] <= waiting[pk].most, "somebody has more than they may")
    for pk, agent in chosen:
        if agent is None:
            one = waiting[pk]
            check(
                not any(
                    who.state is State.ONLINE
                    and load[who.id][one.kind] < one.most
                    and who.id not in one.passed_by
                    and may(who, one) is None
                    for who in people
                ),
                "something waits for which somebody is free",
            )
    return sum(agent is not None for _pk, agent in chosen)
