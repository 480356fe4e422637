"""Facts brought up to date are the facts read from nothing, whatever happened and in whatever order."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from answerable.desk.actions.conversations import move, open_conversation, set_priority, set_status
from answerable.desk.actions.messages import receive, reply, take_back
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.actions.spam import mark_spam, unmark_spam
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Delivery, Message, Priority, Rearrangement, Status
from answerable.desk.timers import fire_due
from answerable.events.models import Event
from answerable.events.wire import conninfo
from answerable.feedback.actions.invitations import invite
from answerable.feedback.actions.ratings import rate
from answerable.feedback.models import Invitation
from answerable.insight.question import Question
from answerable.insight.store import FILE, Store
from answerable.insight.targets import Targets
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Facts of their own."""
    kept = Store(tmp_path)
    yield kept
    kept.close()


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order of its own."""
    tables = ("conversations", "clocks", "ratings")
    return {name: sorted(store.con.execute(f"FROM kept.{name}").fetchall(), key=str) for name in tables}


def check(store: Store, directory: Path) -> None:
    """Brought up to date, it holds what one read from nothing does."""
    store.refresh(conninfo())
    directory.mkdir()
    fresh = Store(directory)
    fresh.refresh(conninfo())
    assert rows(store) == rows(fresh)
    fresh.close()


class Life:
    """Something happens at the desk, by chance."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.chance = cast, random.Random(seed)
        self.deeds: list[Callable[[], object]] = [
            self.open, self.open, self.receive, self.reply, self.reply, self.take_back, self.status, self.status,
            self.priority, self.move, self.invite, self.rate, self.spam, self.merge, self.undo, fire_due,
        ]  # fmt: skip

    def go_on(self) -> None:
        """One deed; refused ones are none."""
        with suppress(Refused, IndexError):
            self.chance.choice(self.deeds)()

    def any(self) -> Conversation:
        return self.chance.choice(list(Conversation.objects.order_by("pk")))

    def merge(self) -> None:
        Delivery.objects.update(state=Delivery.State.SENT)
        merge(self.any(), absorb=[self.any()], by=self.cast.ada)

    def undo(self) -> None:
        undo(self.chance.choice(list(Rearrangement.objects.live().order_by("-pk")[:1])), by=self.cast.ada)

    def open(self) -> None:
        at = timezone.now() - timedelta(hours=self.chance.randrange(1, 200))
        inbox = self.chance.choice([self.cast.support_inbox, self.cast.sales_inbox])
        begun = open_conversation(inbox=inbox, contact=self.cast.dace, subject="Hello", by=None, at=at)
        receive(begun, contact=self.cast.dace, text="Where is it?", at=at)

    def receive(self) -> None:
        receive(self.any(), contact=self.cast.dace, text="Still waiting.", at=timezone.now())

    def reply(self) -> None:
        reply(self.any(), text="On its way.", by=self.cast.ada, seen_event=None, anyway=True)

    def take_back(self) -> None:
        take_back(self.chance.choice(list(Message.objects.filter(kind="outbound").order_by("pk"))), by=self.cast.ada)

    def status(self) -> None:
        set_status(self.any(), to=self.chance.choice(Status.values), by=self.cast.ada)

    def priority(self) -> None:
        set_priority(self.any(), to=self.chance.choice(Priority.values), by=self.cast.ada)

    def move(self) -> None:
        move(self.any(), to=self.chance.choice([self.cast.support, self.cast.sales]), by=self.cast.ada)

    def spam(self) -> None:
        self.chance.choice([mark_spam, unmark_spam])(self.any(), by=self.cast.ada)

    def invite(self) -> None:
        invite(self.any())

    def rate(self) -> None:
        rate(self.chance.choice(list(Invitation.objects.order_by("pk"))), score=self.chance.randrange(1, 6))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens(staged: Cast, store: Store, tmp_path: Path, seed: int) -> None:
    life = Life(staged, seed)
    for turn in range(6):
        for _deed in range(8):
            life.go_on()
        check(store, tmp_path / str(turn))
    assert store.version > 1
    assert store.verify(conninfo())


def test_one_that_commits_late_is_not_missed(desk: Cast, store: Store, tmp_path: Path) -> None:
    slow, quick = Conversation.objects.order_by("pk")[:2]
    with psycopg.connect(conninfo()) as connection:
        connection.execute("UPDATE desk_conversation SET reopen_count = 7 WHERE id = %s", [slow.pk])
        connection.execute(
            "INSERT INTO events_event (verb, subject, root, particulars, at) VALUES ('a.b', %(c)s, %(c)s, '{}', now())",
            {"c": f"conversation-{slow.pk}"},
        )
        set_priority(quick, to=Priority.URGENT, by=desk.ada)
        check(store, tmp_path / "before")
        set_priority(quick, to=Priority.LOW, by=desk.ada)
        check(store, tmp_path / "between")
    check(store, tmp_path / "after")
    assert store.con.execute("SELECT max(reopened_count) FROM kept.conversations").fetchone() == (7,)


def test_nothing_is_read_again_without_need(desk: Cast, store: Store, tmp_path: Path) -> None:
    store.refresh(conninfo())
    version = store.version
    store.close()
    again = Store(tmp_path)
    again.refresh(conninfo())
    assert (version, again.version) == (1, 0)  # the file was good
    set_priority(Conversation.objects.all()[0], to=Priority.URGENT, by=desk.ada)
    again.refresh(conninfo())
    assert again.version == 1
    assert Question.of({}, desk.ada).report(Targets()).answer(again.facts(Question.of({}, desk.ada).source()))
    again.close()


def test_a_broken_file_is_made_anew(desk: Cast, store: Store, tmp_path: Path) -> None:
    store.refresh(conninfo())
    expected = rows(store)
    store.close()
    (tmp_path / FILE).write_bytes(b"nonsense" * 1000)
    again = Store(tmp_path)
    again.refresh(conninfo())
    assert rows(again) == expected
    again.close()


def test_a_change_past_the_actions_is_noticed(desk: Cast, store: Store, tmp_path: Path) -> None:
    assert store.verify(conninfo())
    Conversation.objects.update(reopen_count=3)
    assert not store.verify(conninfo())
    check(store, tmp_path / "then")


def test_events_of_another_database_are_not_read_again(desk: Cast, store: Store) -> None:
    """After a restore they bear numbers of transactions that have not been yet."""
    with psycopg.connect(conninfo()) as connection:
        connection.execute("ALTER TABLE events_event DISABLE TRIGGER keep_events")
        connection.execute("UPDATE events_event SET transaction_id = '9000000000'::xid8")
        connection.execute("ALTER TABLE events_event ENABLE TRIGGER keep_events")
    store.refresh(conninfo())
    assert store.mark is not None
    assert store.mark.foreign_event == Event.objects.latest("pk").pk
    version = store.version
    store.refresh(conninfo())
    assert store.version == version
    set_priority(Conversation.objects.all()[0], to=Priority.URGENT, by=desk.ada)
    store.refresh(conninfo())
    assert store.version == version + 1
