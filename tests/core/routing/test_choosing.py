"""Who gets what waits: the laws of the choice, and the choice itself against a plain reckoning of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.presence import State
from answerable.core.routing import PATIENCE_SECONDS, Agent, Verdict, Waiting, in_order, may, route, urgency

TEAMS, SKILLS, LANGUAGES, KINDS, SEGMENTS = (1, 2), ("refunds", "parcels"), ("lv", "ka"), ("live", "written"), ("gold",)
levels = st.integers(1, 3)
seconds = st.integers(0, 5).map(float)


@st.composite
def people(draw: st.DrawFn) -> list[Agent]:
    return [
        Agent(
            id=number,
            teams=frozenset(draw(st.sets(st.sampled_from(TEAMS), min_size=1))),
            idle_since=draw(seconds),
            state=draw(st.sampled_from([State.ONLINE, State.ONLINE, State.ONLINE, State.BREAK, State.AWAY, State.OFF])),
            skills=draw(st.dictionaries(st.sampled_from(SKILLS), levels)),
            languages=draw(st.dictionaries(st.sampled_from(LANGUAGES), levels)),
            owns=frozenset(draw(st.sets(st.sampled_from(SEGMENTS)))),
            load=draw(st.dictionaries(st.sampled_from(KINDS), st.integers(0, 3))),
            is_asked=draw(st.integers(0, 4)) == 0,
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@st.composite
def queues(draw: st.DrawFn) -> list[Waiting]:
    return [
        Waiting(
            id=number,
            team=draw(st.sampled_from(TEAMS)),
            arrived_at=draw(seconds),
            due_at=draw(st.none() | st.integers(-3, 8).map(float)),
            kind=draw(st.sampled_from(KINDS)),
            most=draw(st.integers(0, 3)),
            skills=draw(st.dictionaries(st.sampled_from(SKILLS), levels, max_size=1)),
            language=draw(st.sampled_from(["", *LANGUAGES])),
            segment=draw(st.sampled_from(["", *SEGMENTS])),
            last_agent=draw(st.none() | st.integers(0, 6)),
            passed_by=frozenset(draw(st.sets(st.integers(0, 6), max_size=2))),
        )
        for number in range(draw(st.integers(0, 10)))
    ]


def plainly(queue: Sequence[Waiting], agents: Sequence[Agent], most_each: int | None) -> dict[int, int | None]:
    """The same choice, one person at a time and with nothing clever about it."""
    loads = {agent.id: Counter(agent.load) for agent in agents}
    given_now: Counter[int] = Counter()
    chosen: dict[int, int | None] = {}
    for waiting in sorted(queue, key=urgency):
        able = [
            agent
            for agent in agents
            if waiting.team in agent.teams
            and all(agent.skills.get(key, 0) >= level for key, level in waiting.skills.items())
            and (not waiting.language or agent.languages.get(waiting.language, 0) >= 2)
            and agent.state is State.ONLINE
            and not agent.is_asked
            and (most_each is None or given_now[agent.id] < most_each)
            and loads[agent.id][waiting.kind] < waiting.most
            and agent.id not in waiting.passed_by
        ]

        def rank(agent: Agent, waiting: Waiting = waiting) -> tuple[object, ...]:
            return (
                agent.id != waiting.last_agent,
                waiting.segment not in agent.owns,
                -min((agent.skills[key] for key in waiting.skills), default=0),
                -agent.languages.get(waiting.language, 0),
                given_now[agent.id],
                agent.idle_since,
                agent.id,
            )

        best = min(able, key=rank, default=None)
        chosen[waiting.id] = best.id if best else None
        if best:
            loads[best.id][waiting.kind] += 1
            given_now[best.id] += 1
    return chosen


@given(queues(), people(), st.none() | st.integers(0, 2), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_laws_of_the_choice(queue: list[Waiting], agents: list[Agent], most_each: int | None, dice: Random) -> None:
    decisions = route(queue, agents, most_each=most_each)
    chosen = {decision.waiting.id: decision.agent for decision in decisions}
    assert chosen == plainly(queue, agents, most_each)
    known = {agent.id: agent for agent in agents}
    given_now: Counter[int] = Counter()
    loads = {agent.id: Counter(agent.load) for agent in agents}
    for decision in decisions:
        verdicts = decision.verdicts()
        assert verdicts.keys() == known.keys(), "everybody has one reason"
        assert [pk for pk, verdict in verdicts.items() if verdict is Verdict.CHOSEN] == (
            [] if decision.agent is None else [decision.agent]
        )
        for pk, verdict in verdicts.items():
            assert (verdict is may(known[pk], decision.waiting)) == (may(known[pk], decision.waiting) is not None)
        if decision.agent is None:
            assert not {Verdict.FITS_LESS, Verdict.GIVEN, Verdict.IDLE_LESS} & set(verdicts.values())
            continue
        given_now[decision.agent] += 1
        loads[decision.agent][decision.waiting.kind] += 1
        assert loads[decision.agent][decision.waiting.kind] <= decision.waiting.most, "never above capacity"
        assert most_each is None or given_now[decision.agent] <= most_each
        assert may(known[decision.agent], decision.waiting) is None, "never to somebody who may not"
        assert known[decision.agent].state is State.ONLINE
    dice.shuffle(queue)
    dice.shuffle(agents)
    assert {each.waiting.id: each.agent for each in route(queue, agents, most_each=most_each)} == chosen


@given(queues())
@settings(max_examples=50)
def test_the_older_comes_first_where_both_are_as_urgent(queue: list[Waiting]) -> None:
    ordered = in_order(queue)
    for sooner, later in pairwise(ordered):
        if urgency(sooner)[0] == urgency(later)[0]:
            assert sooner.arrived_at <= later.arrived_at


@given(st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 60)), min_size=1, max_size=25), st.data())
@settings(max_examples=50)
def test_nobody_waits_for_ever(arrivals: list[tuple[int, int | None]], data: st.DataObject) -> None:
    """One person serves one a second; whatever arrives after something was due comes behind it."""
    coming = [
        Waiting(number, 1, float(at), None if soon is None else float(at + soon), most=1)
        for number, (at, soon) in enumerate(sorted(arrivals, key=lambda each: each[0]))
    ]
    place = {waiting.id: waiting for waiting in coming}
    served: list[int] = []
    now = 0.0
    while len(served) < len(coming):
        here = [waiting for waiting in coming if waiting.arrived_at <= now and waiting.id not in served]
        found = [each for each in route(here, [Agent(1, frozenset([1]))]) if each.agent is not None]
        served += [each.waiting.id for each in found]
        now += 1
    watched = place[data.draw(st.sampled_from(served))]
    before = set(served[: served.index(watched.id)])
    assert all(place[pk].arrived_at <= urgency(watched)[0] for pk in before)


def test_what_is_promised_nothing_is_due_a_day_after_it_came() -> None:
    assert urgency(Waiting(1, 1, arrived_at=5.0)) == (5.0 + PATIENCE_SECONDS, 5.0, 1)
    late = Waiting(2, 1, arrived_at=5.0, due_at=1.0)
    assert urgency(late)[0] == 5.0, "what was late as it came does not come before what waited then"


def test_each_reason_is_said() -> None:
    """The example of docs/howto/routing.md."""
    refund = Waiting(
        7, 1, arrived_at=0.0, kind="written", most=2, skills={"refunds": 2}, language="lv", passed_by=frozenset([9])
    )
    fits = Agent(1, frozenset([1]), skills={"refunds": 2}, languages={"lv": 2})
    agents = [
        replace(fits, id=2, teams=frozenset([2])),
        replace(fits, id=3, skills={"refunds": 1}),
        replace(fits, id=4, languages={"lv": 1}),
        replace(fits, id=5, state=State.OFF),
        replace(fits, id=6, state=State.AWAY),
        replace(fits, id=7, state=State.BREAK),
        replace(fits, id=8, is_asked=True),
        replace(fits, id=9),
        replace(fits, id=10, load={"written": 2}),
        replace(fits, id=11),
        replace(fits, id=12, skills={"refunds": 3}, idle_since=50.0),
        replace(fits, id=13, skills={"refunds": 3}, idle_since=40.0),
    ]
    (decision,) = route([refund], agents)
    assert decision.agent == 13
    assert decision.verdicts() == {
        2: Verdict.OTHER_TEAM,
        3: Verdict.NO_SKILL,
        4: Verdict.NO_LANGUAGE,
        5: Verdict.OFF,
        6: Verdict.AWAY,
        7: Verdict.BREAK,
        8: Verdict.ASKED,
        9: Verdict.PASSED,
        10: Verdict.FULL,
        11: Verdict.FITS_LESS,
        12: Verdict.IDLE_LESS,
        13: Verdict.CHOSEN,
    }
    first, second, third = route([replace(refund, id=number) for number in (1, 2, 3)], agents[-2:])
    assert [first.agent, second.agent, third.agent] == [13, 12, 13]
    assert third.verdicts()[12] is Verdict.IDLE_LESS
    assert second.verdicts()[13] is Verdict.GIVEN
