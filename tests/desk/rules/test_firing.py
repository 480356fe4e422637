"""Rules on what happens: they fire once, in their order, within bounds, and none stands in another's way."""

from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from answerable.core.rules.deciding import MOST_DEEP
from answerable.core.rules.step import Do, Step
from answerable.desk.actions.conversations import set_priority, set_status
from answerable.desk.actions.held import keep_all
from answerable.desk.actions.rules import Overtaken, place_rules, switch_rule, write_rule
from answerable.desk.models import Conversation, DueRule, Firing, Message, Notice, Rule
from answerable.desk.rules import firing
from answerable.desk.rules.firing import fire_due
from answerable.events.models import Event, noun
from answerable.people.models import Team
from tests.at_once import at_the_same_time
from tests.cast import Cast
from tests.desk.views.stage import asked


def rule(cast: Cast, name: str, events: list[str], *steps: Step, on: bool = True, **more: Any) -> Rule:
    content = {
        "name": name,
        "trigger": {"on": "event", "events": events},
        "conditions": {"all": []},
        "steps": [step.plain for step in steps],
        "stops": False,
        "inboxes": [],
    }
    row = write_rule(content=content | more, by=cast.ada)
    return switch_rule(row, on=True, by=cast.ada) if on else row


def work() -> None:
    while fire_due() == 0.0:
        pass


