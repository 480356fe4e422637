"""Macros, through HTTP: written, looked at, applied, taken back."""

import json

from django.test import Client

from answerable.core.rules.step import Do, Step
from answerable.desk.actions.conversations import set_priority
from answerable.desk.actions.macros import write_macro
from answerable.desk.models import Conversation, Macro
from tests.cast import Cast


def test_a_lead_writes_one_and_an_agent_uses_it(
    cast: Cast, alice: Client, bob: Client, conversation: Conversation
) -> None:
    text = "Dear {{ contact.first_name }},\nabout #{{conversation.id}}. {{ agent.name }}"
    fields = {"name": "Greeting", "text": text, "team": cast.support.pk, "language": "", "into": "outbound"}
    assert alice.post("/macros/new/", fields).status_code == 302
    offered = bob.get(f"/conversations/{conversation.pk}/macros/").content.decode()
    assert f"Dear Dace,\nabout #{conversation.pk}. Bob" in offered
    row = Macro.objects.get()
    alice.post(f"/macros/{row.pk}/", {**fields, "text": "Dear customer"})
    assert "Dear customer" in bob.get(f"/conversations/{conversation.pk}/macros/").content.decode()
    alice.post(f"/macros/{row.pk}/retirement/")
    assert "Greeting" not in bob.get("/macros/").content.decode()


def test_a_placeholder_that_is_none_is_named_with_its_line(cast: Cast, alice: Client) -> None:
    fields = {"name": "Greeting", "team": cast.support.pk, "language": "", "into": "outbound"}
    wrong = alice.post("/macros/new/", {**fields, "text": "Hello\n{{ contact.password }}"})
    assert wrong.status_code == 422
    assert "Line 2: there is no {{ contact.password }}. There are:" in wrong.content.decode()
    open_brace = alice.post("/macros/new/", {**fields, "text": "Hello {{ contact.name }"})
    assert "Line 1: write a placeholder between two braces" in open_brace.content.decode()


def test_only_administrators_write_for_everybody(cast: Cast, alice: Client, browser: object) -> None:
    fields = {"name": "Greeting", "text": "Hello", "team": "", "language": "", "into": "outbound"}
    assert alice.post("/macros/new/", fields).status_code == 422
    assert browser(cast.ada).post("/macros/new/", fields).status_code == 302  # type: ignore[operator]
    assert alice.get(f"/macros/{Macro.objects.get().pk}/").status_code == 403


STEPS = {
    "steps-rows": "4",
    "steps-0-do": "set_priority",
    "steps-0-priority": "urgent",
    "steps-1-do": "add_tags",
    "steps-1-tags": "Refund, late",
    "steps-2-do": "assign",
    "steps-2-assignee": "me",
    "steps-3-do": "set_status",
    "steps-3-status": "solved",
}


def test_a_macro_is_looked_at_applied_and_taken_back(
    cast: Cast, alice: Client, bob: Client, conversation: Conversation
) -> None:
    macro = {"name": "Refunded", "text": "", "team": cast.support.pk, "language": "", "into": "outbound"}
    assert alice.post("/macros/new/", macro | STEPS).status_code == 302
    address = f"/conversations/{conversation.pk}/macros/{Macro.objects.get().pk}/"
    before = Conversation.objects.filter(pk=conversation.pk).values().get()
    clocks = list(conversation.clocks.order_by("id").values())
    seen = bob.get(address).content.decode()
    assert "Set the priority: Urgent, it was Normal" in seen
    assert "Add tags: refund, late" in seen
    assert "Set the status: Solved" in seen
    assert Conversation.objects.filter(pk=conversation.pk).values().get() == before  # looked at, not done
    bob.post(address)
    conversation.refresh_from_db()
    assert (conversation.priority, conversation.tags, conversation.status) == (4, ["refund", "late"], "solved")
    assert conversation.assignee == cast.bob
    assert "Bob applied the macro “Refunded”" in bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "Add tags: nothing to do" in bob.get(address).content.decode()
    assert alice.post(f"/conversations/{conversation.pk}/macros/taking-back/").status_code == 422  # it was Bob's
    bob.post(f"/conversations/{conversation.pk}/macros/taking-back/")
    assert Conversation.objects.filter(pk=conversation.pk).values().get() == before
    assert list(conversation.clocks.order_by("id").values()) == clocks
    assert bob.post(f"/conversations/{conversation.pk}/macros/taking-back/").status_code == 422


def test_a_macro_with_a_reply_sets_the_status_when_it_is_sent(
    cast: Cast, bob: Client, conversation: Conversation
) -> None:
    macro = write_macro(
        name="Done", text="Dear {{ contact.first_name }}", team=None, by=cast.ada, steps=[Step(Do.SET_STATUS, "solved")]
    )
    response = bob.post(f"/conversations/{conversation.pk}/macros/{macro.pk}/", headers={"HX-Request": "true"})
    told = json.loads(response["HX-Trigger"])["macro"]
    assert (told["text"], told["into"], told["then"]) == ("Dear Dace", "outbound", "solved")
    conversation.refresh_from_db()
    assert conversation.status == "new"


def test_what_is_changed_since_is_not_taken_back(cast: Cast, bob: Client, conversation: Conversation) -> None:
    macro = write_macro(name="Up", text="", team=None, by=cast.ada, steps=[Step(Do.SET_PRIORITY, "high")])
    bob.post(f"/conversations/{conversation.pk}/macros/{macro.pk}/")
    set_priority(conversation, to=1, by=cast.alice)
    late = bob.post(f"/conversations/{conversation.pk}/macros/taking-back/")
    assert (late.status_code, Conversation.objects.get(pk=conversation.pk).priority) == (422, 1)


def test_macros_of_others_are_out_of_reach(
    cast: Cast, charlie: Client, bob: Client, conversation: Conversation
) -> None:
    macro = write_macro(name="Up", text="", team=cast.sales, by=cast.ada, steps=[Step(Do.SET_PRIORITY, "high")])
    assert charlie.post(f"/conversations/{conversation.pk}/macros/{macro.pk}/").status_code == 404
    assert charlie.post(f"/conversations/{conversation.pk}/macros/taking-back/").status_code == 404
    assert bob.post(f"/conversations/{conversation.pk}/macros/{macro.pk}/").status_code == 404  # another team's


def test_two_leads_do_not_write_over_each_other(cast: Cast, alice: Client) -> None:
    macro = write_macro(name="Hello", text="Hello", team=cast.support, by=cast.alice)
    fields = {"name": "Hello", "text": "Mine", "team": cast.support.pk, "into": "outbound", "revision": 1}
    write_macro(name="Hello", text="Theirs", team=cast.support, by=cast.ada, macro=macro)
    late = alice.post(f"/macros/{macro.pk}/", fields)
    assert late.status_code == 409
    assert "Mine" in late.content.decode()
    assert alice.post(f"/macros/{macro.pk}/", fields | {"revision": 2}).status_code == 302


def test_a_step_that_names_what_is_gone_is_refused_in_words(
    cast: Cast, bob: Client, conversation: Conversation
) -> None:
    macro = write_macro(name="Move", text="", team=None, by=cast.ada, steps=[Step(Do.MOVE, "gone")])
    refused = bob.post(f"/conversations/{conversation.pk}/macros/{macro.pk}/")
    assert refused.status_code == 422
    assert "There is no team “gone” any more." in refused.content.decode()
