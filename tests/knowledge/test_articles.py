"""Writing, publishing, withdrawing and finding articles, through their pages."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from answerable.events.models import Event
from answerable.knowledge.actions import place_article, publish, withdraw
from answerable.knowledge.models import Article, Section, Translation, Version
from answerable.people.models import User
from tests.cast import Cast
from tests.knowledge.library import article, section, translated

pytestmark = pytest.mark.django_db
WORDS = {"title": "How do I return a book?", "text": "Write to us.", "html": "<p>Write <b>to us</b>.</p>"}


def at(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_an_empty_base_says_what_it_is_for(cast: Cast) -> None:
    shown = page(at(cast.bob), "/knowledge/")
    assert "No article yet" in shown
    assert 'href="/knowledge/new/"' in shown
    assert 'href="/knowledge/new/"' not in page(at(cast.quinn), "/knowledge/"), "an analyst only reads"


def test_an_agent_writes_and_a_lead_publishes(cast: Cast) -> None:
    bob, alice = at(cast.bob), at(cast.alice)
    sent = {**WORDS, "first_section": "Returns", "audience": "customers", "language": "en"}
    made = bob.post("/knowledge/new/", sent)
    row = Article.objects.get()
    assert made.headers["Location"] == f"/knowledge/{row.pk}/"
    assert (row.section.name, row.state) == ("Returns", "draft")
    assert "<b>to us</b>" in page(bob, f"/knowledge/{row.pk}/")
    page(at(cast.quinn), f"/knowledge/{row.pk}/", 404)

    assert bob.post(f"/knowledge/{row.pk}/en/publication/").status_code == 403
    assert alice.post(f"/knowledge/{row.pk}/en/publication/").status_code == 302
    assert "<b>to us</b>" in page(at(cast.quinn), f"/knowledge/{row.pk}/")
    assert list(Event.objects.filter(subject=f"article-{row.pk}").order_by("id").values_list("verb", flat=True)) == [
        "article.begun",
        "article.published",
    ]


def test_readers_keep_the_published_words_until_the_next_are_published(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    at(cast.bob).post(f"/knowledge/{row.pk}/en/", {"title": "Returns", "text": "Within 30 days.", "seen": 1})
    assert "Within 30 days" in page(at(cast.bob), f"/knowledge/{row.pk}/")
    assert "Within 14 days" in page(at(cast.quinn), f"/knowledge/{row.pk}/")
    at(cast.alice).post(f"/knowledge/{row.pk}/en/publication/")
    assert "Within 30 days" in page(at(cast.quinn), f"/knowledge/{row.pk}/")


def test_what_is_formatted_is_made_harmless(cast: Cast) -> None:
    row = article(cast, "Returns")
    hostile = '<p onclick="x()">A<script>alert(1)</script> <a href="javascript:x()">b</a><img src="/x"></p>'
    at(cast.bob).post(f"/knowledge/{row.pk}/en/", {"title": "<b>T</b>", "text": "A b", "html": hostile, "seen": 1})
    latest = Version.objects.filter(translation__article=row).first()
    assert latest is not None
    assert latest.html == "<p>A <a>b</a></p>"
    assert "&lt;b&gt;T&lt;/b&gt;" in page(at(cast.bob), f"/knowledge/{row.pk}/")


@pytest.mark.parametrize("wrong", [{"title": ""}, {"text": " ", "html": ""}, {"html": "<p></p>"}, {"title": "x" * 201}])
def test_an_article_needs_a_title_and_a_text(cast: Cast, wrong: dict[str, str]) -> None:
    row = article(cast, "Returns")
    answer = at(cast.bob).post(f"/knowledge/{row.pk}/en/", {**WORDS, "seen": 1, **wrong})
    assert answer.status_code == 422
    assert Version.objects.count() == 1


def test_a_stale_save_is_refused_with_what_came_in_between(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.\n\nAt our cost.")
    address = f"/knowledge/{row.pk}/en/"
    at(cast.alice).post(address, {"title": "Returns", "text": "Within 30 days.\n\nAt our cost.", "seen": 1})
    late = {"title": "Returns", "text": "Within 14 days, used or not.", "seen": 1}
    answer = at(cast.bob).post(address, late)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Alice changed this article while you were writing." in shown
    assert "<del>14</del><ins>30</ins>" in shown
    assert "Within 14 days, used or not." in shown, "nothing of Bob's is lost"
    assert 'name="seen" value="2"' in shown
    assert Version.objects.count() == 2
    assert at(cast.bob).post(address, {**late, "seen": 2}).status_code == 302
    assert Version.objects.filter(number=3, by=cast.bob).exists()


def test_an_earlier_wording_can_be_taken_back(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    translated(cast, row, "en", "Returns", "Never.", published=False)
    history = f"/knowledge/{row.pk}/en/versions/"
    shown = page(at(cast.bob), history)
    assert "<del>Within 14 days</del><ins>Never</ins>" in shown
    assert "Take version 1 back" in page(at(cast.bob), f"{history}?version=1")
    assert at(cast.bob).post(f"{history}1/restoration/").status_code == 302
    third = Version.objects.get(number=3)
    assert (third.text, third.by) == ("Within 14 days.", cast.bob)
    for wrong in ("?version=9", "?version=x", "?before=99999999999"):
        page(at(cast.bob), history + wrong, 404)


def test_it_is_translated_beside_the_original(cast: Cast) -> None:
    row = article(cast, "Returns", "Within 14 days.")
    shown = page(at(cast.bob), f"/knowledge/{row.pk}/lv/")
    assert "Within 14 days." in shown
    at(cast.bob).post(f"/knowledge/{row.pk}/lv/", {"title": "Atgriešana", "text": "14 dienu laikā.", "seen": 0})
    assert "14 dienu laikā." in page(at(cast.bob), f"/knowledge/{row.pk}/?language=lv")
    assert Translation.objects.get(article=row, language="lv").published is None
    assert "14 dienu" not in page(at(cast.quinn), f"/knowledge/{row.pk}/?language=lv"), "not published yet"
    page(at(cast.bob), f"/knowledge/{row.pk}/xx/", 404)


def test_withdrawn_it_is_seen_by_writers_only(cast: Cast) -> None:
    row = article(cast, "Returns")
    assert at(cast.bob).post(f"/knowledge/{row.pk}/withdrawal/").status_code == 403
    assert at(cast.alice).post(f"/knowledge/{row.pk}/withdrawal/").status_code == 302
    page(at(cast.quinn), f"/knowledge/{row.pk}/", 404)
    assert "Withdrawn" in page(at(cast.bob), f"/knowledge/{row.pk}/")
    at(cast.alice).post(f"/knowledge/{row.pk}/en/publication/")
    row.refresh_from_db()
    assert row.state == "published"


def test_only_who_publishes_moves_what_readers_see(cast: Cast) -> None:
    row = article(cast, "Passwords", audience="staff")
    sent = {"section": row.section_id, "audience": "customers"}
    assert at(cast.bob).post(f"/knowledge/{row.pk}/placement/", sent).status_code == 403
    assert at(cast.alice).post(f"/knowledge/{row.pk}/placement/", sent).status_code == 302
    row.refresh_from_db()
    assert row.is_for_customers
    draft = article(cast, "Draft", published=False)
    assert at(cast.bob).post(f"/knowledge/{draft.pk}/placement/", {**sent, "audience": "staff"}).status_code == 302


def test_analysts_read_and_write_nothing(cast: Cast) -> None:
    row = article(cast, "Returns")
    client = at(cast.quinn)
    for address in (f"/knowledge/{row.pk}/en/", f"/knowledge/{row.pk}/en/versions/", "/knowledge/new/"):
        page(client, address, 403)
    for address in (f"{row.pk}/en/", f"{row.pk}/en/versions/1/restoration/", "new/", "sections/new/"):
        assert client.post(f"/knowledge/{address}", {**WORDS, "seen": 1}).status_code == 403
    with pytest.raises(PermissionDenied):
        publish(row, language="en", by=cast.quinn)
    with pytest.raises(PermissionDenied):
        withdraw(row, by=cast.quinn)
    with pytest.raises(PermissionDenied):
        place_article(row, section=row.section, audience="staff", by=cast.quinn)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=returning", {"Returns"}),
        ("q=refund+missing", set()),
        ("q=%2B", set()),
        ("state=draft", {"Gift cards"}),
        ("state=published&audience=staff", {"Passwords"}),
        ("language=lv", {"Returns"}),
        ("state=nonsense", {"Returns", "Passwords", "Gift cards"}),
        ("q=grāmatas", {"Returns"}),
    ],
)
def test_articles_are_found(cast: Cast, asked: str, found: set[str]) -> None:
    row = article(cast, "Returns", "How to return what you bought.")
    translated(cast, row, "lv", "Atgriešana", "Kā atgriezt grāmatu.")
    article(cast, "Passwords", "For colleagues.", audience="staff")
    article(cast, "Gift cards", "Refund of a card.", published=False)
    shown = page(at(cast.bob), f"/knowledge/?{asked}")
    assert {title for title in ("Returns", "Passwords", "Gift cards") if f">{title}</a>" in shown} == found


def test_the_list_costs_as_much_with_many(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        translated(cast, article(cast, f"Article {number}"), "lv", f"Raksts {number}")
    client = at(cast.bob)
    client.get("/knowledge/")
    queries = _counted(client, "/knowledge/?q=article")
    with django_assert_num_queries(queries):
        for_three = client.get("/knowledge/?q=article")
    assert for_three.content.decode().count("<tr>") == 4
    for number in range(60):
        article(cast, f"Article more {number}")
    with django_assert_num_queries(queries):
        many = client.get("/knowledge/?q=article")
    assert many.content.decode().count("<tr>") == 51
    assert "cursor=" in many.content.decode()


def _counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_sections_are_arranged_by_leads(cast: Cast) -> None:
    first, second = section(cast, "Delivery"), section(cast, "Payment")
    alice, bob = at(cast.alice), at(cast.bob)
    assert bob.post(f"/knowledge/sections/{second.pk}/place/").status_code == 403
    alice.post(f"/knowledge/sections/{second.pk}/place/")
    assert list(Section.objects.current()) == [second, first]
    listed = page(alice, "/knowledge/sections/")
    assert listed.index("Payment") < listed.index("Delivery")
    named: dict[str, Any] = {"name": "Paying", "name_lv": "Maksāšana", "name_ka": "", "name_kk": ""}
    alice.post(f"/knowledge/sections/{second.pk}/", named)
    second.refresh_from_db()
    assert (second.name, second.name_in("lv"), second.name_in("ka")) == ("Paying", "Maksāšana", "Paying")
    assert alice.post("/knowledge/sections/new/", {"name": "Paying"}).status_code == 422
    article(cast, "Where is it?", about="Delivery")
    alice.post(f"/knowledge/sections/{first.pk}/retirement/")
    alice.post(f"/knowledge/sections/{second.pk}/retirement/")
    assert list(Section.objects.current()) == [first], "one with articles stays"
    assert "Where is it?" in page(bob, f"/knowledge/?section={first.pk}")
