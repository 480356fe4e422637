"""A history replayed by arrays is what `core.clock` says of each clock."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.clock import Clock, Pause, State
from answerable.core.policy import ClockKind, Policy
from answerable.core.rehearsal import (
    KINDS,
    NEVER,
    History,
    Outcome,
    Person,
    Status,
    moment,
    rehearse,
    replay,
    tell,
)
from answerable.core.rehearsal.comparison import matched_difference
from answerable.core.rehearsal.history import RESTING
from tests.core.rehearsal.histories import (
    CHAIN,
    MINUTE,
    Happened,
    answered,
    asked,
    at,
    history,
    policy,
    prioritised,
    standard,
    turned,
    usual,
)

UNTIL = 8 * 1440


@st.composite
def stories(draw: st.DrawFn) -> list[Happened]:
    """What happens in one conversation: questions, answers and changes of status within a week."""
    minutes = sorted(draw(st.lists(st.integers(1, UNTIL - 1), max_size=9, unique=True)))
    told = [asked(0)]
    status = Status.OPEN
    for minute in minutes:
        match draw(st.integers(0, 3)):
            case 0:
                told.append(asked(minute))
                if status is not Status.OPEN:
                    told.append(turned(minute, Status.OPEN))
                status = Status.OPEN
            case 1:
                told.append(answered(minute))
            case _:
                to = draw(st.sampled_from([s for s in Status if s not in (status, Status.CLOSED)]))
                told.append(turned(minute, to))
                status = to
    return told


def clock_of(told: History, under: Policy, wait: int, key: str) -> Clock:
    """The same wait as one clock of `core.clock`."""
    waits, rests = told.waits, told.rests
    promised = under.standards[key]
    stopped = int(waits.stopped_at[wait])
    mine = [place for place in range(len(rests.status)) if rests.conversation[place] == waits.conversation[wait]]
    pauses = [
        Pause(
            moment(rests.from_at[place]),
            moment(end) if (end := int(rests.to_at[place])) < min(stopped, NEVER) else None,
        )
        for place in mine
        if RESTING[rests.status[place]] in promised.pauses
        and rests.from_at[place] < stopped
        and rests.to_at[place] > waits.started_at[wait]
    ]
    return under.clock(promised, moment(waits.started_at[wait]), pauses, moment(stopped) if stopped < NEVER else None)


@settings(max_examples=30, deadline=None)
@given(st.lists(stories(), min_size=1, max_size=6))
def test_each_clock_is_that_of_the_desk(conversations: list[list[Happened]]) -> None:
    under, told = usual(), history(conversations, until=UNTIL)
    found, now = replay(told, under), moment(told.as_of)
    fired = {
        (int(w), int(s)): int(t)
        for w, s, t in zip(found.firings.wait, found.firings.step, found.firings.at, strict=True)
    }
    for wait in range(len(told.waits.kind)):
        promised = found.standards[found.standard[wait]]
        clock = clock_of(told, under, wait, promised.key)
        assert promised.clock == KINDS[told.waits.kind[wait]]
        due = clock.due_at
        known = due is not None and due <= now
        assert found.due_at[wait] == (NEVER if not known else at(0) + (due - moment(at(0))) // (moment(1) - moment(0)))  # type: ignore[operator]
        if told.waits.cancelled[wait]:
            assert found.outcome[wait] == Outcome.CANCELLED
        else:
            expected = {
                State.MET: Outcome.MET,
                State.BREACHED: Outcome.BREACHED,
                State.RUNNING: Outcome.RUNNING,
                State.PAUSED: Outcome.RUNNING,
            }[clock.state(now)]
            assert found.outcome[wait] == expected
        for place, step in enumerate(under.escalations(promised)):
            reached = clock.reached_at(step.share)
            fires = reached is not None and reached <= now and (clock.stopped_at is None or reached < clock.stopped_at)
            assert ((wait, place) in fired) == fires
            if fires:
                assert moment(fired[wait, place]) == reached


def outcomes(told: History, under: Policy) -> dict[str, str]:
    found = replay(told, under)
    return {
        found.standards[place].key: Outcome(outcome).name
        for place, outcome in zip(found.standard.tolist(), found.outcome.tolist(), strict=True)
        if place >= 0
    }


def test_what_is_answered_at_its_due_time_is_in_time() -> None:
    assert outcomes(history([[asked(0), answered(120)]], until=500), usual())["first"] == "MET"
    assert outcomes(history([[asked(0), answered(121)]], until=500), usual())["first"] == "BREACHED"


def test_solved_without_an_answer_counts_nowhere() -> None:
    told = history([[asked(0), turned(300, Status.SOLVED)]], until=UNTIL)
    assert outcomes(told, usual()) == {"first": "CANCELLED", "solved": "MET"}


def test_an_agents_own_beginning_has_no_first_answer() -> None:
    told = history([[asked(0), answered(10), asked(20), answered(30)]], until=UNTIL)
    assert [KINDS[kind] for kind in told.waits.kind] == [
        ClockKind.FIRST_RESPONSE,
        ClockKind.RESOLUTION,
        ClockKind.NEXT_RESPONSE,
    ]


def test_another_priority_chooses_another_promise_unless_it_is_late() -> None:
    early = history([[asked(0), prioritised(10, 3), answered(60)]], until=500)
    assert outcomes(early, usual())["urgent"] == "BREACHED"
    late = history([[asked(0), prioritised(150, 3), answered(160)]], until=500)
    assert outcomes(late, usual())["first"] == "BREACHED"
    back = history([[asked(0), prioritised(10, 3), prioritised(20, 1), answered(60)]], until=500)
    assert outcomes(back, usual())["first"] == "MET"


def test_a_step_that_another_choice_would_have_taken_by_then_fires_at_once_and_once() -> None:
    told = history([[asked(0), prioritised(25, 3)]], until=500)
    found = replay(told, usual())
    firings = zip(found.firings.wait, found.firings.step, found.firings.at, strict=True)
    first = [(int(step), (int(when) - at(0)) // MINUTE) for wait, step, when in firings if told.waits.kind[wait] == 0]
    assert first == [(0, 25), (1, 30), (2, 30), (3, 54)]


REGION = """
[hours.tbilisi]
time_zone = "Asia/Tbilisi"
monday = ["12:00-16:00"]
tuesday = ["12:00-16:00"]
wednesday = ["12:00-16:00"]

