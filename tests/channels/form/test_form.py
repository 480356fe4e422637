"""A customer writes by a form: it becomes a conversation that is answered by mail, once, and by people only."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from answerable.channels.email.outbox import send_due
from answerable.channels.form.actions import close_form, write_form
from answerable.channels.form.jobs import confirm
from answerable.channels.form.models import Form
from answerable.customers.models import Contact
from answerable.desk.actions.fields import write_field
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Delivery, Field, Inbox, Message
from answerable.web.human import opened
from tests.cast import Cast

PAGE = "/forms/help/"


@pytest.fixture
def order(cast: Cast) -> Field:
    names = {"lv": "Pasūtījuma numurs"}
    return write_field(name="Order number", kind="text", names=names, choices_in={}, by=cast.ada)


@pytest.fixture
def how(cast: Cast) -> Field:
    said = {"lv": ["Pasts", "Veikals"]}
    return write_field(
        name="How", kind="choice", names={}, choices=["By post", "In the shop"], choices_in=said, by=cast.ada
    )


@pytest.fixture
def form(cast: Cast, order: Field, how: Field) -> Form:
    cache.clear()
    return opened_form(cast.support_inbox, cast, [(order, True), (how, False)])


def opened_form(inbox: Inbox, cast: Cast, asks: list[tuple[Field, bool]], key: str = "help") -> Form:
    return write_form(
        inbox,
        key=key,
        title="Help",
        introduction="<b>Hello</b>",
        titles={"lv": "Palīdzība"},
        introductions={},
        takes_files=True,
        asks=asks,
        by=cast.ada,
    )


def written(form: Form, **more: object) -> dict[str, object]:
    first, second = form.questions.all()
    return {
        "name": "Dace Ozola",
        "address": "Dace@customer.example",
        "subject": "Where is it?",
        f"field_{first.field_id}": "A-1007",
        f"field_{second.field_id}": "In the shop",
        "text": "I ordered <i>two</i> books.",
        "opened": opened(timezone.now() - timedelta(minutes=1)),
        **more,
    }


def test_a_request_becomes_a_conversation_answered_by_mail(cast: Cast, form: Form, order: Field, how: Field) -> None:
    page = Client().get(PAGE, {"language": "lv"})
    assert page.headers["Content-Language"] == "lv"
    for words in ("Palīdzība", "Pasūtījuma numurs", "Veikals", "&lt;b&gt;Hello&lt;/b&gt;"):
        assert words in page.text
    file = SimpleUploadedFile("photo.png", b"\x89PNG", content_type="image/png")
    answer = Client().post(f"{PAGE}?language=lv", written(form, attachments=[file]))
    assert answer.status_code == 302, answer.text
    found = Conversation.objects.get()
    assert (found.channel, found.inbox, found.team) == ("form", cast.support_inbox, cast.support)
    assert (found.contact, found.language, found.subject) == (cast.dace, "lv", "Where is it?")
    assert found.details == {str(order.pk): "A-1007", str(how.pk): "In the shop"}
    message = found.messages.get()
    assert (message.text, message.written_from) == ("I ordered <i>two</i> books.", "dace@customer.example")
    assert message.attachments.get().name == "photo.png"
    assert "<textarea" not in Client().get(answer.headers["Location"]).text

    confirm(conversation_id=found.pk)
    confirm(conversation_id=found.pk)  # it may run twice
    receipt = Delivery.objects.get()
    assert (receipt.channel, receipt.recipients) == ("email", ["dace@customer.example"])
    assert f"/requests/{found.pk}/" in receipt.message.text
    assert "/requests/entrance/" not in receipt.message.text  # agents read it, too
    assert "two" not in receipt.message.text
    sent = reply(found, text="It waits for you.", by=cast.bob, seen_event=None, anyway=True)
    assert (sent.delivery.channel, sent.delivery.recipients) == ("email", ["dace@customer.example"])
    send_due()
    receipt.refresh_from_db()
    assert receipt.state == Delivery.State.SENT


def test_sent_twice_it_is_one(form: Form) -> None:
    once = written(form)
    for _time in range(2):
        assert Client().post(PAGE, once).status_code == 302
    assert Client().post(PAGE, once | {"text": "Another matter."}).status_code == 302
    assert Conversation.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": "nobody"}, "valid email"),
        ({"address": "SUPPORT@example.com"}, "address of ours"),
        ({"text": " \n"}, "required"),
        ({"text": "a\0b"}, "Null characters"),
        ({"opened": "made-up"}, "look at it once more"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(form: Form, wrong: dict[str, str], words: str) -> None:
    page = Client().post(PAGE, written(form, **wrong))
    assert page.status_code == 422
    assert words in page.text
    assert "A-1007" in page.text
    assert not Conversation.objects.exists()


def test_who_is_refused_chooses_their_files_again(form: Form) -> None:
    file = SimpleUploadedFile("photo.png", b"\x89PNG", content_type="image/png")
    assert "Choose your files again" in Client().post(PAGE, written(form, text=" ", attachments=[file])).text
    assert "Choose your files again" not in Client().post(PAGE, written(form, text=" ")).text


def test_a_field_that_must_be_filled_in_and_a_choice_there_is_not(form: Form) -> None:
    first, second = form.questions.all()
    page = Client().post(PAGE, written(form, **{f"field_{first.field_id}": "", f"field_{second.field_id}": "By air"}))
    assert page.status_code == 422
    assert page.text.count('class="errors"') == 2
    assert not Conversation.objects.exists()


def test_forms_of_one_title_are_told_apart_the_reader_s_own_language_first(cast: Cast, form: Form) -> None:
    form.introduction = ""
    form.save()
    there = cast.sales_inbox
    opened_form(there, cast, [], key="verkauf")
    Form.objects.update(introduction="")
    Inbox.objects.filter(pk=there.pk).update(name="Latvija", language="lv")
    page = Client().get("/forms/", {"language": "lv"}).text
    assert 0 < page.index("Latvija") < page.index(form.inbox.name)
    Form.objects.filter(inbox=there).update(titles={"lv": "Pirkšana"})
    page = Client().get("/forms/", {"language": "lv"}).text
    assert "Latvija" not in page, "another title tells enough"


def test_programs_are_thanked_and_the_busy_asked_to_wait(form: Form) -> None:
    assert Client().post(PAGE, written(form, website="https://spam.example")).status_code == 302
    assert not Contact.objects.filter(name="Dace").exists()
    assert not Conversation.objects.exists()
    said = [Client().post(PAGE, written(form, text=f"Number {n}")).status_code for n in range(8)]
    assert said == [302] * 6 + [429] * 2
    assert Conversation.objects.count() == 6


def test_a_closed_form_takes_nothing_and_only_administrators_set_it_up(cast: Cast, form: Form) -> None:
    for person, expected in ((cast.alice, 403), (cast.bob, 403), (cast.ada, 200)):
        client = Client()
        client.force_login(person)
        assert client.get("/settings/forms/").status_code == expected
        assert client.get(f"/settings/forms/{cast.support_inbox.pk}/").status_code == expected
    close_form(form, by=cast.ada)
    assert Client().get(PAGE).status_code == 404
    assert Client().post(PAGE, written(form)).status_code == 404
    assert client.post(f"/settings/forms/{cast.support_inbox.pk}/closing/", {"reopen": ""}).status_code == 302
    assert Client().get(PAGE).status_code == 200


def test_an_inbox_that_no_mail_leaves_by_has_no_form(cast: Cast) -> None:
    """Nobody would be answered."""
    bot = Inbox.objects.create(name="Our bot", address="t.me/our_bot", channel="telegram", team=cast.support)
    client = Client()
    client.force_login(cast.ada)
    page = client.get("/settings/forms/").text
    assert f"/settings/forms/{cast.support_inbox.pk}/" in page
    assert "Our bot" not in page
    for place in ("forms", "chats"):
        assert client.get(f"/settings/{place}/{bot.pk}/").status_code == 404


def test_an_administrator_sets_one_up_on_the_page(cast: Cast, order: Field, how: Field, form: Form) -> None:
    client = Client()
    client.force_login(cast.ada)
    place = f"/settings/forms/{cast.latvia_inbox.pk}/"
    assert 'value="latvia"' in client.get(place).text
    others = {f"asks_{how.pk}": "not_asked"}
    taken = client.post(place, {"key": "help", f"asks_{order.pk}": "asked", **others})
    assert (taken.status_code, "Another form has this address" in taken.text) == (422, True)
    given = {"key": "latvia", "title_lv": "Rakstiet mums", f"asks_{order.pk}": "required", **others}
    assert client.post(place, given).status_code == 302
    made = Form.objects.get(inbox=cast.latvia_inbox)
    assert (made.titles, made.takes_files) == ({"lv": "Rakstiet mums"}, False)
    assert [(one.field, one.is_required) for one in made.questions.all()] == [(order, True)]
    page = Client().get("/forms/latvia/", {"language": "lv"}).text
    assert "Rakstiet mums" in page
    assert 'type="file"' not in page
    assert Message.objects.count() == 0
