"""What a write costs: its statements, beginning and end of the transaction and what is told of it included."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from answerable.desk.actions.messages import receive, reply
from answerable.desk.actions.opening import write_first
from answerable.desk.models import Conversation, Status
from answerable.events.models import Event
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY, question

pytestmark = pytest.mark.django_db(transaction=True)
TRANSACTION = 3  # its beginning, its end, and what is told after it
SIGNED_IN = 2  # session; user with roles
HTMX = {"HX-Request": "true"}


@pytest.fixture
def asked(cast: Cast) -> Conversation:
    load_version(POLICY, by=cast.ada)
    question(cast)  # so that what a process remembers is remembered
    return question(cast)


@pytest.fixture
def bob(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.bob)
    return client


def begin(cast: Cast, to: str) -> Conversation:
    return write_first(inbox=cast.support_inbox, to=to, subject="Hello", text="How are you?", by=cast.bob, name="N")


def test_an_agent_writes_first(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    begin(cast, "first@customer.example")
    with django_assert_num_queries(TRANSACTION + 8):
        begin(cast, "new@customer.example")
    with django_assert_num_queries(TRANSACTION + 8):
        begin(cast, "dace@customer.example")


def test_a_reply(cast: Cast, asked: Conversation, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    bob = cast.bob
    assert bob.roles
    with django_assert_num_queries(TRANSACTION + 10):
        reply(asked, text="There.", by=bob, seen_event=None, anyway=True)
    seen = Event.objects.latest("id").pk
    with django_assert_num_queries(TRANSACTION + 10):  # no clock changes; who else has acted is asked
        message = reply(asked, text="And there.", by=bob, seen_event=seen)
    with django_assert_num_queries(TRANSACTION + 12):  # a clock stops, and a rating is owed
        reply(asked, text="Done.", by=bob, seen_event=seen, then=Status.SOLVED)
    assert message.conversation.status == Status.PENDING


def test_a_message(cast: Cast, asked: Conversation, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(TRANSACTION + 6):
        receive(asked, contact=cast.dace, text="Hello?")


def test_the_form_of_a_new_conversation(
    cast: Cast, bob: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    words = {"inbox": cast.support_inbox.pk, "name": "N", "subject": "Hello", "text": "How are you?"}
    bob.post(reverse("new_conversation"), words | {"to": "first@customer.example"})
    with django_assert_num_queries(SIGNED_IN + 1 + TRANSACTION + 8):
        assert bob.post(reverse("new_conversation"), words | {"to": "new@customer.example"}).status_code == 302


def test_the_form_of_a_reply(
    asked: Conversation, bob: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    words = {"text": "There.", "seen_event": Event.objects.latest("id").pk, "then": "pending", "copied": ""}
    bob.get("/")
    with django_assert_num_queries(SIGNED_IN + 1 + TRANSACTION + 11 + 4):  # ... and the timeline as it is then
        assert bob.post(reverse("replies", args=[asked.pk]), words, headers=HTMX).status_code == 200
