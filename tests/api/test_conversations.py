from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.api.outputs.clocks import EXPLAINED
from answerable.api.outputs.conversations import CONVERSATION
from answerable.api.outputs.messages import MESSAGE
from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.fields import write_field
from answerable.desk.actions.messages import receive
from answerable.desk.models import Conversation, Message
from answerable.policy.actions import load_default
from tests.api.program import Program
from tests.cast import Cast
from tests.knowledge.library import article, translated


def begun(cast: Cast, subject: str = "Where is my order?") -> Conversation:
    row = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject=subject, by=None)
    receive(row, contact=cast.dace, text="I ordered a book on Monday.")
    return row


def test_charlie_is_refused_everywhere(cast: Cast) -> None:
    load_default(cast.company, by=None)
    row, charlie = begun(cast), Program(cast.charlie)
    message, clock = row.messages.get(), row.clocks.first()
    assert clock
    assert charlie.get("/conversations").json()["data"] == []
    for path in (
        f"/conversations/{row.pk}",
        f"/conversations/{row.pk}/messages",
        f"/conversations/{row.pk}/clocks",
        f"/messages/{message.pk}",
        f"/clocks/{clock.pk}",
        f"/inboxes/{cast.support_inbox.pk}",
    ):
        assert charlie.get(path).status_code == 404
    assert charlie.patch(f"/conversations/{row.pk}", {"status": "solved"}).status_code == 404
    assert charlie.post(f"/conversations/{row.pk}/messages", {"kind": "note", "text": "Hm."}).status_code == 404
    new = {"inbox": cast.support_inbox.pk, "subject": "Hm", "text": "Hm", "to": {"address": "a@b.example"}}
    assert charlie.post("/conversations", new).status_code == 422
    assert charlie.post("/policies", {"document": "title = 1"}).status_code == 403
    assert charlie.patch(f"/organisations/{cast.harbour.pk}", {"notes": "Hm."}).status_code == 403


def test_an_analyst_reads_and_does_not_act(cast: Cast) -> None:
    row, quinn = begun(cast), Program(cast.quinn)
    assert quinn.get(f"/conversations/{row.pk}").status_code == 200
    assert quinn.patch(f"/conversations/{row.pk}", {"status": "solved"}).status_code == 403
    assert quinn.post(f"/conversations/{row.pk}/messages", {"kind": "reply", "text": "Hm."}).status_code == 403


