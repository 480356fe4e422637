"""What the command palette finds, and who finds what."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.desk.models import Conversation
from tests.cast import Cast


def words(client: Client, typed: str = "") -> list[tuple[str, str]]:
    return [(one["kind"], one["words"]) for one in client.get("/palette/", {"q": typed}).json()["found"]]


def test_places_and_queues_are_offered_by_who_may_go_there(bob: Client, alice: Client) -> None:
    alice.post("/settings/queues/new/", {"name": "Refunds", "order": "newest"})
    assert ("Queue", "Refunds") in words(alice)
    found = words(bob)
    assert ("Queue", "Breaching soon") in found
    assert ("Page", "Customers") in found
    assert ("Settings", "Queues") in found
    assert ("Queue", "Refunds") not in found
    assert ("Settings", "Company") not in found


def test_conversations_and_customers_are_found(
    cast: Cast,
    bob: Client,
    charlie: Client,
    conversation: Conversation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assert words(bob, f"#{conversation.pk}") == [("Conversation", "Where is my order?")]
    assert ("Conversation", "Where is my order?") in words(bob, "ord")
    assert ("Customer", "Dace Ozola") in words(bob, "dac")
    assert ("Conversation", "Where is my order?") not in words(charlie, "ord")
    assert words(charlie, str(conversation.pk)) == []
    assert "While writing" in bob.get("/keys/").content.decode()
    with django_assert_num_queries(2 + 3 + 1 + 1):  # who asks, words, their rows, customers
        words(bob, "ord")
