"""Promises as they run: begun, paused, kept, broken, escalated once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from answerable.desk.actions.conversations import open_conversation, set_priority, set_status
from answerable.desk.actions.messages import receive, reply, take_back
from answerable.desk.models import Clock, Conversation, Escalation, Notice, Priority, Status
from answerable.desk.timers import fire_due
from answerable.events.models import Event
from answerable.policy.actions import load_version
from answerable.policy.models import Version
from tests.cast import Cast

POLICY = """
title = "Tests"
mission = "We answer everyone soon."
language = "en"

[[objective]]
key = "soon"
sentence = "Soon."
serves = "We answer everyone soon."
kpi = "compliance"
target = "95 %"

[[standard]]
key = "first"
promise = "We answer within 4 hours."
objective = "soon"
clock = "first_response"
within = "4 hours"
hours = "always"
escalation = "usual"

[[standard]]
key = "urgent"
promise = "We answer urgent matters within 1 hour."
objective = "soon"
clock = "first_response"
within = "1 hour"
hours = "always"
when = { priority = ["urgent"] }

[[standard]]
key = "next"
promise = "We answer again within 8 hours."
objective = "soon"
clock = "next_response"
within = "8 hours"
hours = "always"

[[standard]]
key = "solved"
promise = "We solve it within 3 days."
objective = "soon"
clock = "resolution"
within = "3 days"
hours = "always"

