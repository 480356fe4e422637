"""The live stream, spoken to as a server would."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from answerable.desk.actions.conversations import open_conversation
from answerable.desk.models import Conversation
from answerable.events.live import missing, station
from answerable.events.live.application import application
from answerable.events.live.hint import RESET, Hint
from answerable.events.live.missing import OVERLAP, of_roots
from answerable.events.live.reader import Headers
from answerable.events.live.signals import Pace, signal
from answerable.events.live.staff import RECENT, Colleague, reader_of
from answerable.events.models import Event, noun
from answerable.events.record import record
from answerable.events.wire import CHANNEL, conninfo, notify, something_was_missed
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
    """A browser's end of the stream. `at`: a visitor's, who hears of this root alone."""

    def __init__(self, user: User | None, at: str = "", **headers: str) -> None:
        self.cookie = ""
        if user is not None:
            client = Client()
            client.force_login(user)
            self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        told = {"cookie": self.cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/live/visits" if at else "/live/events",
            "query_string": at.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        }
        self.status, self.headers = 0, {}
        self.sent: asyncio.Queue[bytes] = asyncio.Queue()
        self.gone = asyncio.Event()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
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


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks at a door with the root in the address."""

    key: str
    roots: frozenset[str]
    headers: ClassVar[Sequence[tuple[bytes, bytes]]] = ((b"access-control-allow-origin", b"https://shop.example"),)
    most: ClassVar[int] = 1
    room: ClassVar[float] = 0.6

    def may_hear(self, hint: Hint) -> bool:
        return not hint.verb.startswith("note.")

    def is_ended_by(self, hint: Hint) -> bool:
        return hint.verb == "conversation.moved"

    def missed(self, since: int) -> list[Hint] | None:
        return of_roots(self.roots, since)

    @classmethod
    def standing(cls, readers: "Sequence[Visitor]") -> Collection[str]:
        return {reader.key for reader in readers if reader.key != "conversation-13"}


def visitor_of(headers: Headers, query: str) -> Visitor | None:
    return Visitor(query, frozenset([query])) if query.startswith("conversation-") else None


@pytest.fixture
def doors(settings: Settings) -> None:
    settings.LIVE_DOORS = {**settings.LIVE_DOORS, "/live/visits": "tests.events.test_live.visitor_of"}


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
    cookie = {b"cookie": Stream(cast.bob).cookie.encode()}
    with django_assert_num_queries(2):
        reader = reader_of(cookie, "")
    with django_assert_num_queries(0):
        assert reader_of(cookie, "") == reader
    RECENT.forget()  # as when anybody's rights change
    with django_assert_num_queries(2):
        assert reader_of(cookie, "") == reader
    assert reader_of({b"cookie": f"{settings.SESSION_COOKIE_NAME}=nobody".encode()}, "") is None


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
    assert reader_of({b"cookie": bobs.cookie.encode()}, "") is None


def test_who_is_where_is_heard_by_all_and_what_else_happens_to_somebody_by_them_alone(cast: Cast) -> None:
    charlie = Colleague(cast.charlie.pk, cast.charlie.team_ids, "", "")
    bob = f"user-{cast.bob.pk}"
    assert charlie.may_hear(Hint(1, "membership.moved", bob, cast.support.pk))
    assert not charlie.may_hear(Hint(2, "user.invited", bob, None))
    assert Colleague(cast.bob.pk, cast.bob.team_ids, "", "").may_hear(Hint(2, "user.invited", bob, None))


@pytest.mark.usefixtures("doors")
def test_who_listens_at_a_root_hears_what_is_for_them_there_and_nothing_else(cast: Cast) -> None:
    visitors, anothers, bobs = Stream(None, "conversation-1"), Stream(None, "conversation-2"), Stream(cast.bob)

    def happen() -> None:
        record("note.added", subject=cast.bob, root=_at(1), team_id=cast.support.pk, by=cast.bob)
        record("message.sent", subject=cast.bob, root=_at(1), team_id=cast.support.pk, by=cast.bob)
        record("message.sent", subject=cast.bob, root=_at(2), team_id=cast.sales.pk, by=cast.bob)
        assert signal("conversation-1", "visitor.typing", {"on": True}, team_id=cast.support.pk)

    async def scenario() -> None:
        async with visitors.opened(), anothers.opened(), bobs.opened():
            for stream in (visitors, anothers, bobs):
                await stream.first_word()
            await act(happen)
            heard = await visitors.hints(2)
            assert [hint["verb"] for hint in heard] == ["message.sent", "visitor.typing"]
            assert heard[1] == {
                "id": 0,
                "verb": "visitor.typing",
                "root": "conversation-1",
                "particulars": {"on": True},
            }
            assert [hint["root"] for hint in await anothers.hints(1)] == ["conversation-2"]
            assert [hint["verb"] for hint in await bobs.hints(3)] == ["note.added", "message.sent", "visitor.typing"]

    loops.run(scenario())
    assert visitors.headers[b"access-control-allow-origin"] == b"https://shop.example"
    assert not Event.objects.filter(verb="visitor.typing").exists()