def test_a_rule_sees_before_and_after(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conditions = {
        "all": [
            {"field": "priority_before", "in": ["normal"]},
            {"any": [{"field": "priority", "in": ["urgent"]}, {"field": "subject", "contains": ["lawyer"]}]},
            {"not": {"field": "tag", "in": ["quiet"]}},
        ]
    }
    loud = rule(cast, "Loud", ["priority"], Step(Do.ADD_TAGS, text="loud"), conditions=conditions)
    conversation = asked(cast, "Where is it?", "I wait")
    set_priority(conversation, to=3, by=cast.bob)
    set_priority(conversation, to=2, by=cast.bob)
    set_priority(conversation, to=4, by=cast.bob)
    work()
    conversation.refresh_from_db()
    assert conversation.tags == ["loud"]
    [fired] = Firing.objects.all()
    assert (fired.rule, fired.version, fired.verdict) == (loud, 1, "fires")
    assert fired.outcomes == [{"do": "add_tags", "added": ["loud"]}]
    assert [(each["depth"], each.get("field") or each["joins"], each["ok"]) for each in fired.seen] == [
        (0, "priority_before", True),
        (0, "any", True),
        (1, "priority", True),
        (1, "subject", False),
        (0, "none", True),
        (1, "tag", False),
    ]
    assert fired.seen[2]["saw"] == ["urgent"]
    tagged = Event.objects.get(root=noun(conversation), verb="conversation.tagged")
    assert tagged.particulars["rule"]["name"] == "Loud"


def test_other_inboxes_are_left_alone_and_the_first_may_stop(cast: Cast) -> None:
    elsewhere = [cast.sales_inbox.pk]
    rule(cast, "Sales", ["received"], Step(Do.ADD_TAGS, text="sales"), inboxes=elsewhere)
    first = rule(cast, "First", ["received"], Step(Do.ADD_TAGS, text="first"), stops=True)
    second = rule(cast, "Second", ["received"], Step(Do.ADD_TAGS, text="second"))
    conversation = asked(cast, "Where is it?", "I wait")
    work()
    conversation.refresh_from_db()
    assert conversation.tags == ["first"]
    place_rules([second.pk, first.pk], by=cast.ada)
    other = asked(cast, "And now?", "I wait")
    work()
    other.refresh_from_db()
    assert other.tags == ["second", "first"]


def test_circles_are_cut_and_told_of(cast: Cast) -> None:
    rule(cast, "Up", ["priority"], Step(Do.SET_PRIORITY, "urgent"))
    rule(cast, "Down", ["priority"], Step(Do.SET_PRIORITY, "low"))
    conversation = asked(cast, "Where is it?", "I wait")
    set_priority(conversation, to=3, by=cast.bob)
    work()
    fired = Firing.objects.filter(verdict="fires")
    assert sorted(fired.values_list("rule__name", flat=True)) == ["Down", "Up"]  # each once for one cause
    assert Firing.objects.filter(verdict="again").exists()
    assert Firing.objects.filter(depth__gt=MOST_DEEP).count() == 0
    assert Notice.objects.filter(user=cast.ada, kind="cut_rule").count() == 2  # one for each rule, not for each cut
    assert not DueRule.objects.exists()


def test_a_broken_rule_is_switched_off_and_blocks_nobody(cast: Cast) -> None:
    gone = rule(cast, "Gone", ["received"], Step(Do.MOVE, "latvia"))
    sound = rule(cast, "Sound", ["received"], Step(Do.ADD_TAGS, text="sound"))
    Team.objects.filter(key="latvia").update(key="lettland")
    conversation = asked(cast, "Where is it?", "I wait")
    work()
    conversation.refresh_from_db()
    gone.refresh_from_db()
    sound.refresh_from_db()
    assert conversation.tags == ["sound"]
    assert (gone.enabled_at, gone.broken_why) == (None, "There is no team “latvia” any more.")
    assert sound.enabled_at is not None
    assert Notice.objects.filter(kind="broken_rule", user=cast.ada).count() == 1


@pytest.mark.parametrize("content", [{"conditions": {"field": "planet", "in": []}}, {"steps": [{"do": "dance"}]}])
def test_what_cannot_be_read_is_switched_off(cast: Cast, content: dict[str, Any]) -> None:
    broken = rule(cast, "Odd", ["received"], Step(Do.RAISE_PRIORITY))
    Rule.objects.filter(pk=broken.pk).update(**content)
    asked(cast, "Where is it?", "I wait")
    work()
    broken.refresh_from_db()
    assert broken.broken_at is not None
    assert broken.broken_why


def test_a_step_that_fails_unexpectedly_is_known_to_be_this_rules(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the database refuses at the very end is traced, too: each rule is tried alone."""
    odd = rule(cast, "Odd", ["received"], Step(Do.ADD_TAGS, text="odd"))
    sound = rule(cast, "Sound", ["received"], Step(Do.RAISE_PRIORITY))
    kept = keep_all

    def refuse(held: Any) -> None:
        every = list(held)
        if any("odd" in one.conversation.tags for one in every):
            raise ValueError("no odd tags here")
        kept(every)

    monkeypatch.setattr(firing, "keep_all", refuse)
    conversation = asked(cast, "Where is it?", "I wait")
    work()
    conversation.refresh_from_db()
    odd.refresh_from_db()
    sound.refresh_from_db()
    assert (conversation.tags, conversation.priority) == ([], 3)
    assert "no odd tags here" in odd.broken_why
    assert sound.enabled_at is not None


def test_what_was_cut_off_in_the_middle_is_done_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies after the steps and before the end: nothing has happened, and the next one does all of it."""
    rule(cast, "Hello", ["received"], Step(Do.REPLY, text="Dear {{ contact.first_name }}"), Step(Do.RAISE_PRIORITY))
    conversation = asked(cast, "Where is it?", "I wait")
    with monkeypatch.context() as patched:
        patched.setattr(Firing.objects, "bulk_create", _die)
        with pytest.raises(KeyboardInterrupt):
            fire_due()
    assert not Message.objects.filter(automatic=True).exists()
    assert DueRule.objects.count() == 1
    work()
    work()
    sent = Message.objects.get(conversation=conversation, automatic=True)
    assert sent.text == "Dear Dace"
    assert Firing.objects.count() == 1
    assert Conversation.objects.get(pk=conversation.pk).priority == 3


def _die(*_args: object) -> None:
    raise KeyboardInterrupt


def test_nothing_is_owed_where_nobody_looks(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    off = rule(cast, "Off", ["received"], Step(Do.RAISE_PRIORITY), on=False)
    asked(cast, "Where is it?", "I wait")
    assert not DueRule.objects.exists()
    switch_rule(off, on=True, by=cast.ada)
    assert not DueRule.objects.exists()  # what happened before is left alone
    with django_assert_num_queries(3):  # a transaction, and what is owed: nothing
        fire_due()


def test_fifty_rules_cost_a_few_statements(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conditions = {"all": [{"field": "text", "contains": ["dragon"]}, {"field": "address", "contains": ["@vip"]}]}
    for number in range(50):
        rule(cast, f"Rule {number}", ["received"], Step(Do.RAISE_PRIORITY), conditions=conditions)
    asked(cast, "Where is it?", "I wait")
    # transaction 2, owed 1, rules 1, events 1, conversations 1, addresses 1, texts 2, ended 1
    with django_assert_num_queries(10):
        assert fire_due() == 0.0
    asked(cast, "Where is it?", "I wait")
    asked(cast, "Where is it?", "I wait")
    with django_assert_num_queries(10):
        fire_due()


def test_two_administrators_do_not_write_over_each_other(cast: Cast) -> None:
    row = rule(cast, "Up", ["received"], Step(Do.RAISE_PRIORITY), on=False)
    content = {
        "name": "Up",
        "trigger": row.trigger,
        "conditions": row.conditions,
        "steps": row.steps,
        "stops": True,
        "inboxes": [],
    }
    write_rule(content=content, by=cast.ada, rule=row, number=1)
    with pytest.raises(Overtaken, match="Ada has changed it since"):
        write_rule(content=content, by=cast.ada, rule=row, number=1)
    assert [version.number for version in row.versions.all()] == [2, 1]


def test_a_step_that_does_not_fit_is_said_and_the_next_is_taken(cast: Cast) -> None:
    rule(cast, "Late", ["status"], Step(Do.SET_STATUS, "open"), Step(Do.ADD_TAGS, text="late"))
    conversation = asked(cast, "Where is it?", "I wait")
    set_status(conversation, to="closed", by=cast.bob)
    work()
    fired = Firing.objects.get()
    assert "closed" in fired.outcomes[0]["error"]
    assert fired.outcomes[1] == {"do": "add_tags", "added": ["late"]}


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_put_before_rules_is_set_aside_and_no_other(cast: Cast) -> None:
    """Also where another process is at the first of what is owed."""
    rule(cast, "Up", ["received"], Step(Do.RAISE_PRIORITY))
    conversation = asked(cast, "Where is it?", "I wait")
    Event.objects.create(verb="message.received", subject="message-1", root="conversation-none", particulars={})
    first, second = DueRule.objects.order_by("event")
    left: list[int] = []

    def meanwhile() -> None:
        assert fire_due() == 0.0
        left.extend(DueRule.objects.values_list("pk", flat=True))

    with transaction.atomic():
        DueRule.objects.select_for_update().get(pk=first.pk)
        assert not at_the_same_time(meanwhile)
    assert left == [first.pk]
    assert second.pk not in left
    work()
    assert Conversation.objects.get(pk=conversation.pk).priority == 3
