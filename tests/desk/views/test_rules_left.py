"""Why a rule did nothing: what it saw when it was asked last."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.core.rules.step import Do, Step
from answerable.desk.actions.conversations import set_priority
from tests.cast import Cast
from tests.desk.rules.test_firing import rule, work
from tests.desk.views.stage import asked


def test_each_rule_says_why_it_did_nothing(
    cast: Cast, bob: Client, charlie: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    high = {"all": [{"field": "priority_before", "in": ["high"]}, {"field": "created", "within": "2 days"}]}
    rule(cast, "Fires", ["received"], Step(Do.ADD_TAGS, text="seen"))
    rule(cast, "Not met", ["priority"], Step(Do.RAISE_PRIORITY), conditions=high)
    rule(cast, "Elsewhere", ["received"], Step(Do.RAISE_PRIORITY), inboxes=[cast.sales_inbox.pk])
    rule(cast, "Never", ["rated"], Step(Do.RAISE_PRIORITY))
    conversation = asked(cast, "Where is it?", "I wait")
    set_priority(conversation, to=4, by=cast.bob)
    work()
    there = f"/conversations/{conversation.pk}/rules/"
    left = {str(why.left.rule): why for why in bob.get(there).context["left"]}
    assert list(left) == ["Not met", "Elsewhere", "Never"]
    [before, begun] = left["Not met"].seen
    assert (before.holds, before.saw) == (False, "it was: Normal")
    assert (begun.holds, begun.words) == (True, "When it began was within the last: 2 days")
    assert left["Elsewhere"].cause == "It is for other inboxes."
    assert "since it was switched on" in left["Never"].cause
    assert charlie.get(there).status_code == 404
    bob.get(there)
    for number in range(20):
        rule(cast, f"Rule {number}", ["received"], Step(Do.RAISE_PRIORITY), conditions=high)
    with django_assert_num_queries(11):
        bob.get(there)