@pytest.mark.usefixtures("doors")
def test_more_streams_than_may_be_are_refused_and_a_place_left_is_given_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visitor has one stream, and two of three places are for visitors: the last is kept for who works here."""
    monkeypatch.setattr(station, "MOST_STREAMS", 3)
    first, again, second, third = (Stream(None, f"conversation-{n}") for n in (1, 1, 2, 3))
    bobs, alices = Stream(cast.bob), Stream(cast.alice)

    async def refused(stream: Stream, status: int) -> None:
        async with stream.opened():
            assert b"Try again in" in await stream.first_word()
        assert stream.status == status
        assert int(stream.headers[b"retry-after"]) > 0

    async def scenario() -> None:
        async with first.opened():
            await first.first_word()
            await refused(again, 429)
            async with second.opened():
                await second.first_word()
                await refused(third, 503)
                assert b"access-control-allow-origin" in third.headers, "a page elsewhere reads when to come again"
                async with bobs.opened():
                    await bobs.first_word()
                    assert bobs.status == 200
                    await refused(alices, 503)
        async with third.opened(), Stream(None, "conversation-1").opened():
            await third.first_word()
            assert third.status == 200

    loops.run(scenario())


@pytest.mark.usefixtures("doors")
def test_a_stream_ends_with_its_rights_or_its_session(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station, "SESSIONS_CHECKED_EVERY_SECONDS", 0.05)
    moved, ended, other = (Stream(None, f"conversation-{n}") for n in (1, 13, 2))

    async def scenario() -> None:
        async with moved.opened(), ended.opened(), other.opened():
            for stream in (moved, ended, other):
                await stream.first_word()
            await act(record, verb="conversation.moved", subject=_at(1), by=cast.bob)
            for stream in (moved, ended):
                while await stream.first_word() != b"":
                    pass
            await act(record, verb="message.sent", subject=_at(2), by=cast.bob)
            assert len(await other.hints(1)) == 1

    loops.run(scenario())


def test_what_was_committed_late_is_caught_up_whatever_its_number(cast: Cast) -> None:
    with psycopg.connect(conninfo()) as slow:
        row = slow.execute(
            "INSERT INTO events_event (verb, subject, root, team_id, particulars, at)"
            " VALUES ('message.sent', 'message-1', 'conversation-1', NULL, '{}', now()) RETURNING id"
        ).fetchone()
        assert row
        for _ in range(OVERLAP + 1):
            newest = rename(cast.ada)
        slow.commit()
    after = rename(cast.ada)
    reader = Colleague(cast.bob.pk, cast.bob.team_ids, "", "")
    missed = reader.missed(newest.pk)
    assert row[0] < newest.pk - OVERLAP
    assert missed is not None
    assert (missed[0].id, missed[-1].id) == (row[0], after.pk)
    assert (of_roots(["conversation-1"], newest.pk) or [])[0].id == row[0]


def test_who_was_away_too_long_is_told_to_begin_anew(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "MOST_MISSED", 2)
    first = rename(cast.ada)
    assert of_roots([first.root], first.pk - 1) is not None
    for _ in range(2):
        rename(cast.ada)
    assert of_roots([first.root], first.pk - 1) is None
    monkeypatch.setattr(missing, "MOST_PASSED", 1)
    assert of_roots(["conversation-1"], first.pk) is None
    stream = Stream(cast.bob, last_event_id=str(first.pk))

    async def scenario() -> None:
        async with stream.opened():
            assert (await stream.first_word()).endswith(RESET)

    loops.run(scenario())


def test_who_listens_begins_anew_where_a_process_has_taken_the_place_of_another(cast: Cast) -> None:
    stream = Stream(cast.bob)

    async def scenario() -> None:
        async with stream.opened():
            await stream.first_word()
            await act(something_was_missed)
            assert await stream.first_word() == RESET
            await act(rename, by=cast.ada)
            assert [hint["verb"] for hint in await stream.hints(1)] == ["company.renamed"]

    loops.run(scenario())


def test_a_line_that_nobody_can_read_ends_no_stream(cast: Cast) -> None:
    """Another version of ours may have said it, or a person at the database."""
    stream = Stream(cast.bob)

    async def scenario() -> None:
        async with stream.opened():
            await stream.first_word()
            for line in ("not ours", '{"id": 1}', "[]"):
                await act(notify, channel=CHANNEL, payloads=[line])
                assert await stream.first_word() == RESET
            await act(rename, by=cast.ada)
            assert [hint["verb"] for hint in await stream.hints(1)] == ["company.renamed"]

    loops.run(scenario())


def test_signals_have_a_pace() -> None:
    pace = Pace(at_once=3, a_second=2)
    who = ("conversation-1", "visitor.typing")
    assert [pace.allows(who, 10.0) for _ in range(4)] == [True, True, True, False]
    assert [pace.allows(who, 10.5), pace.allows(who, 10.5)] == [True, False]
    assert pace.allows(("conversation-2", "visitor.typing"), 10.5)
    with pytest.raises(ValueError, match="bytes"):
        signal("conversation-1", "visitor.typing", {"words": "x" * 8000}, team_id=None)


def _at(number: int) -> Conversation:
    return Conversation(pk=number)
