"""Articles at hand while somebody answers."""

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.people.models import User
from tests.cast import Cast
from tests.desk.views.stage import asked
from tests.knowledge.library import article, translated

pytestmark = pytest.mark.django_db


def at(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def beside(client: Client, pk: int, asking: str = "", status: int = 200) -> str:
    response = client.get(f"/conversations/{pk}/articles/{asking}", headers={"HX-Request": "true"})
    assert response.status_code == status
    return response.content.decode()


def test_what_fits_the_subject_is_at_hand(cast: Cast) -> None:
    row = article(cast, "Where is my order?", "It has a number.")
    translated(cast, row, "lv", "Kur ir mans pasūtījums?", "Tam ir numurs.")
    internal = article(cast, "Lost orders", "Send it again.", audience="staff")
    article(cast, "Orders to be written", published=False)
    found = asked(cast, "Where is my order?", "I ordered on Monday.")
    shown = beside(at(cast.bob), found.pk)
    link = f"{settings.SITE_URL}/help/{row.pk}/?language="
    assert f'data-insert="Where is my order?\n{link}en"' in shown or f"pasūtījums?\n{link}lv" in shown
    assert "to be written" not in shown
    shown = beside(at(cast.bob), found.pk, "?q=lost+ord")
    assert "Lost orders" in shown
    assert f"/help/{internal.pk}/" not in shown, "no customer could read it"
    assert "Send it again." in shown
    assert 'data-insert="Send it again."' not in shown


def test_a_customer_gets_their_language(cast: Cast) -> None:
    row = article(cast, "Where is my order?", "It has a number.")
    translated(cast, row, "lv", "Kur ir mans pasūtījums?", "Tam ir numurs.")
    found = asked(cast, "Where is my order?", "I ordered on Monday.")
    type(found).objects.filter(pk=found.pk).update(language="lv")
    shown = beside(at(cast.bob), found.pk)
    assert f"Kur ir mans pasūtījums?\n{settings.SITE_URL}/help/{row.pk}/?language=lv" in shown
    assert 'data-insert="Tam ir numurs."' in shown


def test_only_who_may_answer_is_offered_any(cast: Cast) -> None:
    article(cast, "Where is my order?")
    found = asked(cast, "Where is my order?", "I ordered on Monday.")
    beside(at(cast.charlie), found.pk, status=404)
    beside(at(cast.quinn), found.pk, status=403)
    assert "No article fits this conversation" in beside(at(cast.bob), asked(cast, "zzz", "zzz").pk)
    assert "No article fits these words" in beside(at(cast.bob), found.pk, "?q=zzz%00")


def test_it_costs_the_conversation_nothing(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    article(cast, "Where is my order?")
    found = asked(cast, "Where is my order?", "I ordered on Monday.")
    bob = at(cast.bob)
    page = bob.get(f"/conversations/{found.pk}/").content.decode()
    assert f'hx-get="/conversations/{found.pk}/articles/"' in page, "fetched when it is asked for"
    assert "/help/" not in page
    beside(bob, found.pk)
    with django_assert_num_queries(4):  # the session, who asks, the conversation, what fits
        beside(bob, found.pk)
