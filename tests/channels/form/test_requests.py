"""A customer's page: entered by a mailed link, it shows what went between them and us, and nobody else's."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.channels.form import links
from answerable.channels.form.jobs import mail_entrance
from answerable.channels.form.links import entrance_url
from answerable.customers.actions.merging import merge
from answerable.customers.models import Contact
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.messages import add_note, reply
from answerable.desk.actions.spam import mark_spam
from answerable.desk.models import Attachment, Conversation, Delivery, Message
from answerable.web.human import opened
from tests.cast import Cast
from tests.desk.views.stage import asked


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    cache.clear()
    return asked(cast, "Where is my order?", "I ordered on Monday.")


def entered(contact: Contact) -> Client:
    client = Client()
    answer = client.get(entrance_url(contact).removeprefix("http://localhost:8000"))
    assert answer.status_code == 302
    return client


def test_it_shows_what_was_sent_and_nothing_of_ours(cast: Cast, conversation: Conversation) -> None:
    left = reply(conversation, text="It is on its way.", by=cast.bob, seen_event=None, anyway=True)
    Delivery.objects.filter(message=left).update(state=Delivery.State.SENT)
    reply(conversation, text="One more thing.", by=cast.bob, seen_event=None, anyway=True)  # may be taken back yet
    add_note(conversation, text="She is always in a hurry.", by=cast.bob)
    client = entered(cast.dace)
    listed = client.get("/requests/").text
    assert "Where is my order?" in listed
    page = client.get(f"/requests/{conversation.pk}/")
    assert page.headers["Content-Language"] == "lv"
    assert "I ordered on Monday." in page.text
    assert "It is on its way." in page.text
    assert "One more thing." not in page.text
    assert "in a hurry" not in page.text


def test_nobody_sees_anothers(cast: Cast, conversation: Conversation) -> None:
    nino = entered(cast.nino)
    assert "Where is my order?" not in nino.get("/requests/").text
    assert nino.get(f"/requests/{conversation.pk}/").status_code == 404
    assert nino.post(f"/requests/{conversation.pk}/", {"text": "Mine!"}).status_code == 404
    for address in ("/requests/", f"/requests/{conversation.pk}/", "/requests/files/1/"):
        answer = Client().get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/requests/entrance/")
    forged = Client()
    forged.cookies[links.COOKIE] = str(cast.dace.pk)
    assert forged.get("/requests/").status_code == 302
    staff = Client()
    staff.force_login(cast.ada)
    assert staff.get("/requests/").status_code == 302


def test_files_go_to_their_own_customer_only(cast: Cast, conversation: Conversation) -> None:
    client = entered(cast.dace)
    file = SimpleUploadedFile("photo.png", b"\x89PNG", content_type="image/png")
    assert client.post(f"/requests/{conversation.pk}/", {"text": "Look:", "attachments": [file]}).status_code == 302
    kept = Attachment.objects.get()
    refused = client.post(f"/requests/{conversation.pk}/", {"text": " ", "attachments": [file]})
    assert "Izvēlieties failus vēlreiz" in refused.text
    answer = client.get(f"/requests/files/{kept.pk}/")
    assert (answer.content, answer.headers["Content-Type"]) == (b"\x89PNG", "application/octet-stream")
    assert entered(cast.nino).get(f"/requests/files/{kept.pk}/").status_code == 404
    note = add_note(conversation, text="See the file.", by=cast.bob)
    Attachment.objects.filter(pk=kept.pk).update(message=note)
    assert client.get(f"/requests/files/{kept.pk}/").status_code == 404


def test_what_is_added_reopens_it_and_after_closing_begins_another(cast: Cast, conversation: Conversation) -> None:
    client = entered(cast.dace)
    set_status(conversation, to="solved", by=cast.bob)
    assert client.post(f"/requests/{conversation.pk}/", {"text": "It has not come."}).status_code == 302
    conversation.refresh_from_db()
    assert (conversation.status, conversation.reopen_count) == ("open", 1)
    set_status(conversation, to="closed", by=cast.bob)
    answer = client.post(f"/requests/{conversation.pk}/", {"text": "Again."})
    follow_up = Conversation.objects.get(follows=conversation)
    assert answer.headers["Location"] == f"/requests/{follow_up.pk}/"
    assert client.post(f"/requests/{follow_up.pk}/", {"text": " "}).status_code == 422
    mark_spam(follow_up, by=cast.bob)
    assert client.get(f"/requests/{follow_up.pk}/").status_code == 404
    assert Message.objects.filter(text=" ").count() == 0


def test_a_link_is_mailed_to_whom_we_know_and_nothing_is_said_of_whom_we_do_not(cast: Cast) -> None:
    cache.clear()
    said = []
    for address in ("dace@customer.example", "nobody@customer.example"):
        given = {"address": address, "opened": opened(timezone.now() - timedelta(minutes=1))}
        answer = Client().post("/requests/entrance/?language=en", given)
        said.append((answer.status_code, answer.headers["Location"]))
        mail_entrance(address=address, language="en")
    assert said[0] == said[1]
    [letter] = mail.outbox
    assert (letter.to, letter.from_email) == (["dace@customer.example"], "Example Ltd <answerable@localhost>")
    link = next(word for word in letter.body.split() if "/requests/entrance/" in word)
    client = Client()
    assert client.get(link.removeprefix("http://localhost:8000")).headers["Location"] == "/requests/"
    assert client.get("/requests/").status_code == 200
    client.post("/requests/leaving/")
    assert client.get("/requests/").status_code == 302


def test_a_link_that_is_too_old_or_cut(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    address = entrance_url(cast.dace).removeprefix("http://localhost:8000")
    assert Client().get(address[:-3] + "/").status_code == 404
    monkeypatch.setattr(links, "GOOD_FOR", timedelta(seconds=-1))
    assert Client().get(address).status_code == 410


def test_who_was_found_to_be_somebody_else_sees_all_of_theirs(cast: Cast, conversation: Conversation) -> None:
    client = entered(cast.nino)
    merge(cast.dace, absorb=cast.nino, by=cast.alice)
    page = client.get("/requests/")
    assert page.status_code == 200


def test_pages_ask_few_queries(
    cast: Cast, conversation: Conversation, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = entered(cast.dace)
    with django_assert_max_num_queries(8):
        client.get("/requests/")
    with django_assert_max_num_queries(10):
        client.get(f"/requests/{conversation.pk}/")
