"""What a chat does not take: from other pages, too much, too large, or not a message at all; and how it says so."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.channels.chat.actions.widgets import close_widget
from answerable.channels.chat.models import Sent, Visit, Visitor, Widget
from answerable.desk.models import Conversation, File, Message
from answerable.events.models import Event
from tests.cast import Cast
from tests.channels.chat.browser import SHOP, Browser


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