def test_all_changes_or_none(cast: Cast) -> None:
    field = write_field(name="Order", kind="number", by=cast.ada, names={}, choices_in={})
    row, bob = begun(cast), Program(cast.bob)
    change = {"assignee": cast.bob.pk, "priority": "high", "tags": ["Delivery"], "fields": {str(field.pk): "12.5"}}
    refused = bob.patch(f"/conversations/{row.pk}", change | {"copied": ["nobody"]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "copied"
    row.refresh_from_db()
    assert (row.assignee, row.tags, row.details) == (None, [], {})
    changed = bob.patch(f"/conversations/{row.pk}", change | {"status": "solved", "copied": ["A@b.example"]}).json()
    assert changed["assignee"] == {"id": cast.bob.pk, "name": "Bob"}
    assert changed["priority"] == "high"
    assert changed["tags"] == ["delivery"]
    assert changed["fields"] == {str(field.pk): "12.5"}
    assert changed["status"] == "solved"
    assert changed["copied"] == ["a@b.example"]
    assert changed.keys() == CONVERSATION.schema["properties"].keys()
    until = (timezone.now() + timedelta(days=1)).isoformat()
    asleep = bob.patch(f"/conversations/{row.pk}", {"status": "open"}).json()
    assert asleep["solved_at"] is None
    assert bob.patch(f"/conversations/{row.pk}", {"snoozed_until": until}).json()["snoozed_until"] is not None
    assert bob.patch(f"/conversations/{row.pk}", {"snoozed_until": None, "is_spam": True}).json()["is_spam"]
    moved = Program(cast.ada).patch(f"/conversations/{row.pk}", {"is_spam": False, "team": cast.sales.pk}).json()
    assert moved["team"]["name"] == "Sales"


def test_a_reply_carries_files_and_is_not_sent_past_news(cast: Cast) -> None:
    row, bob = begun(cast), Program(cast.bob)
    known = bob.get(f"/conversations/{row.pk}").json()["last_event"]
    receive(row, contact=cast.dace, text="It has come, thank you.")
    reply = {"kind": "reply", "text": "It left us this morning.", "then": "solved"}
    stale = bob.post(f"/conversations/{row.pk}/messages", reply | {"seen_event": known})
    assert stale.status_code == 409
    assert all(event > known for event in stale.json()["events"])
    known = bob.get(f"/conversations/{row.pk}").json()["last_event"]
    form = {
        "message": json.dumps(reply | {"seen_event": known}),
        "attachments": [SimpleUploadedFile("bill.pdf", b"%PDF", "application/pdf"), SimpleUploadedFile("a.txt", b"a")],
    }
    headers = {"Authorization": f"Bearer {bob.secret}", "Idempotency-Key": "one"}
    sent = Client().post(f"/api/v1/conversations/{row.pk}/messages", form, headers=headers)
    assert sent.status_code == 201
    message = sent.json()
    assert message.keys() == MESSAGE.schema["properties"].keys()
    assert message["delivery"]["recipients"] == ["dace@customer.example"]
    assert [file["name"] for file in message["attachments"]] == ["bill.pdf", "a.txt"]
    bill = message["attachments"][0]
    assert bob.get(f"/attachments/{bill['id']}").json() == bill
    content = bob.get(f"/attachments/{bill['id']}/content")
    assert (content.content, content.headers["X-Content-Type-Options"]) == (b"%PDF", "nosniff")
    assert Program(cast.charlie).get(f"/attachments/{bill['id']}/content").status_code == 404
    assert bob.get(f"/conversations/{row.pk}").json()["status"] == "solved"
    misplaced = bob.post(f"/conversations/{row.pk}/messages", {"kind": "note", "text": "Hm", "then": "solved"})
    assert misplaced.status_code == 422


def test_a_clock_is_explained(cast: Cast) -> None:
    load_default(cast.company, by=None)
    row, bob = begun(cast), Program(cast.bob)
    [first, *_others] = bob.get(f"/conversations/{row.pk}/clocks").json()["data"]
    explained = bob.get(f"/clocks/{first['id']}").json()
    assert explained.items() >= first.items()
    assert explained.keys() == EXPLAINED.schema["properties"].keys()
    assert explained["promise"]


def test_we_write_first_or_they_did(cast: Cast) -> None:
    bob = Program(cast.bob)
    person = {"address": "Gunta@customer.example", "name": "Gunta"}
    new = {"inbox": cast.support_inbox.pk, "subject": "Your order", "text": "It is on its way."}
    ours = bob.post("/conversations", new | {"to": person})
    assert (ours.status_code, ours.json()["status"]) == (201, "pending")
    assert bob.get(ours.headers["Location"].partition("/api/v1")[2]).json() == ours.json()
    theirs = bob.post("/conversations", new | {"from": person}).json()
    assert (theirs["status"], theirs["channel"]) == ("new", "api")
    assert theirs["contact"] == ours.json()["contact"]
    assert bob.post("/conversations", new).status_code == 422
    assert Conversation.objects.get(pk=theirs["id"]).messages.get().written_from == "gunta@customer.example"


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/conversations", 3),
        ("/conversations?status=open&status=new&assignee=none&tag=x&priority=normal&team=2", 3),
        ("/conversations/{pk}/messages", 5),
        ("/conversations/{pk}/clocks", 4),
        ("/contacts", 4),
        ("/contacts?q=dace", 4),
        ("/organisations", 3),
        ("/teams", 3),
        ("/users", 4),
        ("/inboxes", 3),
        ("/fields", 3),
        ("/policies", 3),
        ("/articles", 4),
        ("/articles?language=lv&audience=customers", 4),
        ("/ratings", 3),
        ("/events", 3),
    ],
)
def test_a_list_asks_as_many_queries_however_long_it_is(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    """One for the token, one for its minute, and those of the list."""
    load_default(cast.company, by=None)
    rows = [begun(cast, f"Order {number}") for number in range(3)]
    receive(rows[0], contact=cast.nino, text="And I, too.")
    for number in range(3):
        translated(cast, article(cast, f"Order {number}"), "lv", f"Pasūtījums {number}")
    ada = Program(cast.ada)
    ada.get("/me")
    with django_assert_num_queries(queries):
        answer = ada.get(path.format(pk=rows[0].pk))
    assert answer.status_code == 200


def test_conversations_are_found_by_what_they_are(cast: Cast) -> None:
    first, second = begun(cast), begun(cast)
    bob = Program(cast.bob)
    bob.patch(f"/conversations/{first.pk}", {"assignee": cast.bob.pk, "status": "pending", "tags": ["delivery"]})

    def found(query: str) -> list[int]:
        return [row["id"] for row in bob.get(f"/conversations?{query}").json()["data"]]

    assert found("") == [second.pk, first.pk]
    assert found("status=pending&status=open") == [first.pk]
    assert found("assignee=me") == found(f"assignee={cast.bob.pk}") == found("tag=delivery") == [first.pk]
    assert found("assignee=none") == [second.pk]
    assert found(f"contact={cast.nino.pk}") == []
    assert found(f"created_after={timezone.now().isoformat().replace('+', '%2B')}") == []
    assert Message.objects.count() == 2


def test_contacts_and_their_addresses(cast: Cast) -> None:
    bob = Program(cast.bob)
    made = bob.post("/contacts", {"address": "Gunta@customer.example", "organisation": cast.harbour.pk}).json()
    assert made["addresses"][0]["value"] == "gunta@customer.example"
    path = f"/contacts/{made['id']}"
    assert bob.patch(path, {"segment": "gold", "name": "Gunta"}).json()["segment"] == "gold"
    assert bob.patch(path, {"segment": "tin"}).status_code == 422
    assert bob.get("/contacts?address=GUNTA@customer.example").json()["data"][0]["id"] == made["id"]
    number = bob.post(f"{path}/addresses", {"kind": "phone", "value": "+371 2000 0000"}).json()
    assert number["value"] == "+37120000000"
    assert bob.ask("DELETE", f"{path}/addresses/{number['id']}").status_code == 204
    assert bob.ask("DELETE", f"{path}/addresses/{made['addresses'][0]['id']}").status_code == 422
    assert bob.post("/contacts", {"address": "gunta@customer.example"}).status_code == 422


def test_a_draft_of_the_policy_is_begun_by_an_administrator(cast: Cast) -> None:
    ada = Program(cast.ada)
    assert ada.get("/policies/in-force").status_code == 404
    current = load_default(cast.company, by=None)
    document = ada.get("/policies/in-force").json()["document"]
    assert document == current.document
    draft = ada.post("/policies", {"document": document + "\n", "reason": "Saturdays"}).json()
    assert (draft["state"], draft["number"]) == ("draft", 2)
    assert ada.get("/policies/2").json() == draft


def test_a_reply_is_formatted_or_plain_and_harmless_both_ways(cast: Cast) -> None:
    row, bob = begun(cast), Program(cast.bob)
    receive(
        row, contact=cast.dace, text="Hm", html='<p onclick="x()">Hm<script>x()</script> <img src="https://t.example/">'
    )
    address = f"/conversations/{row.pk}/messages"
    html = '<p style="color:red">It left <b>today</b>.</p><script>x()</script><a href="javascript:x()">here</a>'
    assert bob.post(address, {"kind": "reply", "html": html, "text": "It left."}).status_code == 422
    assert bob.post(address, {"kind": "reply"}).status_code == 422
    assert bob.post(address, {"kind": "note", "html": html}).status_code == 422
    made = bob.post(address, {"kind": "reply", "html": html}).json()
    assert "It left today." in made["text"]
    shown = [one["html"] for one in bob.get(address).json()["data"]]
    assert shown == ["<p>I ordered a book on Monday.</p>", "<p>Hm </p>", made["html"]]
    assert made["html"].startswith("<p>It left <b>today</b>.</p>")
    assert not any(word in made["html"] for word in ("script", "style", "x()"))


def test_segments_are_listed_and_lists_go_by_when_somebody_wrote(cast: Cast) -> None:
    ada, charlie = Program(cast.ada), Program(cast.charlie)
    assert {"gold"} <= {one["key"] for one in ada.get("/segments").json()["data"]}
    row = begun(cast)
    written = row.last_message_at
    for moment, found in ((written - timedelta(seconds=1), [row.pk]), (written + timedelta(seconds=1), [])):
        asked = urlencode({"message_after": moment.isoformat()})
        assert [one["id"] for one in ada.get(f"/conversations?{asked}").json()["data"]] == found
        assert charlie.get(f"/conversations?{asked}").json()["data"] == []
