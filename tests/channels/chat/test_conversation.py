"""A visitor writes on a page of the shop, an agent answers at the desk; nobody else reads a word of it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.api.outputs.verbs import data_of
from answerable.channels.chat import here, outbox
from answerable.channels.chat.actions.widgets import close_widget
from answerable.channels.chat.models import Sent, Visit, Visitor, Widget
from answerable.channels.email import outbox as mails
from answerable.core.presence import State
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.messages import add_note, reply, take_back
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.splitting import split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.actions.receiving import Incoming, receive_all
from answerable.desk.actions.withdrawing import withdraw
from answerable.desk.models import Attachment, Conversation, Delivery, File, Message, ToldWait
from answerable.desk.timeline import in_words
from answerable.events.dispatch import dispatch
from answerable.events.models import Event
from answerable.people.actions.attendance import choose_state
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.channels.chat.browser import SHOP, Browser, open_chat
from tests.core.policy.documents import MINIMAL
from tests.core.policy.living import HOURS, REGIONS


@pytest.fixture
def widget(cast: Cast) -> Widget:
    cache.clear()
    here.forget()
    return open_chat(cast.support_inbox)


@pytest.fixture
def visitor(widget: Widget) -> Browser:
    return Browser(widget)


def answered(conversation: int, text: str, cast: Cast) -> Message:
    return reply(Conversation.objects.get(pk=conversation), text=text, by=cast.bob, seen_event=0, anyway=True)


def test_a_visitor_writes_and_is_answered_at_once(cast: Cast, visitor: Browser) -> None:
    said = visitor.write("Where is my order?\nIt is late.", name="Dace")
    assert said.status_code == 201, said.content
    row = Conversation.objects.get()
    assert (row.channel, row.subject, row.contact.name, row.status) == (
        "chat",
        "Where is my order? It is late.",
        "Dace",
        "new",
    )
    desk = Client()
    desk.force_login(cast.bob)
    page = desk.get(f"/conversations/{row.pk}/")
    assert "Where is my order?" in page.text
    assert "The visitor is here" in desk.get(f"/conversations/{row.pk}/visitor/").text
    sent = desk.post(
        f"/conversations/{row.pk}/replies/",
        {"text": "On its way.\n[Thank you] [Call me]"},
        headers={"HX-Request": "true"},
    )
    assert sent.status_code == 200, sent.content
    assert "undo" not in sent.headers.get("HX-Trigger", "")
    add_note(row, text="He is angry.", by=cast.bob)
    state = visitor.read().json()
    assert [(one["mine"], one["text"], one["choices"]) for one in state["messages"]] == [
        (True, "Where is my order?\nIt is late.", []),
        (False, "On its way.", ["Thank you", "Call me"]),
    ]
    assert (state["state"], state["agent"]) == ("open", "Bob")
    last = state["messages"][-1]["id"]
    assert visitor.read(after=last).json()["messages"] == []
    assert Delivery.objects.get().state == "waiting"
    assert visitor.post("signs/", conversation=row.pk, seen=last).status_code == 204
    assert Delivery.objects.get().state == "sent"
    assert "Seen" in desk.get(f"/conversations/{row.pk}/visitor/").text


def test_nothing_of_one_visitor_is_read_by_another(cast: Cast, widget: Widget, visitor: Browser) -> None:
    other, stranger = Browser(widget), Browser(open_chat(cast.sales_inbox), secret=visitor.secret)
    file = SimpleUploadedFile("photo.png", b"\x89PNG", content_type="image/png")
    visitor.write("My secret", attachments=file)
    other.write("Hello")
    stranger.write("The same secret, at another chat")
    answered(visitor.conversation or 0, "For you alone", cast)
    kept = Attachment.objects.get()
    assert visitor.ask(f"files/{kept.pk}/").content == b"\x89PNG"
    for one in (other, stranger, Browser(widget)):
        assert one.ask(f"conversations/{visitor.conversation}/").status_code in (401, 404)
        assert one.ask(f"files/{kept.pk}/").status_code in (401, 404)
        one.conversation = visitor.conversation
        for path in ("signs/", "endings/", "ratings/", "calls/"):
            given = {
                "conversation": visitor.conversation,
                "score": 1,
                "phone": "+371 2000000",
                "once": "abcdefgh",
                "seen": 99,
            }
            one.post(path, **given)
        one.write("Let me in")
    assert visitor.texts() == ["My secret", "For you alone"]
    assert Conversation.objects.get(pk=visitor.conversation).status == "pending"
    assert Visit.objects.get(conversation=visitor.conversation).seen_message_id == 0
    assert visitor.ask(f"conversations/{visitor.conversation}/", known=False).status_code == 401


def test_only_pages_of_the_list_may_ask(cast: Cast, widget: Widget) -> None:
    elsewhere = Browser(widget, origin="https://shop.example.evil.example")
    assert elsewhere.ask().status_code == 403
    assert elsewhere.write("Hello").status_code == 403
    assert "Access-Control-Allow-Origin" not in elsewhere.ask().headers
    path = f"/chat/{widget.key}/messages/"
    for origin, status, allowed in ((SHOP, 204, SHOP), ("null", 403, None)):
        asked = Client().options(path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert (asked.status_code, asked.headers.get("Access-Control-Allow-Origin")) == (status, allowed)
    stream = Client().options(f"/live/chat?key={widget.key}", headers={"Origin": SHOP})
    assert "Authorization" in stream.headers["Access-Control-Allow-Headers"]
    assert Client().get(f"/chat/{widget.key}/").status_code == 403


def test_a_message_sent_again_is_the_same_and_order_is_kept(cast: Cast, visitor: Browser) -> None:
    first = visitor.write("One", once="name-one")
    again = Browser.write(visitor, "One", once="name-one", conversation="")
    assert first.json()["id"] == again.json()["id"]
    visitor.write("Two", once="name-two")
    visitor.write("Two", once="name-two")
    visitor.write("Three")
    assert visitor.texts() == ["One", "Two", "Three"]
    assert Conversation.objects.count() == 1


def test_who_was_away_for_long_catches_up_with_all_of_it(cast: Cast, visitor: Browser) -> None:
    visitor.write("0")
    row = Conversation.objects.get()
    Message.objects.bulk_create(
        Message(conversation=row, kind="inbound", contact=row.contact, text=str(number)) for number in range(1, 250)
    )
    found: list[dict[str, Any]] = []
    more = True
    while more:
        state = visitor.read(after=found[-1]["id"] if found else 0).json()
        found, more = [*found, *state["messages"]], state["more"]
    assert [message["text"] for message in found] == [str(number) for number in range(250)]


def rows() -> list[int]:
    return [model.objects.count() for model in (Message, Conversation, Visit, Visitor, Sent, Event, File)]


def test_whoever_writes_too_much_is_told_so_and_others_go_on(cast: Cast, widget: Widget, visitor: Browser) -> None:
    """Of all that comes after the sixtieth message nothing is written, and what refusing costs does not grow."""
    other = Browser(widget)
    other.write("And me?")
    with CaptureQueriesContext(connection) as usual:
        assert other.write("Hello?").status_code == 201
    for number in range(60):
        assert visitor.write(f"Message {number}").status_code == 201
    before = rows()
    for number in range(60, 80):
        with CaptureQueriesContext(connection) as asked:
            refused = visitor.write(f"Message {number}")
        assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (429, SHOP)
        assert len(asked) <= 9
    with CaptureQueriesContext(connection) as asked:
        file = SimpleUploadedFile("bomb.zip", bytes(100_000), content_type="application/zip")
        assert visitor.write("And a file", attachments=file).status_code == 429
    assert len(asked) == 1, "it was not even looked through"
    assert rows() == before
    assert int(refused.headers["Retry-After"]) > 0
    assert "wait" in refused.json()["error"]
    with CaptureQueriesContext(connection) as now:
        assert other.write("Still here").status_code == 201
    assert len(now) == len(usual)
    assert other.texts() == ["And me?", "Hello?", "Still here"]
    Visitor.objects.update(window_began_at=timezone.now() - timedelta(minutes=11))
    assert visitor.write("Again").status_code == 201


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 422), (" \n", 422), ("x" * 10_001, 422), ("nul\0byte", 422), ("<script>alert(1)</script>", 201)],
)
def test_odd_words(visitor: Browser, text: str, status: int) -> None:
    answer = visitor.write(text)
    assert answer.status_code == status
    if status == 201:
        assert visitor.texts() == [text]
    else:
        assert answer.json()["error"]


@pytest.mark.parametrize(
    ("given", "kind", "status"),
    [
        ({"once": "long-one", "text": "x" * 10_000_000}, None, 422),
        ({"once": "long-one", "text": "x" * 13_000_000}, None, 413),
        (b'{"once": "abcdefgh", "text": ', "application/json", 415),
        (b"once=abcdefgh&text=Hello", "text/plain", 415),
        (b"--x\r\nno form at all", "multipart/form-data; boundary=x", 422),
        (b"x", "multipart/form-data", 400),
        ({f"field{number}": "x" for number in range(3000)}, None, 400),
    ],
)
def test_what_cannot_be_taken_is_answered_in_the_visitors_language(
    widget: Widget, given: Any, kind: str | None, status: int
) -> None:
    """In JSON, which the page may read: else their browser would take it for a broken line, and try for ever."""
    browser = Browser(widget, language="lv")
    address = f"/chat/{widget.key}/messages/?language=lv"
    kinds = {} if kind is None else {"content_type": kind}
    answer = browser.client.post(address, given, headers=browser.headers(), **kinds)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, SHOP)
    assert answer.headers["Content-Language"] == "lv"
    assert answer.json()["error"]
    assert not Message.objects.exists()


def test_a_file_too_large_is_named_and_a_zip_bomb_stays_packed(widget: Widget, visitor: Browser) -> None:
    large = SimpleUploadedFile("film.mp4", bytes(20 * 1024 * 1024 + 1), content_type="video/mp4")
    refused = visitor.write("Look", attachments=large)
    assert (refused.status_code, "film.mp4" in refused.json()["error"]) == (422, True)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(50_000_000))
    bomb = SimpleUploadedFile("bomb.zip", packed.getvalue(), content_type="application/zip")
    said = visitor.write("Look", attachments=bomb).json()
    assert said["files"][0]["size"] == len(packed.getvalue()) < 100_000
    assert visitor.ask(f"files/{said['files'][0]['id']}/").content == packed.getvalue()


def test_a_closed_chat_says_so_to_those_who_are_in_it(cast: Cast, widget: Widget, visitor: Browser) -> None:
    visitor.write("Hello")
    close_widget(widget, by=cast.ada)
    answer = visitor.write("Still here?")
    assert (answer.status_code, answer.json()["error"]) == (404, "This chat is closed.")
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP


def test_who_has_left_is_answered_by_mail(cast: Cast, visitor: Browser) -> None:
    visitor.write("I can't stay")
    assert visitor.post("addresses/", address="Guest@example.org", wait="1").status_code == 204
    answered(visitor.conversation or 0, "Here it is", cast)
    outbox.send_due()
    assert Delivery.objects.get().channel == "chat"
    visitor.post("signs/", conversation=visitor.conversation, leaving="1")
    Visitor.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
    Delivery.objects.update(due_at=timezone.now())
    outbox.send_due()
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.recipients) == ("email", ["guest@example.org"])
    mails.send_due()
    assert Delivery.objects.get().state == "sent"


def test_people_are_there_and_the_wait_that_was_told_is_kept(cast: Cast, widget: Widget, visitor: Browser) -> None:
    away = visitor.ask(known=False).json()
    assert (away["is_here"], away["words"]["send"]) == (False, "Send")
    choose_state(to=State.ONLINE, by=cast.bob)
    now = timezone.now()
    for minutes in (60, 40, 20, 10):
        at = now - timedelta(minutes=minutes)
        earlier = Browser(widget)
        earlier.write("Earlier")
        Conversation.objects.filter(pk=earlier.conversation).update(
            created_at=at, first_answered_at=at + timedelta(minutes=2), status="solved"
        )
    here.forget()
    assert visitor.ask(known=False).json()["is_here"]
    visitor.write("Hello")
    told = ToldWait.objects.get(conversation=visitor.conversation)
    state = visitor.read().json()
    assert (told.ahead, state["state"], state["is_here"]) == (0, "waiting", True)
    assert "You are next. You will have an answer in about" in state["line"]


def test_hours_are_those_of_the_inboxs_region(cast: Cast) -> None:
    """Half past eight on a Monday in Riga is half past ten in Tbilisi."""
    load_version(MINIMAL.replace("second-line", "sales") + HOURS + REGIONS, by=cast.ada)
    choose_state(to=State.ONLINE, by=cast.bob)
    monday = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
    found = {region: here.there(cast.support, region, monday) for region in ("", "LV", "Latgale north", "GE")}
    assert {region: each.is_here for region, each in found.items()} == {
        "": False, "LV": False, "Latgale north": False, "GE": True,
    }  # fmt: skip
    assert found["LV"].opens_at == datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def test_who_waits_long_is_called_or_written_to_instead(cast: Cast, widget: Widget, visitor: Browser) -> None:
    choose_state(to=State.ONLINE, by=cast.bob)
    now = timezone.now()
    visitor.write("Hello", name="Dace")
    assert not visitor.read().json()["is_long"]
    Conversation.objects.update(created_at=now - timedelta(minutes=6))
    assert visitor.read().json()["is_long"], "they have waited, though nobody knows how long others did"
    patient = Browser(widget)
    for minutes in (110, 80, 50, 20):
        at = now - timedelta(minutes=minutes)
        patient.write("Earlier", conversation="")
        row = Conversation.objects.filter(pk=patient.conversation)
        row.update(created_at=at, first_answered_at=at + timedelta(minutes=15), status="solved")
    here.forget()
    patient.write("And now?", conversation="")
    assert patient.read().json()["is_long"], "so it took for all the others"
    asked = {"conversation": visitor.conversation, "phone": "+371 2000 0000", "once": "call-me-1"}
    assert [visitor.post("calls/", **asked).status_code for _twice in range(2)] == [204, 204]
    assert visitor.texts() == ["Hello", "Please call me: +371 2000 0000"]
    assert Conversation.objects.get(pk=visitor.conversation).tags == ["call-back"]
    assert patient.post("addresses/", address="Guest@example.org").status_code == 204
    answered(patient.conversation or 0, "Here it is", cast)
    outbox.send_due()  # though their page is still open
    assert Delivery.objects.values_list("channel", "recipients").get() == ("email", ["guest@example.org"])


def test_lists_name_the_files_of_a_message_that_has_no_words(cast: Cast, visitor: Browser) -> None:
    def sent(*names: str) -> int:
        return int(visitor.write("", attachments=[SimpleUploadedFile(name, b"\x89PNG") for name in names]).json()["id"])

    def lists() -> set[str]:
        told = {one["preview"] for one in visitor.ask().json()["conversations"]}
        row = re.search(r'class="snippet">[^<]* · ([^<]*)</p>', desk.get("/inbox/team/").text)
        return told | {unescape(row[1]) if row else ""}

    desk = Client()
    desk.force_login(cast.bob)
    sent("picture.png")
    assert lists() == {"picture.png"}
    last = sent("cup & saucer.png", "bill.pdf")
    assert lists() == {"cup & saucer.png, bill.pdf"}
    taken = answered(visitor.conversation or 0, "Thank you", cast)
    assert lists() == {"Thank you"}
    take_back(taken, by=cast.bob)
    assert lists() == {"cup & saucer.png, bill.pdf"}
    row = Conversation.objects.get()
    part = split(row, messages=[last], subject="Cups", by=cast.bob)
    assert set(Conversation.objects.values_list("preview", flat=True)) == {"picture.png", "cup & saucer.png, bill.pdf"}
    undo(part, by=cast.bob)
    withdraw(Message.objects.get(pk=last), at=timezone.now())
    row.refresh_from_db()
    assert row.preview == "picture.png"


def test_of_two_customers_in_one_conversation_neither_reads_the_other(
    cast: Cast, widget: Widget, visitor: Browser
) -> None:
    other, third = Browser(widget), Browser(widget)
    for browser, words in ((visitor, "Of the first"), (other, "Of the second"), (third, "Of the third")):
        browser.write(words)
    first, second, last = (Conversation.objects.get(pk=one.conversation) for one in (visitor, other, third))
    merge(first, absorb=[second], by=cast.bob)
    assert visitor.texts() == ["Of the first"]
    assert [one["preview"] for one in visitor.ask().json()["conversations"]] == ["Of the first"]
    answered(first.pk, "To the first", cast)
    assert other.read().json()["state"] == "ended"
    assert other.texts() == ["Of the second"]
    assert other.write("More of the second").json()["conversation"] not in {first.pk, second.pk, last.pk}
    assert other.ask(f"conversations/{first.pk}/").status_code == 404
    answered(other.conversation or 0, "To the second", cast)
    assert other.texts() == ["More of the second", "To the second"]
    assert visitor.texts() == ["Of the first", "To the first"]
    by_mail = Incoming(to=last, contact=cast.dace, text="Between us", written_from="dace@customer.example")
    receive_all([by_mail])
    assert [one["preview"] for one in third.ask().json()["conversations"]] == ["Of the third"]


def test_what_was_split_off_is_a_conversation_of_its_visitor(cast: Cast, widget: Widget, visitor: Browser) -> None:
    stranger = Browser(widget)
    stranger.write("Hello")
    visitor.write("Where is my order?")
    row = Conversation.objects.get(pk=visitor.conversation)
    answered(row.pk, "On its way.", cast)
    visitor.write("And have you got a job for me?")
    chosen = Message.objects.get(text__startswith="And have")
    done = split(row, messages=[chosen.pk], subject="A job", by=cast.bob)
    dispatch()
    listed = {one["subject"]: (one["id"], one["preview"]) for one in visitor.ask().json()["conversations"]}
    assert listed["A job"] == (done.target_id, "And have you got a job for me?")
    assert visitor.texts() == ["Where is my order?", "On its way.", "And have you got a job for me?"]
    answered(done.target_id, "Send us a letter.", cast)
    assert visitor.texts()[-1] != "Send us a letter."
    place = f"conversations/{done.target_id}/"
    read = visitor.ask(place).json()
    assert [one["text"] for one in read["messages"]] == ["And have you got a job for me?", "Send us a letter."]
    assert visitor.post("signs/", conversation=done.target_id, seen=read["messages"][-1]["id"]).status_code == 204
    assert Message.objects.get(text="Send us a letter.").delivery.state == Delivery.State.SENT
    assert stranger.ask(place).status_code == 404
    visitor.conversation = done.target_id
    visitor.write("I shall.")
    assert Message.objects.get(text="I shall.").conversation_id == done.target_id


def test_what_was_split_off_and_brought_back_is_not_listed(cast: Cast, visitor: Browser) -> None:
    visitor.write("Where is my order?")
    visitor.write("And have you got a job for me?")
    row = Conversation.objects.get()
    done = split(row, messages=[Message.objects.get(text__startswith="And").pk], subject="A job", by=cast.bob)
    dispatch()
    undo(done, by=cast.bob)
    dispatch()
    assert [one["id"] for one in visitor.ask().json()["conversations"]] == [row.pk]
    assert visitor.texts() == ["Where is my order?", "And have you got a job for me?"]


def test_what_is_said_to_who_wrote_by_mail_is_not_shown_to_who_only_claims_to_be_them(
    cast: Cast, visitor: Browser
) -> None:
    visitor.write("I am Dace, believe me")
    assert visitor.post("addresses/", address="dace@customer.example", wait="1").status_code == 204
    row = Conversation.objects.get(pk=visitor.conversation)
    answered(row.pk, "Which order is it?", cast)
    receive_all([Incoming(to=row, contact=cast.dace, text="Mine", written_from="dace@customer.example")])
    answered(row.pk, "At your door in Riga", cast)
    assert visitor.texts() == ["I am Dace, believe me", "Which order is it?"]
    outbox.send_due()  # though their page is still open
    left = Delivery.objects.order_by("id").values_list("channel", "recipients")
    assert list(left) == [("chat", []), ("email", ["dace@customer.example"])]
    Visitor.objects.update(confirmed_at=timezone.now())
    assert visitor.texts()[-2:] == ["Mine", "At your door in Riga"]


def test_a_chat_that_another_system_had_is_answered_by_mail(cast: Cast, visitor: Browser) -> None:
    visitor.write("Hello")
    Visit.objects.all().delete()
    Conversation.objects.update(contact=cast.dace)
    answered(visitor.conversation or 0, "Here we are", cast)
    outbox.send_due()
    assert Delivery.objects.values_list("channel", "recipients").get() == ("email", ["dace@customer.example"])


def test_it_ends_and_is_rated(cast: Cast, visitor: Browser) -> None:
    visitor.write("Thanks")
    answered(visitor.conversation or 0, "You are welcome", cast)
    assert visitor.post("ratings/", conversation=visitor.conversation, score=5).status_code == 204
    assert not Event.objects.filter(verb="chat.rated").exists()  # it goes on
    assert visitor.post("endings/", conversation=visitor.conversation).status_code == 204
    assert visitor.read().json()["state"] == "ended"
    ended = Event.objects.get(verb="conversation.solved")
    row = Conversation.objects.get()
    assert data_of(ended.verb, ended.particulars)["contact"] == row.contact_id
    assert [one.words for one in in_words([ended])] == ["The customer solved it"]
    set_status(row, to="open", by=cast.bob)
    set_status(row, to="solved", by=None)
    assert [one.words for one in in_words([Event.objects.filter(verb=ended.verb).latest("id")])] == [
        "The system solved it"
    ]
    visitor.post("ratings/", conversation=visitor.conversation, score=5, comment="Quick!")
    assert Event.objects.get(verb="chat.rated").particulars["score"] == 5
    answers = {visitor.post("ratings/", conversation=visitor.conversation, score=4).status_code for _again in range(30)}
    assert answers == {204, 429}


def test_nobody_is_there_and_a_letter_is_left(cast: Cast, visitor: Browser) -> None:
    given = {"once": "letter-1", "name": "Dace", "address": "dace@customer.example", "text": "Call me tomorrow"}
    for _twice in range(2):
        assert visitor.post("letters/", known=False, **given).status_code == 201
    row = Conversation.objects.get()
    assert (row.channel, row.contact, row.leaves_by) == ("form", cast.dace, "email")
    wrong = Browser(open_chat(cast.sales_inbox), language="kk").post("letters/", **(given | {"address": "dace@"}))
    assert wrong.json()["field"] == "address"
    assert (wrong.status_code, "dace@ — электрондық мекенжай емес." in wrong.json()["error"]) == (422, True)
    ours = given | {"address": cast.support_inbox.address, "once": "letter-2"}
    assert visitor.post("letters/", known=False, **ours).status_code == 422


def test_charlie_of_another_team_sees_nothing_of_the_visitor(cast: Cast, visitor: Browser) -> None:
    visitor.write("Hello")
    desk = Client()
    desk.force_login(cast.charlie)
    assert desk.get(f"/conversations/{visitor.conversation}/visitor/").status_code == 404
