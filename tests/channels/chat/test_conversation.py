"""A visitor writes on a page of the shop, and an agent answers at the desk."""

import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from answerable.api.outputs.verbs import data_of
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.messages import add_note, take_back
from answerable.desk.actions.rearranging.splitting import split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.actions.withdrawing import withdraw
from answerable.desk.models import Conversation, Delivery, Message
from answerable.desk.timeline import in_words
from answerable.events.models import Event
from tests.cast import Cast
from tests.channels.chat.answers import answered
from tests.channels.chat.browser import Browser


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
    assert 'title="Live chat"' in desk.get("/inbox/unassigned/").text  # somebody waits there with the page open
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
    assert lists() == {"Thank you", "You: Thank you"}, "as the visitor reads it, and as Bob does"
    take_back(taken, by=cast.bob)
    assert lists() == {"cup & saucer.png, bill.pdf"}
    row = Conversation.objects.get()
    part = split(row, messages=[last], subject="Cups", by=cast.bob)
    assert set(Conversation.objects.values_list("preview", flat=True)) == {"picture.png", "cup & saucer.png, bill.pdf"}
    undo(part, by=cast.bob)
    withdraw(Message.objects.get(pk=last), at=timezone.now())
    row.refresh_from_db()
    assert row.preview == "picture.png"


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
