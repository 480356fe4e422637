"""The button on the first page, as whoever presses it sees it."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from answerable.desk.models import Conversation
from answerable.people.models import Company
from answerable.site.demo import loading
from answerable.site.demo.board import FAILED, noted, wipe
from answerable.site.demo.jobs import load_demo
from tests.cast import Cast


@pytest.fixture
def small(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A demo of few conversations, loaded as the worker does it; nothing of it stays."""
    monkeypatch.setitem(loading.load.__kwdefaults__, "conversations", 20)
    yield
    wipe()


def test_it_is_asked_for_loaded_and_entered(client: Client, small: None) -> None:
    assert client.get("/welcome/demo/").headers["Location"] == "/welcome/"
    assert client.post("/welcome/demo/").headers["Location"] == "/welcome/demo/"
    assert client.post("/welcome/demo/").status_code == 302  # twice is no harm
    job = ProcrastinateJob.objects.get(task_name="answerable.site.demo.jobs.load_demo")
    assert "Waiting for the worker" in client.get("/welcome/demo/").content.decode()

    load_demo(**job.args)
    assert noted()[1] > 0.9
    assert client.get("/welcome/demo/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = client.get("/welcome/demo/").content.decode()
    found = re.search(r"<code>([a-z2-9-]{14})</code>", page)
    assert found
    assert "nino@ambermoon.example" in page

    stranger = Client()
    assert stranger.get("/welcome/demo/").headers["Location"] == "/sign-in/"
    assert stranger.post("/welcome/demo/entrance/").status_code == 302
    assert "_auth_user_id" not in stranger.session
    assert client.post("/welcome/demo/entrance/").headers["Location"] == "/"
    assert "_auth_user_id" in client.session
    assert Conversation.objects.count() > 20


def test_a_second_time_is_refused_in_words(cast: Cast, client: Client) -> None:
    load_demo(password_hash="!")
    words, share = noted()
    wipe()
    assert share == FAILED
    assert "Example Ltd is set up here" in words
    assert Company.objects.count() == 1
    assert client.post("/welcome/demo/").headers["Location"] == "/welcome/demo/"
    assert client.get("/welcome/demo/").headers["Location"] == "/sign-in/"


def test_strangers_are_asked_for_the_token(db: None) -> None:
    far_away = Client(REMOTE_ADDR="192.0.2.7")
    assert far_away.post("/welcome/demo/").status_code == 403
    assert not ProcrastinateJob.objects.exists()
