"""Canned responses, through HTTP."""

from django.test import Client

from answerable.desk.models import CannedResponse, Conversation
from tests.cast import Cast


def test_a_lead_writes_one_and_an_agent_uses_it(
    cast: Cast, alice: Client, bob: Client, conversation: Conversation
) -> None:
    text = "Dear {{ contact.first_name }},\nabout #{{conversation.id}}. {{ agent.name }}"
    fields = {"name": "Greeting", "text": text, "team": cast.support.pk, "language": ""}
    assert alice.post("/canned-responses/new/", fields).status_code == 302
    offered = bob.get(f"/conversations/{conversation.pk}/canned/").content.decode()
    assert f"Dear Dace,\nabout #{conversation.pk}. Bob" in offered
    row = CannedResponse.objects.get()
    alice.post(f"/canned-responses/{row.pk}/", {**fields, "text": "Dear customer"})
    assert "Dear customer" in bob.get(f"/conversations/{conversation.pk}/canned/").content.decode()
    alice.post(f"/canned-responses/{row.pk}/retirement/")
    assert "Greeting" not in bob.get("/canned-responses/").content.decode()


def test_a_placeholder_that_is_none_is_named_with_its_line(cast: Cast, alice: Client) -> None:
    fields = {"name": "Greeting", "team": cast.support.pk, "language": ""}
    wrong = alice.post("/canned-responses/new/", {**fields, "text": "Hello\n{{ contact.password }}"})
    assert wrong.status_code == 422
    assert "Line 2: there is no {{ contact.password }}. There are:" in wrong.content.decode()
    open_brace = alice.post("/canned-responses/new/", {**fields, "text": "Hello {{ contact.name }"})
    assert "Line 1: write a placeholder between two braces" in open_brace.content.decode()


def test_only_administrators_write_for_everybody(cast: Cast, alice: Client, browser: object) -> None:
    fields = {"name": "Greeting", "text": "Hello", "team": "", "language": ""}
    assert alice.post("/canned-responses/new/", fields).status_code == 422
    assert browser(cast.ada).post("/canned-responses/new/", fields).status_code == 302  # type: ignore[operator]
    assert alice.get(f"/canned-responses/{CannedResponse.objects.get().pk}/").status_code == 403
