"""Beside a conversation: its pages."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from answerable.desk.actions.asides import open_aside
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.messages import add_note, receive
from answerable.desk.models import Conversation, Follower, Link, Notice, Status
from tests.cast import Cast
from tests.desk.views.stage import HTMX, asked

WORDS = {"to": "orla@carrier.example", "name": "Orla", "subject": "Parcel", "text": "Where is it?"}


def test_somebody_is_asked_and_written_to_again(cast: Cast, conversation: Conversation, bob: Client) -> None:
    address = f"/conversations/{conversation.pk}/asides/new/"
    assert conversation.subject in bob.get(address).content.decode()
    refused = bob.post(address, WORDS | {"to": "dace@customer.example"})
    assert (refused.status_code, "in this conversation already" in refused.content.decode()) == (422, True)
    assert bob.post(address, WORDS | {"on_hold": "1"}).status_code == 302
    aside = Conversation.objects.get(beside=conversation)
    conversation.refresh_from_db()
    assert conversation.status == Status.ON_HOLD
    page = bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "Bob asked Orla about it" in page
    assert "We wait for them" in page
    assert bob.get(f"/conversations/{aside.pk}/").headers["Location"].endswith(f"?aside={aside.pk}#aside-{aside.pk}")
    assert "Where is it?" in bob.get(f"/asides/{aside.pk}/", headers=HTMX).content.decode()
    assert "Write something first." in bob.post(f"/asides/{aside.pk}/messages/", headers=HTMX).content.decode()
    assert "And now?" in bob.post(f"/asides/{aside.pk}/messages/", {"text": "And now?"}, headers=HTMX).content.decode()
    assert "Done with them" not in bob.post(f"/asides/{aside.pk}/closure/", headers=HTMX).content.decode()


def test_the_head_of_a_thread_says_who_it_is_and_how_it_stands(
    cast: Cast, conversation: Conversation, bob: Client
) -> None:
    """Also where it was opened before, and by an address alone."""
    aside = open_aside(conversation, **(WORDS | {"name": ""}), by=cast.bob)
    there = f"/asides/{aside.pk}/"
    assert "<strong>orla@carrier.example</strong>" in bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "Write to orla@carrier.example" in bob.get(there, headers=HTMX).content.decode()
    place = f'id="aside-state-{aside.pk}" hx-swap-oob="true"'
    receive(aside, contact=aside.contact, text="In Riga.")
    answered = bob.get(there, headers=HTMX).content.decode()
    assert place in answered
    assert "Has answered" in answered
    closed = bob.post(f"{there}closure/", headers=HTMX).content.decode()
    assert place in closed
    assert "Closed" in closed


def test_nobody_else_comes_near(cast: Cast, conversation: Conversation, charlie: Client, quinn: Client) -> None:
    aside = open_aside(conversation, **WORDS, by=cast.bob)
    other = asked(cast, "Second", "Hello?")
    row = Link.objects.create(source=conversation, target=other, kind="related", by=cast.bob)
    gets = (
        f"/conversations/{conversation.pk}/asides/new/",
        f"/asides/{aside.pk}/",
        f"/conversations/{other.pk}/links/",
    )
    posts = (f"/asides/{aside.pk}/messages/", f"/asides/{aside.pk}/closure/", f"/links/{row.pk}/removal/")
    for page in gets:
        assert charlie.get(page).status_code == 404
    for page in (*posts, f"/conversations/{other.pk}/following/"):
        assert charlie.post(page, {"text": "x"}).status_code == 404
    for page in posts:
        assert quinn.post(page, {"text": "x"}).status_code == 403
    assert quinn.get(f"/asides/{aside.pk}/", headers=HTMX).status_code == 200


def test_links_stand_on_both_and_are_undone(cast: Cast, conversation: Conversation, bob: Client) -> None:
    other = asked(cast, "The outage", "Nothing works.")
    address = f"/conversations/{conversation.pk}/links/"
    assert bob.post(address, {"kind": "incident", "number": "999999"}).status_code == 422
    assert bob.post(address, {"kind": "incident", "number": f"#{other.pk}"}).status_code == 302
    assert "Incident of the problem" in bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "Problem behind the incident" not in bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "Problem behind the incident" in bob.get(f"/conversations/{other.pk}/").content.decode()
    assert "linked already" in bob.post(address, {"kind": "related", "number": other.pk}).content.decode()
    row = Link.objects.get()
    for standing in (False, True):
        gone = bob.post(f"/links/{row.pk}/removal/", {"here": "elsewhere"}, headers=HTMX)
        assert gone.headers["HX-Redirect"] == f"/conversations/{conversation.pk}/"
        assert Link.objects.of(conversation).exists() == standing


def test_who_takes_a_link_away_stays_where_they_are(cast: Cast, conversation: Conversation, bob: Client) -> None:
    other = asked(cast, "The outage", "Nothing works.")
    row = Link.objects.create(source=conversation, target=other, kind="related", by=cast.bob)
    there = f"/conversations/{other.pk}/"
    assert bob.post(f"/links/{row.pk}/removal/", {"here": other.pk}, headers=HTMX).headers["HX-Redirect"] == there
    undo = f"/links/{row.pk}/removal/?here={other.pk}"
    assert f'data-url="{undo}"' in bob.get(there).content.decode()
    assert bob.post(undo, headers=HTMX).headers["HX-Redirect"] == there


def test_followers_hear_of_what_is_written(cast: Cast, conversation: Conversation, alice: Client) -> None:
    alice.post(f"/conversations/{conversation.pk}/following/", {"to": "1"}, headers=HTMX)
    receive(conversation, contact=cast.dace, text="Hello?")
    assert Notice.objects.get(user=cast.alice).words == "Dace Ozola has written in what you follow"
    add_note(conversation, text="@bob@example.com look", by=cast.alice)
    assert set(Follower.objects.values_list("user", flat=True)) == {cast.alice.pk, cast.bob.pk}
    assert [one.kind for one in Notice.objects.filter(user=cast.bob)] == ["mention"]
    alice.post(f"/conversations/{conversation.pk}/following/", headers=HTMX)
    receive(conversation, contact=cast.dace, text="Hello??")
    assert Notice.objects.filter(user=cast.alice).count() == 1
    assert Notice.objects.filter(user=cast.bob, kind="message").exists()


def test_what_is_closed_is_followed_up(cast: Cast, conversation: Conversation, bob: Client) -> None:
    words = WORDS | {"inbox": cast.support_inbox.pk, "to": "dace@customer.example"}
    address = f"/conversations/new/?follows={conversation.pk}"
    assert "Only what is closed is followed up" in bob.post(address, words).content.decode()
    set_status(conversation, to=Status.CLOSED, by=cast.bob)
    page = bob.get(address).content.decode()
    assert 'value="dace@customer.example"' in page
    bob.post(address, words)
    new = Conversation.objects.get(follows=conversation)
    assert f"in conversation #{new.pk}" in bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert f"follows up on conversation #{conversation.pk}" in bob.get(f"/conversations/{new.pk}/").content.decode()


def test_what_stands_beside_costs_one_query_each(
    cast: Cast, conversation: Conversation, bob: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = f"/conversations/{conversation.pk}/"
    bob.get(page)
    with CaptureQueriesContext(connection) as alone:
        bob.get(page)
    cost = len(alone)
    for text in ("One", "Two"):
        open_aside(conversation, **(WORDS | {"text": text}), by=cast.bob)
    Link.objects.create(source=conversation, target=asked(cast, "Second", "Hello?"), kind="related", by=cast.bob)
    bob.get(page)
    with django_assert_num_queries(cost + 2):
        bob.get(page)
