"""The live stream, spoken to as a server would."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.desk.actions.conversations import open_conversation
from answerable.events.live import application, station
from answerable.events.live.hint import Hint
from answerable.events.live.reader import RECENT, Reader, reader_of
from answerable.events.models import Event, noun
from answerable.events.record import record
from answerable.people.models import Company, User
from tests import loops
from tests.cast import Cast, play

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 60  # on a machine that does much else


@pytest.fixture
def cast() -> Cast:
    return play()


async def act(action: Callable[..., Any], **arguments: Any) -> Any:
    """Do it as a worker thread would, which gives its connection back afterwards."""

    def do() -> Any:
        try:
            return action(**arguments)
        finally:
            connection.close()

    return await sync_to_async(do)()


def rename(by: User) -> Event:
    return record("company.renamed", subject=Company.objects.get(), by=by)


class Stream:
    """A browser's end of the stream."""

    def __init__(self, user: User | None, **headers: str) -> None:
        self.cookie = ""
        if user is not None:
            client = Client()
            client.force_login(user)
            self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        told = {"cookie": self.cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/live/events",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        }
        self.status = 0
        self.sent: asyncio.Queue[bytes] = asyncio.Queue()
        self.gone = asyncio.Event()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.sent.put_nowait(message["body"])

    async def receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Stream"]:
        task = asyncio.ensure_future(application(self.scope, self.receive, self.send))
        try:
            yield self
        finally:
            self.gone.set()
            await asyncio.wait_for(task, PATIENCE_SECONDS)

    async def hints(self, count: int) -> list[dict[str, Any]]:
        """The next so many hints, as a browser reads them."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            body = await asyncio.wait_for(self.sent.get(), PATIENCE_SECONDS)
            for block in body.decode().split("\n\n"):
                if "event: hint" in block:
                    data = next(line for line in block.split("\n") if line.startswith("data: "))
                    found.append(json.loads(data.removeprefix("data: ")))
        return found

    async def first_word(self) -> bytes:
        return await asyncio.wait_for(self.sent.get(), PATIENCE_SECONDS)


def test_nobody_listens_without_signing_in(db: None) -> None:
    async def scenario() -> None:
        stream = Stream(None)
        async with stream.opened():
            await stream.first_word()
        assert stream.status == 401

    loops.run(scenario())


def test_a_change_is_heard_by_the_team_and_by_nobody_else(cast: Cast) -> None:
    bobs, charlies = Stream(cast.bob), Stream(cast.charlie)

    async def scenario() -> None:
        async with bobs.opened(), charlies.opened():
            await bobs.first_word()
            await charlies.first_word()
            await act(rename, by=cast.ada)
            heard = await bobs.hints(1)
            assert heard[0]["verb"] == "company.renamed"
            await charlies.hints(1)
            conversation = await act(
                open_conversation, inbox=cast.support_inbox, contact=cast.dace, subject="Hello", by=None
            )
            await act(rename, by=cast.ada)
            first, _second = await bobs.hints(2)
            assert first["root"] == noun(conversation)
            assert [hint["verb"] for hint in await charlies.hints(1)] == ["company.renamed"]

    loops.run(scenario())


def test_who_was_away_catches_up_from_the_last_event(cast: Cast) -> None:
    conversation = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Hello", by=None)
    open_conversation(inbox=cast.sales_inbox, contact=cast.dace, subject="Not Bob's", by=None)
    last = Event.objects.earliest("id").pk - 1
    stream = Stream(cast.bob, last_event_id=str(last))

    async def scenario() -> None:
        async with stream.opened():
            word = (await stream.first_word()).decode()
            assert noun(conversation) in word
            assert word.count("event: hint") == 1

    loops.run(scenario())


def test_new_rights_begin_a_new_stream(cast: Cast) -> None:
    stream = Stream(cast.charlie)

    async def scenario() -> None:
        async with stream.opened():
            await stream.first_word()
            await act(rename, by=cast.ada)
            await stream.hints(1)
            await act(lambda: record("membership.granted", subject=cast.charlie, by=cast.ada))
            while await stream.first_word() != b"":
                pass

    loops.run(scenario())


def test_rights_are_asked_once_for_streams_opened_one_after_the_other(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cookie = Stream(cast.bob).cookie
    with django_assert_num_queries(2):
        reader = reader_of(cookie)
    with django_assert_num_queries(0):
        assert reader_of(cookie) == reader
    RECENT.forget()  # as when anybody's rights change
    with django_assert_num_queries(2):
        assert reader_of(cookie) == reader
    assert reader_of(f"{settings.SESSION_COOKIE_NAME}=nobody") is None


def test_a_new_password_ends_the_streams_of_the_old_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station, "SESSIONS_CHECKED_EVERY_SECONDS", 0.05)
    bobs, alices = Stream(cast.bob), Stream(cast.alice)

    def change_password() -> None:
        cast.bob.set_password("another battery")
        cast.bob.save(update_fields=["password"])

    async def scenario() -> None:
        async with bobs.opened(), alices.opened():
            await bobs.first_word()
            await alices.first_word()
            await act(change_password)
            while await bobs.first_word() != b"":
                pass
            await act(rename, by=cast.ada)
            assert len(await alices.hints(1)) == 1

    loops.run(scenario())
    RECENT.forget()
    assert reader_of(bobs.cookie) is None


def test_who_is_where_is_heard_by_all_and_what_else_happens_to_somebody_by_them_alone(cast: Cast) -> None:
    charlie = Reader(cast.charlie.pk, cast.charlie.team_ids, "", "")
    bob = f"user-{cast.bob.pk}"
    assert charlie.may_hear(Hint(1, "membership.moved", bob, cast.support.pk))
    assert not charlie.may_hear(Hint(2, "user.invited", bob, None))
    assert Reader(cast.bob.pk, cast.bob.team_ids, "", "").may_hear(Hint(2, "user.invited", bob, None))
