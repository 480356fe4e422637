"""Routing on the pages: what is offered, why, by which rule, and one's own next."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.desk.models import Conversation, Offer, TeamRouting
from answerable.desk.router import route_due
from answerable.events.models import Event
from answerable.people.models import Attendance, LanguageSpoken
from tests.cast import Cast
from tests.desk.test_routing import automatic
from tests.desk.views.stage import HTMX

RULE = {"most_live": "2", "most_written": "7", "overflow_to": "", "overflow_minutes": "", "revision": ""}
SIGNED_IN = 2


@pytest.fixture
def offer(cast: Cast, conversation: Conversation) -> Offer:
    """The conversation offered to Bob, who is there."""
    automatic(cast.support)
    LanguageSpoken.objects.create(user=cast.bob, language="lv", level=2)
    now = timezone.now()
    Attendance.objects.create(user=cast.bob, state="online", cause="active", connected_at=now, active_at=now)
    route_due()
    return Offer.objects.get(user=cast.bob)


def test_what_is_offered_stands_on_the_page_and_is_taken(
    cast: Cast, bob: Client, alice: Client, charlie: Client, offer: Offer
) -> None:
    inbox = bob.get("/inbox/").content.decode()
    assert 'hx-trigger="load, changed"' in inbox
    assert f'data-live="user-{cast.bob.pk}" data-passing' in inbox  # what is offered while the page comes is seen, too
    assert "Where is my order?" in bob.get("/offers/", headers=HTMX).content.decode()
    for other in (alice, charlie):
        assert "Where is my order?" not in other.get("/offers/", headers=HTMX).content.decode()
        assert other.post(f"/offers/{offer.pk}/taking/").status_code == 404
        assert other.post(f"/offers/{offer.pk}/passing/").status_code == 404
    taken = bob.post(f"/offers/{offer.pk}/taking/")
    assert taken["Location"] == f"/conversations/{offer.conversation_id}/"
    assert Conversation.objects.get().assignee == cast.bob
    assert "Where is my order?" not in bob.get("/offers/", headers=HTMX).content.decode()


def test_passed_on_and_explained(cast: Cast, bob: Client, alice: Client, charlie: Client, offer: Offer) -> None:
    bob.post(f"/offers/{offer.pk}/passing/", headers=HTMX)
    page = alice.get(f"/conversations/{offer.conversation_id}/routing/")
    words = page.content.decode()
    assert "Offered to Bob" in words
    assert "Passed on" in words
    assert "let it pass a moment before" in words, "why nobody has it now"
    assert "Needed: language: Latvian." in words
    assert "Bob let it go to the next" in alice.get(f"/conversations/{offer.conversation_id}/").content.decode()
    assert charlie.get(f"/conversations/{offer.conversation_id}/routing/").status_code == 404


def test_the_rule_is_kept_on_the_teams_page(cast: Cast, alice: Client, bob: Client, charlie: Client) -> None:
    address = f"/settings/teams/{cast.support.pk}/routing/"
    page = alice.get(address)
    revision = page.context["form"].initial["revision"]
    given = RULE | {"is_automatic": "on", "overflow_to": str(cast.sales.pk), "overflow_minutes": "15"}
    assert alice.post(address, given | {"overflow_minutes": ""}).status_code == 422
    assert alice.post(address, given | {"revision": revision}).status_code == 302
    row = TeamRouting.objects.get(team=cast.support)
    assert (row.automatic_since is not None, row.most_written, row.overflow_to) == (True, 7, cast.sales)
    assert Event.objects.get(verb="team.routing_changed").actor == cast.alice
    late = alice.post(address, RULE | {"most_written": "9", "revision": revision})
    assert late.status_code == 409
    assert "Now: 7" in late.content.decode()
    assert 'value="9"' in late.content.decode(), "what was typed is kept"
    assert bob.get(address).status_code == 200, "read by the team"
    assert 'name="most_live"' not in bob.get(address).content.decode()
    assert bob.post(address, RULE).status_code == 403
    assert charlie.get(address).status_code == 404
    assert "Routing" in alice.get(f"/settings/teams/{cast.support.pk}/").content.decode()


def test_next_opens_what_is_most_urgent(cast: Cast, alice: Client, charlie: Client, conversation: Conversation) -> None:
    LanguageSpoken.objects.create(user=cast.alice, language="lv", level=3)
    refused = charlie.post("/conversations/next/", headers=HTMX)
    assert refused.status_code == 422
    assert "Nothing waits that you could do" in refused["HX-Trigger"]
    opened = alice.post("/conversations/next/", headers=HTMX)
    assert opened["HX-Redirect"] == f"/conversations/{conversation.pk}/"
    assert Conversation.objects.get().assignee == cast.alice


def test_how_long_it_takes_is_said(
    cast: Cast, alice: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    for minutes in range(10, 110, 10):
        Conversation.objects.create(
            inbox=cast.support_inbox,
            channel="email",
            team=cast.support,
            contact=cast.dace,
            status="pending",
            created_at=now - timedelta(minutes=minutes + 5),
            last_message_at=now - timedelta(minutes=minutes),
            first_answered_at=now - timedelta(minutes=minutes),
        )
    address = f"/settings/teams/{cast.support.pk}/routing/"
    alice.get(address)
    with django_assert_num_queries(SIGNED_IN + 13):
        words = alice.get(address).content.decode()
    assert "is answered in about 5\N{NO-BREAK SPACE}min" in words
    assert "would have been told to 7 customers" in words