[[region]]
key = "GE"
title = "Georgia"
hours = "tbilisi"
"""


def test_a_regional_promise_is_counted_in_the_days_and_hours_of_the_region() -> None:
    regional = 'otherwise = "office"\nescalation = "usual"'
    under = policy(standard("solved", "resolution", "2 working days", "regional", regional), chain=REGION + CHAIN)
    told = history([[asked(0)], [asked(0)]], until=4 * 1440, georgian=[1])
    found = replay(told, under)
    due = {int(told.waits.conversation[wait]): (int(found.due_at[wait]) - at(0)) // MINUTE for wait in (1, 3)}
    # 18 hours in Riga, from nine on Monday: 8 that day, 9 on Tuesday, 1 on Wednesday. 8 in Tbilisi, an hour ahead
    # of two: 4 on Monday, 4 on Tuesday, until four there.
    assert due == {0: 2 * 1440 + 60, 1: 1440 + 5 * 60}
    halves = [
        (int(wait), (int(when) - at(0)) // MINUTE)
        for wait, step, when in zip(found.firings.wait, found.firings.step, found.firings.at, strict=True)
        if step == 0
    ]
    assert halves == [(1, 1440 + 60), (3, 5 * 60)]


LEAD = Person("1", "Alice", "Europe/Riga")
ANSWERER = Person("2", "Bob", "Asia/Almaty")


def test_who_is_told_and_who_is_woken() -> None:
    chain = '[[escalation]]\nkey = "usual"\nsteps = [{ at = "100%", do = "notify", to = "assignee" }]\n'
    always = policy(standard("next", "next_response", "14 hours", "always"), chain=chain)
    told = history([[asked(0), answered(1), asked(10)], [asked(60), answered(61), asked(840)]], until=UNTIL)
    found = tell(told, replay(told, always), lambda _step, _team, holder, _at: (ANSWERER,) if holder == 0 else (LEAD,))
    # Asked on Monday at 9:10 in Riga, told at 23:10; asked at 23:00, told on Tuesday at 13:00; 3 h later in Almaty.
    (bob,) = found.people
    assert (bob.person, bob.times, bob.at_night, bob.nights) == (ANSWERER, 2, 1, 1)
    assert found.tellings.tolist() == [1, 1]
    assert found.wakes.tolist() == [True, False]


def test_the_comparison_says_what_differs() -> None:
    told = history([[asked(0), answered(90)], [asked(0), answered(20)], [asked(0)]], until=UNTIL)
    draft = policy(standard("first", "first_response", "1 hour"))
    found = rehearse(told, usual(), draft, lambda *_: (LEAD,), time_zone="Europe/Riga")
    line = found.standards[0]
    assert line.key == "first"
    assert line.now is not None
    assert line.draft is not None
    assert (line.now.due, line.now.met, line.draft.due, line.draft.met) == (3, 2, 3, 1)
    changes = {(each.change, each.key): [one.conversation for one in each.examples] for each in found.differences}
    assert changes["broken", "first"] == [100]
    assert set(changes["dropped", "solved"]) == {100, 101, 102}
    assert found.now.total == sum(found.now.by_day)
    assert found.as_dict()["total"]["draft"]["due"] == 3


def test_the_change_is_of_the_same_conversations() -> None:
    told = history([[asked(0), answered(90)], [asked(0), answered(20)], [asked(0), answered(100)]], until=UNTIL)
    high = policy(
        standard("first", "first_response", "1 hour"),
        standard("other", "first_response", "4 hours", more='when = { priority = ["high"] }'),
    )
    told_again = history(
        [[asked(0), answered(90)], [asked(0), answered(20)], [asked(0), answered(100)]], until=UNTIL, priority={2: 2}
    )
    line = rehearse(told_again, usual(), high, lambda *_: (), time_zone="UTC").standards[0]
    assert line.draft is not None
    assert line.draft.due == 2
    assert line.change is not None
    assert line.change.value == -0.5
    assert rehearse(told, usual(), usual(), lambda *_: (), time_zone="UTC").total.change is not None


def test_the_interval_of_a_matched_difference() -> None:
    """Agresti (2007), An Introduction to Categorical Data Analysis, table 8.1: 132 and 107 of 1,144 give .022, from
    -.004 to .048 without the halves, which move the ends by less than a thousandth."""
    found = matched_difference(gained=132, lost=107, n=1144)
    assert found.value == pytest.approx(25 / 1144)
    assert (found.low, found.high) == (pytest.approx(-0.004, abs=1e-3), pytest.approx(0.048, abs=1e-3))
    alike = matched_difference(gained=0, lost=0, n=40)
    assert alike.value == 0
    assert not alike.distinguishable


def test_nothing_happened_is_nothing() -> None:
    told = history([[asked(0)]], until=0)
    found = rehearse(told, usual(), usual(), lambda *_: (), time_zone="UTC")
    assert found.total.now is not None
    assert found.total.now.due == 0
    assert found.differences == ()
