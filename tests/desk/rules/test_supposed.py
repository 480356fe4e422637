"""Dry runs remember what the rule would have done: asked again, it finds its own work."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from answerable.core.rules.step import Do, Step
from answerable.desk.actions.conversations import assign, set_priority, set_status, set_tags
from answerable.desk.actions.messages import receive
from answerable.desk.rules.dry_run import Trial, try_rule
from tests.cast import Cast
from tests.desk.views.stage import asked

pytestmark = pytest.mark.django_db
RECEIVED = {"on": "event", "events": ["received"]}
EVERY_MORNING = {"on": "schedule", "days": list(range(7)), "at": "09:00"}


def tried(
    trigger: dict[str, Any], *steps: Step, conditions: dict[str, Any] | None = None, now: datetime | None = None
) -> Trial:
    content = {"trigger": trigger, "conditions": conditions or {"all": []}, "steps": [step.plain for step in steps]}
    return try_rule(content, now=now or timezone.now())


def test_what_is_so_already_is_not_changed_twice(cast: Cast) -> None:
    """Three messages: urgent from the first on, until somebody calms it down before the last."""
    conversation = asked(cast, "Where is it?", "I wait")
    receive(conversation, contact=cast.dace, text="Still")
    set_priority(conversation, to=4, by=cast.bob)
    set_priority(conversation, to=2, by=cast.bob)
    set_tags(conversation, tags=["calm"], by=cast.bob)
    receive(conversation, contact=cast.dace, text="And still")
    urgent, tagged, told = Step(Do.SET_PRIORITY, "urgent"), Step(Do.ADD_TAGS, text="loud"), Step(Do.NOTIFY, "lead")
    trial = tried(RECEIVED, urgent, tagged, told)
    assert (trial.fired, trial.steps) == (3, [2, 1, 3])
    assert tried(RECEIVED, tagged, Step(Do.REMOVE_TAGS, text="loud")).steps == [3, 3]
    assert tried(RECEIVED, Step(Do.RAISE_PRIORITY)).steps == [3]  # high, urgent, and high again


def test_a_rule_that_marks_what_it_did_fires_once(cast: Cast) -> None:
    conversation = asked(cast, "Where is it?", "I wait")
    for _again in range(3):
        receive(conversation, contact=cast.dace, text="Still")
    unmarked = {"all": [{"not": {"field": "tag", "in": ["seen"]}}]}
    trial = tried(RECEIVED, Step(Do.ADD_TAGS, text="seen"), conditions=unmarked)
    assert (trial.asked, trial.fired, trial.steps) == (4, 1, [1])


def test_hands_and_fields_are_carried_on(cast: Cast) -> None:
    conversation = asked(cast, "Where is it?", "I wait")
    assign(conversation, to=cast.bob, by=cast.bob)
    receive(conversation, contact=cast.dace, text="Still")
    receive(conversation, contact=cast.dace, text="Still")
    away, to_bob = Step(Do.MOVE, "sales"), Step(Do.ASSIGN, f"user:{cast.bob.email}")
    assert tried(RECEIVED, away, to_bob).steps == [1, 1]
    assert tried(RECEIVED, Step(Do.ASSIGN, "nobody")).steps == [1]
    assert tried(RECEIVED, Step(Do.SET_FIELD, "7", "red")).steps == [1]


def test_what_it_solved_is_asked_again_once_the_customer_has_answered(cast: Cast) -> None:
    conversation = asked(cast, "Where is it?", "I wait")
    set_status(conversation, to="pending", by=cast.bob)
    later = timezone.now() + timedelta(days=5)
    solves = Step(Do.SET_STATUS, "solved")
    assert tried(EVERY_MORNING, solves, now=later).steps == [1]
    receive(conversation, contact=cast.dace, text="Still")
    assert tried(RECEIVED, solves, now=later).steps == [2]
