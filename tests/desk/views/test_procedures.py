"""What the policy says to do, beside the conversation it applies to."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answerable.desk.actions.conversations import set_status
from answerable.desk.models import Conversation, Status
from answerable.policy.actions import load_version
from answerable.policy.models import Version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY, question

LIVING = (
    POLICY
    + """
[[region]]
key = "lv"
title = { en = "Latvia", lv = "Latvija" }
tone = { en = "Friendly and brief.", lv = "Draudzīgi un īsi." }

[[procedure]]
key = "every"
objective = "soon"
title = { en = "Every request", ka = "ყველა მოთხოვნა" }
steps = ["Say what you will do.", { en = "Do it.", ka = "გააკეთე." }]

[[procedure]]
key = "urgent"
objective = "soon"
title = "Urgent requests"
when = { priority = ["urgent"] }
steps = ["Call them."]

[[procedure]]
key = "mail"
objective = "soon"
title = "Requests by e-mail"
when = { channel = ["email"] }
steps = ["Quote only <what> you answer."]
"""
)


@pytest.fixture
def version(cast: Cast) -> Version:
    return load_version(LIVING, by=cast.ada)


def aside(client: Client, conversation: Conversation) -> str:
    return client.get(f"/conversations/{conversation.pk}/").text.partition('id="aside"')[2]


def test_the_steps_that_apply_the_most_specific_first(cast: Cast, bob: Client, version: Version) -> None:
    shown = aside(bob, question(cast))
    assert "Urgent requests" not in shown
    words = ("Friendly and brief.", "Requests by e-mail", "&lt;what&gt;", "Every request", "Say what you will do.")
    places = [shown.index(each) for each in words]
    assert places == sorted(places)


def test_they_are_read_in_the_language_of_the_agent(cast: Cast, bob: Client, version: Version) -> None:
    cast.bob.language = "ka"
    cast.bob.save()
    shown = aside(bob, question(cast))
    assert "ყველა მოთხოვნა" in shown
    assert "გააკეთე." in shown
    assert "Say what you will do." in shown, "in the policy's own language where there is no other"


def test_they_are_of_the_version_of_the_promises_that_run(cast: Cast, bob: Client, version: Version) -> None:
    conversation = question(cast)
    load_version(LIVING.replace("Every request", "Each request"), by=cast.ada)
    assert "Every request" in aside(bob, conversation)
    assert "Each request" in aside(bob, question(cast))
    conversation.clocks.all().delete()
    assert "Each request" in aside(bob, conversation), "where nothing is promised, the version in force"


def test_nothing_is_said_where_nothing_is_to_do(cast: Cast, bob: Client, version: Version) -> None:
    conversation = question(cast)
    set_status(conversation, to=Status.SOLVED, by=cast.bob)
    assert "procedure-title" not in aside(bob, conversation)
    load_version(POLICY, by=cast.ada)
    assert "procedure-title" not in aside(bob, question(cast))


def test_they_cost_no_query(cast: Cast, bob: Client, version: Version) -> None:
    asked = []
    for document in (LIVING, POLICY):
        load_version(document, by=cast.ada)
        conversation = question(cast)
        aside(bob, conversation)
        with CaptureQueriesContext(connection) as queries:
            aside(bob, conversation)
        asked.append(len(queries))
    assert asked[0] == asked[1] == 11


def test_who_may_not_see_the_conversation_sees_no_steps(cast: Cast, charlie: Client, version: Version) -> None:
    assert charlie.get(f"/conversations/{question(cast).pk}/").status_code == 404
