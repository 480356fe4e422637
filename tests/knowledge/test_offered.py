"""Articles offered before asking: in the chat, beside the web form, and on a customer's own page."""

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.channels.form.links import entrance_url
from answerable.channels.form.models import Form
from answerable.knowledge.actions import withdraw
from tests.cast import Cast
from tests.channels.chat.browser import Browser, open_chat
from tests.knowledge.library import article, translated

pytestmark = pytest.mark.django_db


def offered(browser: Browser, text: str, status: int = 200) -> list[dict[str, str]]:
    answer = browser.post("articles/", known=False, text=text)
    assert answer.status_code == status
    found: list[dict[str, str]] = answer.json().get("articles", [])
    return found


def test_a_visitor_is_offered_what_fits(cast: Cast) -> None:
    row = article(cast, "Where is my parcel?")
    translated(cast, row, "lv", "Kur ir mana paka?")
    withdraw(article(cast, "Parcel withdrawn"), by=cast.ada)
    article(cast, "Parcel draft", published=False)
    article(cast, "Parcel internal", audience="staff")
    widget = open_chat(cast.support_inbox)
    url = f"{settings.SITE_URL}/help/{row.pk}/"
    english, latvian = Browser(widget), Browser(widget, language="lv")
    found = [{"title": "Where is my parcel?", "language": "en", "url": f"{url}?language=en"}]
    assert offered(english, "Hello, where is my parc") == found
    assert offered(latvian, "parcel") == [{"title": "Kur ir mana paka?", "language": "lv", "url": f"{url}?language=lv"}]
    for nothing in ("", "zz", "Good morning"):
        assert offered(english, nothing) == []


def test_at_most_three(cast: Cast) -> None:
    for number in range(5):
        article(cast, f"Parcel {number}")
    assert len(offered(Browser(open_chat(cast.support_inbox)), "parcel")) == 3


def test_only_pages_that_may_show_the_chat_are_answered(cast: Cast) -> None:
    article(cast, "Where is my parcel?")
    widget = open_chat(cast.support_inbox)
    offered(Browser(widget, origin="https://other.example"), "parcel", 403)
    assert Browser(widget).ask("articles/", known=False, text="parcel").status_code == 405
    offered(Browser(widget), "x" * 401, 422)


def test_it_costs_two_queries(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    article(cast, "Where is my parcel?")
    visitor = Browser(open_chat(cast.support_inbox))
    offered(visitor, "parcel")
    with django_assert_num_queries(2):  # which chat it is, and what fits
        offered(visitor, "parcel")


def test_the_form_looks_for_them(cast: Cast) -> None:
    Form.objects.create(inbox=cast.support_inbox, key="support")
    shown = Client().get("/forms/support/?language=lv").content.decode()
    assert 'data-offers="/help/offers/" data-language="lv"' in shown
    assert "/help/?language" not in shown, "nothing is written down yet"
    article(cast, "Where is my parcel?")
    assert 'href="/help/?language=lv"' in Client().get("/forms/support/?language=lv").content.decode()


def test_a_customers_own_page_shows_what_helped_most(cast: Cast) -> None:
    row = article(cast, "Where is my parcel?")
    translated(cast, row, "lv", "Kur ir mana paka?")
    article(cast, "For colleagues", audience="staff")
    dace = Client()
    dace.get(entrance_url(cast.dace))
    shown = dace.get("/requests/").content.decode()
    assert "Kur ir mana paka?" in shown, "in her language"
    assert "For colleagues" not in shown
