"""The pages on which conversations are put together and taken apart."""

from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.messages import receive
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.models import Conversation, Rearrangement, Status
from tests.cast import Cast
from tests.desk.views.stage import HTMX, asked

SIGNED_IN = 2  # session; user with roles


def test_the_same_customers_are_suggested_and_merged(cast: Cast, conversation: Conversation, bob: Client) -> None:
    other = asked(cast, "And the second order?", "Where is it?")
    page = bob.get(f"/conversations/merging/?ids={conversation.pk}").content.decode()
    assert "And the second order?" in page
    query = f"/conversations/merging/?ids={conversation.pk}&ids={other.pk}"
    page = bob.get(query).content.decode()
    assert "Which one stays?" in page
    assert "different customers" not in page
    ids = [conversation.pk, other.pk]
    assert bob.post("/conversations/merging/", {"ids": ids}).status_code == 422
    done = bob.post("/conversations/merging/", {"ids": ids, "keep": conversation.pk})
    assert done.headers["Location"] == f"/conversations/{conversation.pk}/"
    [said] = get_messages(done.wsgi_request)
    page = bob.get(done.headers["Location"]).content.decode()
    assert f'data-url="{said.extra_tags}"' in page
    assert f"Bob merged conversation #{other.pk} into this one, with 1 message" in page
    assert f'hx-post="{said.extra_tags}"' in page  # from the timeline, later
    assert f"#{conversation.pk}, where all of it stands" in bob.get(f"/conversations/{other.pk}/").content.decode()
    undone = bob.post(said.extra_tags, headers=HTMX)
    assert undone.headers["HX-Redirect"] == f"/conversations/{conversation.pk}/"
    page = bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert f"Bob undid the merge with conversation #{other.pk}" in page
    assert said.extra_tags not in page
    other.refresh_from_db()
    assert (other.status, other.merged_into) == (Status.NEW, None)


def test_other_customers_are_found_and_warned_of(cast: Cast, conversation: Conversation, bob: Client) -> None:
    other = open_conversation(inbox=cast.support_inbox, contact=cast.nino, subject="Broken lamp", by=None)
    receive(other, contact=cast.nino, text="It came broken.")
    for words in ("lamp", f"#{other.pk}", str(other.pk)):
        page = bob.get("/conversations/merging/", {"ids": str(conversation.pk), "q": words}).content.decode()
        assert "Broken lamp" in page
    page = bob.get(f"/conversations/merging/?ids={conversation.pk}&ids={other.pk}").content.decode()
    assert "different customers" in page
    assert "Nino Beridze gets a copy" in page


def test_messages_are_chosen_and_brought_elsewhere(cast: Cast, conversation: Conversation, bob: Client) -> None:
    second = receive(conversation, contact=cast.dace, text="And an invoice, please.")
    address = f"/conversations/{conversation.pk}/splitting/"
    assert "And an invoice" in bob.get(address).content.decode()
    refused = bob.post(address, {"where": "new", "subject": "Invoice"})
    assert refused.status_code == 422
    assert "Choose at least one message." in refused.content.decode()
    refused = bob.post(address, {"where": "there", "number": "x", "messages": second.pk})
    assert "Give the number" in refused.content.decode()
    assert f'value="{second.pk}" checked' in refused.content.decode()  # what was chosen stays chosen
    done = bob.post(address, {"where": "new", "subject": "Invoice", "messages": second.pk})
    new = Conversation.objects.latest("id")
    assert done.headers["Location"] == f"/conversations/{new.pk}/"
    assert (
        f"Bob split it off from conversation #{conversation.pk}"
        in bob.get(f"/conversations/{new.pk}/").content.decode()
    )
    third = receive(conversation, contact=cast.dace, text="The invoice again.")
    bob.post(address, {"where": "there", "number": f"#{new.pk}", "messages": third.pk})
    assert new.messages.count() == 2
    page = bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert f"Bob moved 1 message to conversation #{new.pk}" in page


def test_charlie_and_quinn_can_do_nothing(
    cast: Cast, conversation: Conversation, charlie: Client, quinn: Client
) -> None:
    other = asked(cast, "Second", "Hello?")
    [row] = merge(conversation, absorb=[other], by=cast.bob)
    pages = (f"/conversations/merging/?ids={conversation.pk}", f"/conversations/{conversation.pk}/splitting/")
    for client, refused in ((charlie, 404), (quinn, 403)):
        for page in pages:
            assert client.get(page).status_code == client.post(page, {"ids": conversation.pk}).status_code == refused
        assert client.post(f"/rearrangements/undoing/?ids={row.pk}").status_code == refused
    assert f"undoing/?ids={row.pk}" not in quinn.get(f"/conversations/{conversation.pk}/").content.decode()
    assert Rearrangement.objects.live().exists()


def test_what_the_pages_cost(
    cast: Cast, conversation: Conversation, bob: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = asked(cast, "Second", "Hello?")
    bob.get("/")
    pages = {
        f"/conversations/merging/?ids={conversation.pk}": 4,
        f"/conversations/merging/?ids={conversation.pk}&ids={other.pk}": 4,
        f"/conversations/{conversation.pk}/splitting/": 4,
    }
    for page, queries in pages.items():
        bob.get(page)
        with django_assert_num_queries(SIGNED_IN + queries):
            bob.get(page)
