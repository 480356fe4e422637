"""What one message of a chat costs: its statements, with the transaction's beginning and end and what is told of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.channels.chat import outbox
from answerable.channels.chat.models import Visitor
from answerable.desk.models import Delivery
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.channels.chat.browser import Browser, open_chat
from tests.desk.test_clocks import POLICY

TRANSACTION = 3  # its beginning, its end, and what is told after it
SIGNED_IN = 2  # session; user with roles
WHO = 1  # whose secret it is, of which chat
pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def visitor(cast: Cast) -> Browser:
    """They have written, so that what a process remembers is remembered."""
    load_version(POLICY, by=cast.ada)
    found = Browser(open_chat(cast.support_inbox))
    for text in ("Hello", "Is anybody there?"):
        assert found.write(text).status_code == 201
    return found


def answer(desk: Client, visitor: Browser, text: str) -> None:
    words = {"text": text, "seen_event": 2**61, "then": "open"}
    page = desk.post(f"/conversations/{visitor.conversation}/replies/", words, headers=HTMX)
    assert text in page.text


def test_what_a_message_costs(cast: Cast, visitor: Browser, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    desk = Client()
    desk.force_login(cast.bob)
    answer(desk, visitor, "On its way.")
    visitor.write("Thank you")
    with django_assert_num_queries(WHO + TRANSACTION + 11):
        visitor.write("And when?")
    with django_assert_num_queries(WHO + 2):
        assert visitor.texts() == ["Hello", "Is anybody there?", "On its way.", "Thank you", "And when?"]
    with django_assert_num_queries(SIGNED_IN + 4):
        assert "And when?" in desk.get(f"/conversations/{visitor.conversation}/thread/", headers=HTMX).text
    with django_assert_num_queries(SIGNED_IN + 1 + TRANSACTION + 11 + 4):
        answer(desk, visitor, "Tomorrow.")
    last = visitor.read().json()["messages"][-1]["id"]
    with django_assert_num_queries(WHO + 3 + 2):  # they are there, and have seen it; and two signals
        visitor.post("signs/", conversation=visitor.conversation, seen=last)
    assert {one.state for one in Delivery.objects.all()} == {"sent"}
    with django_assert_num_queries(WHO + 2):
        visitor.post("signs/", conversation=visitor.conversation, seen=last)


def test_answers_to_whoever_is_here_wait_without_being_looked_at_one_by_one(
    cast: Cast, visitor: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk = Client()
    desk.force_login(cast.bob)
    for text in ("On its way.", "Tomorrow."):
        answer(desk, visitor, text)
    with django_assert_num_queries(3):
        wanted = outbox.send_due()
    assert wanted is not None
    assert 100 < wanted <= 120
    Visitor.objects.update(seen_at=timezone.now() - timedelta(minutes=3), address="dace@customer.example")
    Delivery.objects.update(due_at=timezone.now())
    outbox.send_due()
    assert {one.channel for one in Delivery.objects.all()} == {"email"}, "who has gone is written to"
