"""Customers' words on a promise: from people, few an hour, in their language, and never as markup."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from answerable.desk.actions.comment_answers import mail_comment_answer
from answerable.desk.models import Delivery, Message, Status
from answerable.events.models import Event
from answerable.policy.actions.publication import publish_promises, withdraw_promises
from answerable.policy.models import Comment, Version
from answerable.web import human
from answerable.web.human import QUICKEST, opened
from tests.cast import Cast
from tests.policy.test_pages import signed_in, version

__all__ = ["version"]
PAGE = "/promises/first-response/comments/"
MARKUP = "<script>alert(1)</script> & so on"


@pytest.fixture
def published(cast: Cast, version: Version) -> Cast:
    cache.clear()
    publish_promises(by=cast.ada)
    return cast


def words(text: str = MARKUP, *, at: datetime | None = None, **more: str) -> dict[str, str]:
    return {"text": text, "opened": opened(at or timezone.now() - timedelta(minutes=1)), "address": "", **more}


def test_a_customer_says_what_they_think(published: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(PAGE, {"language": "lv"})
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    data = words(address="dace@customer.example", csrfmiddlewaretoken=token[1])
    answer = client.post(f"{PAGE}?language=lv", data)
    assert answer.status_code == 302
    comment = Comment.objects.get()
    assert (comment.part, comment.key, comment.text) == ("standard", "first-response", MARKUP)
    assert (comment.language, comment.address) == ("lv", "dace@customer.example")
    assert (comment.by, comment.contact) == (None, None)  # nobody has checked whose address that is
    thanks = client.get(answer.headers["Location"])
    assert thanks.headers["Content-Language"] == "lv"
    assert "<textarea" not in thanks.text
    assert MARKUP not in signed_in(published.bob).get("/policy/comments/").text
    assert Client(enforce_csrf_checks=True).post(PAGE, words()).status_code == 403


@pytest.mark.parametrize(("address", "hint"), [("dace@customer.example", "sent to them by mail"), ("", "no address")])
def test_who_left_an_address_has_the_answer_by_mail_once(published: Cast, address: str, hint: str) -> None:
    Client().post(f"{PAGE}?language=lv", words("Pārāk ilgi.\nTiešām.", address=address))
    alice = signed_in(published.alice)
    assert hint in alice.get("/policy/comments/").text
    alice.post(
        f"/policy/comments/{Comment.objects.get().pk}/answer/", {f"answer-{Comment.objects.get().pk}-text": "Jā."}
    )
    event = Event.objects.get(verb="comment.answered")
    mail_comment_answer(event)
    mail_comment_answer(event)
    if not address:
        assert not Message.objects.exists()
        return
    message = Message.objects.get()
    assert (message.automatic, message.conversation.contact) == (True, published.dace)
    assert (message.conversation.status, message.conversation.language) == (Status.SOLVED, "lv")
    assert "> Pārāk ilgi.\n> Tiešām.\n\nJā.\n\nAlice" in message.text
    assert Delivery.objects.get().recipients == [address]
    assert "sent to them by mail" in alice.get("/policy/comments/").text


def test_what_fills_in_everything_is_thanked_and_not_kept(published: Cast) -> None:
    assert Client().post(PAGE, words(website="https://spam.example")).status_code == 302
    assert not Comment.objects.exists()


@pytest.mark.parametrize("waited", [timedelta(minutes=1), timedelta(days=2), -timedelta(hours=1)])
def test_who_is_too_quick_or_too_late_sends_it_again(
    published: Cast, waited: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(human, "QUICKEST", timedelta(minutes=30))  # however slow the machine is
    page = Client().post(PAGE, words("My own words.", at=timezone.now() - waited))
    assert page.status_code == 422
    assert "My own words." in page.text
    assert 'role="alert"' in page.text
    assert not Comment.objects.exists()


def test_nobody_else_says_when_the_page_was_opened(published: Cast) -> None:
    for sealed in ("", "made-up", opened(timezone.now())[:-3]):
        assert Client().post(PAGE, {**words(), "opened": sealed}).status_code == 422


def test_the_seventh_within_an_hour_waits_and_loses_nothing(published: Cast) -> None:
    client = Client()
    for number in range(6):
        assert client.post(PAGE, words(f"Number {number}")).status_code == 302
    page = client.post(PAGE, words("Number 6"))
    assert page.status_code == 429
    assert "Number 6" in page.text
    assert Comment.objects.count() == 6
    assert Client(REMOTE_ADDR="192.0.2.7").post(PAGE, words("Somebody else")).status_code == 302


@pytest.mark.parametrize("data", [{"text": ""}, {"text": "x" * 2001}, {"address": "not an address"}])
def test_mistakes_stand_beside_their_field(published: Cast, data: dict[str, str]) -> None:
    page = Client().post(PAGE, {**words(), **data})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == data.keys()


def test_there_is_nothing_to_say_to_what_is_not_promised_or_not_published(published: Cast) -> None:
    assert Client().get("/promises/no-such/comments/").status_code == 404
    withdraw_promises(by=published.ada)
    assert Client().get(PAGE).status_code == 404
    assert Client().post(PAGE, words()).status_code == 404


def test_a_person_needs_no_longer_than_a_few_seconds() -> None:
    assert timedelta(0) < QUICKEST <= timedelta(seconds=5)
