"""What a customer writes in, and what it says in the reader's language, by a peer that speaks LibreTranslate."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from answerable.desk.models import Conversation
from tests.desk.views.stage import HTMX

Asked = list[dict[str, Any]]


@pytest.fixture
def service(settings: LazySettings) -> Iterator[Asked]:
    """A server on this machine that says everything backwards, and no to what it does not understand."""
    asked: Asked = []

    class Peer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body)
            is_understood = self.path == "/translate" and "api_key" in body
            answer = {"translatedText": body["q"][::-1]} if is_understood else {"error": "Invalid request"}
            self.send_response(200 if is_understood else 403)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_what: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Peer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.TRANSLATION_URL, settings.TRANSLATION_KEY = f"http://127.0.0.1:{server.server_port}/", "key"
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_guess_is_corrected(bob: Client, quinn: Client, charlie: Client, conversation: Conversation) -> None:
    there = f"/conversations/{conversation.pk}/"
    assert '<option value="lv" selected>' in bob.get(there).content.decode()
    assert bob.post(f"{there}language/", {"to": "kk"}, headers=HTMX).status_code == 200
    conversation.refresh_from_db()
    assert conversation.language == "kk"
    assert "Bob said what it is written in: Қазақша" in bob.get(there).content.decode()
    assert bob.post(f"{there}language/", {"to": "xx"}, headers=HTMX).status_code == 422
    assert quinn.post(f"{there}language/", {"to": "lv"}, headers=HTMX).status_code == 403
    assert charlie.post(f"{there}language/", {"to": "lv"}, headers=HTMX).status_code == 404


def test_a_message_is_translated_once_and_beside_it(
    bob: Client, charlie: Client, conversation: Conversation, service: Asked
) -> None:
    assert "Translate" in bob.get(f"/conversations/{conversation.pk}/").content.decode()
    path = f"/messages/{conversation.messages.get().pk}/translation/"
    for _again in range(2):
        assert ".yadnoM no deredro I" in bob.get(path, headers=HTMX).content.decode()
    assert [(one["q"], one["source"], one["target"]) for one in service] == [("I ordered on Monday.", "lv", "en")]
    assert charlie.get(path, headers=HTMX).status_code == 404


def test_a_service_that_says_no_is_told(
    bob: Client, conversation: Conversation, service: Asked, settings: LazySettings
) -> None:
    settings.TRANSLATION_KEY = ""
    answer = bob.get(f"/messages/{conversation.messages.get().pk}/translation/", headers=HTMX)
    assert answer.status_code == 422
    assert "refused: Invalid request" in answer.headers["HX-Trigger"]


def test_without_a_service_nothing_shows(bob: Client, conversation: Conversation) -> None:
    assert "translation" not in bob.get(f"/conversations/{conversation.pk}/").content.decode()
    path = f"/messages/{conversation.messages.get().pk}/translation/"
    assert bob.get(path, headers=HTMX).status_code == 422
