"""What is sent is what the OpenAPI document says is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from answerable.api.outputs.verbs import PUBLIC, Verb, by_name
from answerable.api.webhooks.actions import try_out
from answerable.api.webhooks.catalogue import GROUPS, TRIAL
from answerable.api.webhooks.following import follow
from answerable.api.webhooks.sending import work_off
from answerable.desk.actions.conversations import open_conversation, set_priority, set_status
from answerable.desk.actions.messages import add_note, receive, reply
from answerable.desk.models import Priority, Status
from answerable.events.record import record
from answerable.knowledge.actions import judge
from answerable.policy.actions import load_default
from tests.cast import Cast
from tests.knowledge.library import article
from tests.receiver import Receiver

if TYPE_CHECKING:
    from tests.api.webhooks.conftest import Told

PAYLOAD = "/post/requestBody/content/application~1json/schema"


def happen(cast: Cast) -> None:
    """Something of each noun."""
    load_default(cast.company, by=None)
    row = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Where is it?", by=None)
    receive(row, contact=cast.dace, text="I ordered a book on Monday.")
    add_note(row, text="It is in Riga", by=cast.bob)
    reply(row, text="On its way", by=cast.bob, seen_event=None, anyway=True)
    set_priority(row, to=Priority.HIGH, by=cast.bob)
    set_status(row, to=Status.CLOSED, by=cast.bob)
    record("clock.breached", subject=row.clocks.all()[0], root=row, by=None, kind="first_response")
    for verb, subject in (("contact.changed", cast.dace), ("organisation.changed", cast.harbour)):
        record(verb, subject=subject, by=cast.ada, fields=["notes"])
    record("user.joined", subject=cast.bob, by=None)
    judge(article(cast, "Where is my parcel?"), reader=uuid4(), helped=True, language="en")
    record("team.renamed", subject=cast.support, by=cast.ada, before="Help", after="Support")


@pytest.mark.django_db(transaction=True)
def test_each_delivery_is_as_described(cast: Cast, told: Told, receiver: Receiver, client: Client) -> None:
    webhook, _secret = told(cast, *(group.key for group in GROUPS))
    happen(cast)
    try_out(webhook, by=cast.ada)
    while follow(webhook.pk):
        pass
    work_off(webhook.pk)
    document: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    assert set(document["webhooks"]) == {*PUBLIC, TRIAL}
    kinds: set[str] = set()
    for taken in receiver.taken:
        body = json.loads(taken.body)
        place = f"#/webhooks/{body['type']}{PAYLOAD}"
        Draft202012Validator({**document, "$ref": place}).validate(body)
        named = document["webhooks"][body["type"]]["post"]["parameters"]
        assert {one["name"] for one in named} <= set(taken.headers)
        kinds |= set(body["data"])
    assert {"event", "conversation", "message", "clock", "contact", "organisation", "user", "team", "article"} <= kinds


def test_a_verb_is_declared_once() -> None:
    with pytest.raises(ValueError, match=r"conversation\.solved is declared twice"):
        by_name([Verb("conversation.solved", "It is solved."), Verb("conversation.solved", "It is over.")])
