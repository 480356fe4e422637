"""An administrator sets a chat up; the program that pages load is small and the same for all."""

import gzip
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from answerable.channels.chat import here
from answerable.channels.chat.colours import contrast_with_white
from answerable.channels.chat.models import Widget
from answerable.channels.chat.origins import normal_origin
from answerable.channels.chat.program import program
from answerable.channels.chat.reading import with_choices
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, ToldWait
from answerable.events.models import Event
from answerable.feedback.models import Rating
from answerable.feedback.reactions import take_rating
from tests.cast import Cast
from tests.channels.chat.browser import Browser, open_chat

MOST_BYTES = 30 * 1024
GIVEN = {
    "name": "Example",
    "greeting": "",
    "colour": "#1d4f91",
    "origins": "https://Shop.example/\nhttp://localhost:8080",
}


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_an_administrator_sets_it_up_and_others_may_not(cast: Cast) -> None:
    page = f"/settings/chats/{cast.support_inbox.pk}/"
    ada = client_of(cast.ada)
    assert "None yet" in ada.get("/settings/chats/").text
    pale = ada.post(page, GIVEN | {"colour": "#ffee00"})
    assert (pale.status_code, "4.5 are needed" in pale.text) == (422, True)
    assert ada.post(page, GIVEN | {"origins": "https://shop.example/path"}).status_code == 422
    assert ada.post(page, GIVEN | {"greeting_lv": "Sveiki!"}).status_code == 302
    widget = Widget.objects.get()
    assert widget.origins == ["https://shop.example", "http://localhost:8080"]
    assert widget.greeting_in("lv") == "Sveiki!"
    shown = ada.get(page).text
    assert f"/chat/{widget.key}/widget.js" in shown
    assert "Show the secret" in shown
    assert ada.post(f"{page}secret/").status_code == 302
    assert f"/chat/{widget.key}/widget.js" in ada.get(f"{page}preview/").text
    for somebody in (cast.alice, cast.charlie):
        for path in ("/settings/chats/", page, f"{page}preview/"):
            assert client_of(somebody).get(path).status_code == 403
        for path in (page, f"{page}secret/", f"{page}closing/"):
            assert client_of(somebody).post(path, GIVEN).status_code == 403
    ada.post(f"{page}closing/")
    assert Browser(widget).ask().status_code == 404
    assert Client().get(f"/chat/{widget.key}/widget.js").status_code == 404


def test_the_program_is_small_and_kept_by_browsers(cast: Cast) -> None:
    widget = open_chat(cast.support_inbox)
    found = Client().get(f"/chat/{widget.key}/widget.js", headers={"Accept-Encoding": "gzip"})
    assert len(found.content) < MOST_BYTES
    assert gzip.decompress(found.content) == program().plain
    again = Client().get(f"/chat/{widget.key}/widget.js", headers={"If-None-Match": found.headers["ETag"]})
    assert again.status_code == 304
    for forbidden in (b"innerHTML", b"eval(", b".style", b"document.write"):
        assert forbidden not in program().plain


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Shop.example:443/", "https://shop.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("shop.example", None),
        ("https://shop.example/path", None),
        ("https://user@shop.example", None),
        ("javascript:alert(1)", None),
        ("null", None),
    ],
)
def test_origins_are_as_browsers_write_them(text: str, origin: str | None) -> None:
    assert normal_origin(text) == origin


def test_colours_and_choices() -> None:
    assert contrast_with_white("#777777") == pytest.approx(4.48, abs=0.005)
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert with_choices("Which one?\n[Red] [Blue one]") == ("Which one?", ["Red", "Blue one"])
    assert with_choices("See [1] and [2] there") == ("See [1] and [2] there", [])
    assert with_choices("[Alone]") == ("[Alone]", [])


def test_what_a_visitor_says_of_it_counts_as_any_rating(cast: Cast) -> None:
    cache.clear()
    here.forget()
    browser = Browser(open_chat(cast.support_inbox))
    browser.write("Hello")
    row = Conversation.objects.get(pk=browser.conversation)
    reply(row, text="Done", by=cast.bob, seen_event=0, then="solved")
    browser.post("ratings/", conversation=row.pk, score=5, comment="Quick!")
    event = Event.objects.get(verb="chat.rated")
    for _twice in range(2):
        take_rating(event)
    rating = Rating.objects.get()
    assert (rating.score, rating.comment, rating.invitation.agent) == (5, "Quick!", cast.bob)
    assert rating.invitation.channel == "chat"


def test_a_team_reads_how_true_it_was_what_its_visitors_were_told(cast: Cast) -> None:
    cache.clear()
    browser = Browser(open_chat(cast.support_inbox))
    browser.write("Hello")
    row = Conversation.objects.get(pk=browser.conversation)
    ToldWait.objects.create(conversation=row, team=row.team, ahead=0, seconds=300, low_seconds=0, high_seconds=600, n=4)
    reply(row, text="Here", by=cast.bob, seen_event=0)
    page = client_of(cast.alice).get(f"/settings/teams/{cast.support.pk}/routing/").text
    assert "1 visitor of a chat was really told" in " ".join(page.split())
    assert "100 of a hundred waited within the range" in " ".join(page.split())
    other = Browser(open_chat(cast.support_inbox))
    other.write("Hello?")
    late = {"seconds": 3, "low_seconds": 0, "high_seconds": 6, "n": 4, "at": timezone.now() - timedelta(hours=1)}
    ToldWait.objects.create(conversation_id=other.conversation, team=row.team, ahead=0, **late)
    page = client_of(cast.alice).get(f"/settings/teams/{cast.support.pk}/routing/").text
    assert "2 visitors of a chat were really told" in " ".join(page.split())  # who waits too long by now counts, too
    assert "50 of a hundred waited within the range" in " ".join(page.split())