[[escalation]]
key = "usual"
steps = [
    { at = "50%", do = "notify", to = "assignee" },
    { at = "100%", do = "raise_priority" },
    { at = "150%", do = "reassign", to = "lead" },
]
"""


def hours_ago(hours: float) -> datetime:
    return timezone.now() - timedelta(hours=hours)


@pytest.fixture
def version(cast: Cast) -> Version:
    return load_version(POLICY, by=cast.ada)


def question(cast: Cast, *, hours: float = 0) -> Conversation:
    at = hours_ago(hours)
    conversation = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Hello", by=None, at=at)
    receive(conversation, contact=cast.dace, text="Where is it?", at=at)
    return fresh(conversation)


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def clocks(conversation: Conversation) -> dict[str, str]:
    return {clock.standard: clock.state for clock in conversation.clocks.order_by("id")}


def test_a_question_starts_two_clocks_and_its_answer_stops_one(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    assert clocks(conversation) == {"first": "running", "solved": "running"}
    assert conversation.due_at == conversation.created_at + timedelta(hours=4)
    reply(conversation, text="There.", by=cast.bob, seen_event=None, anyway=True)
    first, solved = conversation.clocks.order_by("id")
    assert (first.state, first.agent, first.team) == ("met", cast.bob, cast.support)
    assert (solved.state, solved.due_at) == ("paused", None)
    assert fresh(conversation).due_at is None


def test_time_waiting_for_the_customer_does_not_count(cast: Cast, version: Version) -> None:
    conversation = question(cast, hours=50)
    asked_at = conversation.created_at
    set_status(conversation, to=Status.PENDING, by=cast.bob, at=asked_at + timedelta(hours=10))
    set_status(conversation, to=Status.OPEN, by=cast.bob, at=asked_at + timedelta(hours=40))
    clock = conversation.clocks.get(standard="solved")
    assert clock.state == "running"
    assert clock.due_at == asked_at + timedelta(hours=72 + 30)
    set_status(conversation, to=Status.SOLVED, by=cast.bob, at=asked_at + timedelta(hours=50))
    clock.refresh_from_db()
    assert (clock.state, clock.elapsed_seconds) == ("met", 20 * 3600)


def test_what_came_in_before_the_answer_may_be_read_after_it(cast: Cast, version: Version) -> None:
    conversation = question(cast, hours=5)
    reply(conversation, text="Which one?", by=cast.bob, seen_event=None, anyway=True)
    receive(conversation, contact=cast.dace, text="Never mind, I have it.", at=hours_ago(1))
    assert fresh(conversation).status == Status.OPEN
    assert clocks(conversation) == {"first": "breached", "solved": "running", "next": "running"}


def test_a_second_question_has_the_promise_of_the_next_answer(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    reply(conversation, text="There.", by=cast.bob, seen_event=None, anyway=True)
    receive(conversation, contact=cast.dace, text="Where exactly?")
    assert clocks(conversation) == {"first": "met", "solved": "running", "next": "running"}
    receive(conversation, contact=cast.dace, text="Hello?")
    assert conversation.clocks.filter(standard="next").count() == 1


def test_an_answer_taken_back_was_never_given(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    due_at = conversation.due_at
    take_back(reply(conversation, text="Here.", by=cast.bob, seen_event=None, anyway=True), by=cast.bob)
    assert clocks(conversation) == {"first": "running", "solved": "running"}
    assert fresh(conversation).due_at == due_at
    steps = Escalation.objects.filter(clock__standard="first")
    assert all(step.fires_at is not None for step in steps)


def test_a_clock_keeps_the_version_it_began_under(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    load_version(POLICY.replace('"4 hours"', '"2 hours"'), by=cast.ada)
    assert conversation.clocks.get(standard="first").target_seconds == 4 * 3600
    other = question(cast)
    assert other.clocks.get(standard="first").target_seconds == 2 * 3600
    assert Version.objects.get(pk=version.pk).state == Version.State.RETIRED


def test_another_priority_by_a_person_has_another_promise(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    set_priority(conversation, to=Priority.URGENT, by=cast.bob)
    clock = conversation.clocks.get(kind=Clock.Kind.FIRST_RESPONSE)
    assert (clock.standard, clock.target_seconds) == ("urgent", 3600)
    assert fresh(conversation).due_at == conversation.created_at + timedelta(hours=1)


def test_escalations_fire_once_in_their_order(cast: Cast, version: Version) -> None:
    conversation = question(cast, hours=7)
    assert fire_due() is not None
    assert clocks(conversation)["first"] == "breached"
    assert fresh(conversation).priority == Priority.HIGH
    assert fresh(conversation).assignee == cast.alice
    told = list(Notice.objects.order_by("id").values_list("user__name", "kind"))
    assert told == [("Alice", "escalation"), ("Alice", "assignment")]
    before = Event.objects.count()
    fire_due()
    assert Event.objects.count() == before


def test_a_breach_is_dated_by_when_it_fell_due(cast: Cast, version: Version) -> None:
    conversation = question(cast, hours=5)
    fire_due()
    clock = conversation.clocks.get(standard="first")
    assert clock.breached_at == clock.due_at == conversation.created_at + timedelta(hours=4)
    reply(conversation, text="Late.", by=cast.bob, seen_event=None, anyway=True)
    clock.refresh_from_db()
    assert (clock.state, clock.agent) == ("breached", cast.bob)
    assert clock.stopped_at is not None


def test_solved_without_an_answer_counts_for_no_answer(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    set_status(conversation, to=Status.SOLVED, by=cast.bob)
    assert clocks(conversation) == {"first": "cancelled", "solved": "met"}
    receive(conversation, contact=cast.dace, text="But no!")
    assert sorted(conversation.clocks.filter(stopped_at=None).values_list("standard", flat=True)) == ["first", "solved"]


def test_what_the_report_needs_is_frozen_when_it_happens(cast: Cast, version: Version) -> None:
    conversation = question(cast, hours=5)
    answer = reply(conversation, text="Late.", by=cast.bob, seen_event=None, anyway=True)
    conversation = fresh(conversation)
    assert conversation.first_answered_at == answer.created_at
    assert conversation.first_answer_seconds == int((answer.created_at - conversation.created_at).total_seconds())
    take_back(answer, by=cast.bob)
    assert fresh(conversation).first_answered_at is None
    solved_at = conversation.created_at + timedelta(hours=10)
    assert set_status(conversation, to=Status.SOLVED, by=cast.bob, at=solved_at).solution_seconds == 36_000
    assert set_status(conversation, to=Status.OPEN, by=cast.bob).solution_seconds is None


def test_no_policy_promises_nothing(cast: Cast) -> None:
    assert clocks(question(cast)) == {}
    assert fire_due() is None


def test_next_instant_is_told(cast: Cast, version: Version) -> None:
    conversation = question(cast)
    wanted = fire_due()
    half_way = conversation.created_at + timedelta(hours=2)
    assert wanted == pytest.approx((half_way - datetime.now(UTC)).total_seconds(), abs=5)
