"""The help centre, as customers read it: without signing in, in their language, and nothing that is not for them."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.channels.form.models import Form
from answerable.events.models import Event
from answerable.knowledge.actions import withdraw, write_section
from answerable.knowledge.find import MANY, fitting
from answerable.knowledge.models import Article, Judgement, Translation, Version
from answerable.knowledge.pace import MOST, Pace
from answerable.web.search import words_of
from tests.cast import Cast
from tests.knowledge.library import article, section, translated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def page(address: str, status: int = 200, client: Client | None = None) -> str:
    response = (client or Client()).get(address)
    assert response.status_code == status, address
    return response.content.decode()


def offers(text: str, client: Client | None = None) -> str:
    response = (client or Client()).post("/help/offers/", {"text": text, "language": "en"})
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def hidden(cast: Cast) -> list[Article]:
    """What no customer may ever read, all of it about refunds."""
    withdrawn = article(cast, "Refund withdrawn")
    withdraw(withdrawn, by=cast.ada)
    draft = article(cast, "Refund draft", published=False)
    return [withdrawn, draft, article(cast, "Refund internal", audience="staff")]


def test_only_what_is_published_for_customers_is_shown(cast: Cast, hidden: list[Article]) -> None:
    shown = article(cast, "Refund of a gift card", "Seen by all.")
    translated(cast, shown, "en", "Refund secret", "Not yet.", published=False)
    places = ("/help/", "/help/?q=refund", f"/help/sections/{shown.section_id}/", f"/help/{shown.pk}/")
    for text in (*map(page, places), offers("refund")):
        assert "Refund of a gift card" in text
        for secret in ("withdrawn", "draft", "internal", "secret", "Not yet"):
            assert f"Refund {secret}" not in text
    for row in hidden:
        page(f"/help/{row.pk}/", 404)
        assert Client().post(f"/help/{row.pk}/judgement/", {"helped": "yes"}).status_code == 404
    assert not Judgement.objects.exists()
    hushed = article(cast, "For colleagues", audience="staff", about="Lawsuits").section
    assert "Lawsuits" not in page(f"/help/sections/{hushed.pk}/", 404)
    assert "Lawsuits" not in page("/help/")


def test_an_empty_one_sends_to_the_form(cast: Cast) -> None:
    Form.objects.create(inbox=cast.support_inbox, key="support")
    shown = page("/help/?language=en")
    assert "Nothing is written down yet" in shown
    assert 'href="/forms/support/?language=en"' in shown
    Form.objects.create(inbox=cast.sales_inbox, key="sales", title="Sales")
    assert 'href="/forms/?language=en"' in page("/help/?language=en")
    listed = page("/forms/")
    assert "/forms/support/?language=en" in listed
    assert "Sales" in listed


def test_a_reader_gets_their_language_or_is_told_which(cast: Cast) -> None:
    row = article(cast, "Where is my parcel?", "Look at the number.")
    translated(cast, row, "lv", "Kur ir mana paka?", "Skatiet numuru.")
    write_section(row.section, name="Delivery", names={"lv": "Piegāde", "ka": "მიწოდება"}, by=cast.ada)
    latvian = page(f"/help/{row.pk}/?language=lv")
    assert "Kur ir mana paka?" in latvian
    assert "Piegāde" in latvian
    georgian = page(f"/help/{row.pk}/?language=ka")
    assert "Where is my parcel?" in georgian
    assert 'lang="en"' in georgian
    assert "notice" in georgian, "it is said that it is in another language"
    assert "notice" not in latvian
    assert "მიწოდება" in page("/help/?language=ka")


@pytest.mark.parametrize(
    ("question", "language", "first"),
    [
        ("Hello, where is the parcel I ordered on Monday please?", "en", "Where is my parcel?"),
        ("can i get a refund", "en", "Refunds"),
        ("kur ir paka", "en", "Where is my parcel?"),
        ("parcel", "lv", "Kur ir mana paka?"),
        ("paku", "lv", "Kur ir mana paka?"),
        ("I want my money back", "en", "Refunds"),
        ("good morning to you", "en", None),
        ("opening hours of the office", "en", None),
        ("", "en", None),
        ("'); DROP TABLE x; -- \\ & | ! :* <->", "en", None),
    ],
)
def test_questions_find_their_article(cast: Cast, question: str, language: str, first: str | None) -> None:
    parcel = article(cast, "Where is my parcel?", "Parcels we sent have a number.")
    translated(cast, parcel, "lv", "Kur ir mana paka?", "Nosūtītām pakām ir numurs.")
    article(cast, "Refunds", "You get your money back within 14 days, as you paid.")
    article(cast, "Gift cards", "A gift card is valid for two years. Parcels may hold one.")
    found = fitting(question, language=language)
    assert (found[0].title if found else None) == first


def test_what_fits_much_less_than_the_best_is_not_offered(cast: Cast) -> None:
    article(cast, "Where is my parcel?", "Each has a number.")
    article(cast, "Gift cards", "A parcel may hold one; its number stands in the mail.")
    question = "where is my parcel number"
    assert [one.title for one in fitting(question, language="en")] == ["Where is my parcel?", "Gift cards"]
    assert "Gift cards" not in offers(question)


def test_a_word_of_very_many_counts_in_titles_only(cast: Cast) -> None:
    first = article(cast, "How to care for a book", "Keep it dry.")
    version = first.translations.get().published
    assert version is not None
    facts = {"section": first.section, "language": "en", "published_at": first.published_at}
    articles = Article.objects.bulk_create(Article(**facts) for _number in range(MANY))
    rows = Translation.objects.bulk_create(Translation(article=one, language="en") for one in articles)
    words = {"title": "Else", "titled": words_of("Else"), "vector": words_of("A book is a book")}
    made = Version.objects.bulk_create(Version(translation=row, number=1, **words) for row in rows)
    for row, its in zip(rows, made, strict=True):
        row.published = its
    Translation.objects.bulk_update(rows, ["published"])
    assert [one.title for one in fitting("book", language="en")] == ["How to care for a book"]


def test_the_example_of_the_howto(cast: Cast) -> None:
    article(cast, "Where is my parcel?", "Each has a number.")
    article(cast, "Gift cards", "A parcel may hold one.")
    article(cast, "Refunds", "Within three days.")
    assert [one.title for one in fitting("where is my parcel number", language="en")] == ["Where is my parcel?"]


def test_while_typing_the_last_word_may_be_unfinished(cast: Cast) -> None:
    article(cast, "Refunds")
    assert "Refunds" in offers("how about refu")
    for nothing in ("", "re", "zzz", "\0", "refu and"):
        assert offers(nothing).strip() == "", nothing


def test_offers_cost_one_query_at_most(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    article(cast, "Refunds")
    client = Client()
    offers("refunds", client)
    with django_assert_num_queries(1):
        offers("refunds", client)
    with django_assert_num_queries(0):
        offers("re", client)


def test_who_asks_faster_than_people_type_is_offered_nothing(cast: Cast) -> None:
    article(cast, "Refunds")
    client = Client(REMOTE_ADDR="203.0.113.7")
    shown = ["Refunds" in offers("refunds", client) for _again in range(MOST + 2)]
    assert shown == [True] * MOST + [False] * 2
    assert "Refunds" in offers("refunds", Client(REMOTE_ADDR="203.0.113.8"))


def test_a_pace_begins_anew_and_forgets() -> None:
    pace = Pace(most=2, window=60)
    assert [pace.allows("a", at) for at in (0, 1, 2, 59, 60, 61, 62)] == [True, True, False, False, True, True, False]


def test_a_reader_counts_once_and_may_change_their_mind(cast: Cast) -> None:
    row = article(cast, "Refunds")
    address, reader = f"/help/{row.pk}/judgement/?language=en", Client()
    answer = reader.post(address, {"helped": "yes"})
    assert answer.headers["Location"] == f"/help/{row.pk}/?language=en#helped"
    cookie = answer.cookies["reader"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/help/", "Lax")
    reader.post(address, {"helped": "yes"})
    row.refresh_from_db()
    assert (row.helped, row.failed) == (1, 0)
    assert "Thank you" in page(f"/help/{row.pk}/?language=en", client=reader)
    reader.post(address, {"helped": "no"})
    Client().post(address, {"helped": "no"})
    row.refresh_from_db()
    assert (row.helped, row.failed) == (0, 2)
    assert Event.objects.filter(verb="article.judged").count() == 3
    assert Client().post(address, {"helped": "perhaps"}).status_code == 422
    forged = Client()
    forged.cookies["reader"] = "00000000-0000-0000-0000-000000000000"
    assert "Did this help?" in page(f"/help/{row.pk}/?language=en", client=forged)


def test_judging_asks_for_its_token_and_has_an_end(cast: Cast) -> None:
    row = article(cast, "Refunds")
    address = f"/help/{row.pk}/judgement/"
    assert Client(enforce_csrf_checks=True).post(address, {"helped": "yes"}).status_code == 403
    most = int(settings.ACCOUNT_RATE_LIMITS["judgement"].partition("/")[0])
    answers = [Client(REMOTE_ADDR="203.0.113.9").post(address, {"helped": "yes"}).status_code for _ in range(most + 1)]
    assert answers == [302] * most + [429]
    row.refresh_from_db()
    assert row.helped == most


def test_pages_cost_as_much_with_many(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    section(cast, "Payment")
    for number in range(60):
        row = article(cast, f"Article {number}", about="Payment" if number % 2 else "Delivery")
    client = Client()
    client.get("/help/")  # what is asked once a process
    with django_assert_num_queries(5):  # the articles, their words, the form, the promises, the company
        assert page("/help/?language=en", client=client).count("/help/sections/") == 2
    with django_assert_num_queries(5):
        assert "cursor=" not in page(f"/help/sections/{row.section_id}/?language=en", client=client)
    with django_assert_num_queries(5):
        page(f"/help/{row.pk}/?language=en", client=client)
    with django_assert_num_queries(4):
        page("/help/?q=article&language=en", client=client)


def test_words_cannot_break_the_page(cast: Cast) -> None:
    row = article(cast, "<script>alert(1)</script>", "Said <b>so</b>")
    for address in ("", f"{row.pk}/", "?q=%3Cscript%3E", "?q=%00&x=1"):
        assert "<script>alert" not in page(f"/help/{address}")
