"""A mailbox on a real dovecot: by UID, read-only, nothing missed and nothing twice."""

import imaplib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zlib import crc32

import pytest
from django.core import mail as django_mail
from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from answerable.channels.email import fetching, health, watching
from answerable.channels.email.fetching import Unreachable, opened
from answerable.channels.email.jobs import mail_failure
from answerable.channels.email.models import Arrival, Mailbox
from answerable.channels.vault import seal
from answerable.desk.models import Message
from answerable.events.models import Event
from tests.cast import Cast
from tests.channels.email.letters import decide, letter
from tests.channels.email.peers import wait_for
from tests.channels.email.servers import PASSWORD, Dovecot, dovecot
from tests.ports import free_port

pytestmark = pytest.mark.servers
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A mailbox of each test's own."""
    return f"box-{crc32(request.node.name.encode())}"


def connect(cast: Cast, server: Dovecot, user: str, **more: object) -> Mailbox:
    settings = {"inbox": cast.support_inbox, "host": "127.0.0.1", "port": server.port, "username": user}
    settings |= {"security": Mailbox.Security.PLAIN, "sealed_password": seal(PASSWORD), "since": BEGINNING}
    return Mailbox.objects.create(**(settings | more))


def fetch(mailbox: Mailbox) -> int:
    with opened(Mailbox.objects.get(pk=mailbox.pk)) as box:
        return box.fetch_new()


def test_each_message_is_fetched_once_and_left_unseen(cast: Cast, server: Dovecot, user: str) -> None:
    for number in range(3):
        server.deliver(user, letter(f"number {number}"), number)
    mailbox = connect(cast, server, user)
    assert (fetch(mailbox), fetch(mailbox)) == (3, 0)
    server.deliver(user, letter("number 3"), 3)
    assert (fetch(mailbox), fetch(mailbox)) == (1, 0)
    decide()
    assert sorted(Message.objects.values_list("text", flat=True)) == [f"number {number}" for number in range(4)]
    assert {row.outcome for row in Arrival.objects.all()} == {"opened"}
    client = imaplib.IMAP4("127.0.0.1", server.port)
    client.login(user, PASSWORD)
    client.select(readonly=True)
    assert client.search(None, "SEEN")[1] == [b""]
    client.logout()


def test_what_was_there_before_is_left_alone(cast: Cast, server: Dovecot, user: str) -> None:
    server.deliver(user, letter("old"), 1)
    mailbox = connect(cast, server, user, since=timezone.now() + timedelta(days=2))
    assert fetch(mailbox) == 0
    server.deliver(user, letter("new"), 2)
    assert fetch(mailbox) == 1


def test_new_uids_for_all_messages_double_nothing(cast: Cast, server: Dovecot, user: str) -> None:
    for number in range(3):
        server.deliver(user, letter(f"number {number}"), number)
    mailbox = connect(cast, server, user)
    fetch(mailbox)
    decide()
    (server.mail / user / "dovecot-uidlist").unlink()
    for name in (server.mail / user).glob("dovecot.index*"):
        name.unlink()
    Mailbox.objects.update(uid_validity=1)  # as it was under the validity before
    assert fetch(mailbox) in (0, 3)
    decide()
    assert Message.objects.count() == 3
    server.deliver(user, letter("one more"), 9)
    assert fetch(mailbox) == 1


def test_what_was_missed_is_found_by_comparing(cast: Cast, server: Dovecot, user: str) -> None:
    for number in range(3):
        server.deliver(user, letter(f"number {number}"), number)
    mailbox = connect(cast, server, user)
    fetch(mailbox)
    Arrival.objects.order_by("pk")[1].delete()
    with opened(Mailbox.objects.get(pk=mailbox.pk)) as box:
        assert box.reconcile() == {"in_mailbox": 3, "in_ledger": 2, "fetched": 1}
    assert Arrival.objects.count() == 3


def test_what_is_too_large_is_put_aside_with_its_headers(
    cast: Cast, server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST_MESSAGE", 2000)
    server.deliver(user, letter("x" * 3000, subject="A film"), 1)
    server.deliver(user, letter("small"), 2)
    assert fetch(connect(cast, server, user)) == 2
    large = Arrival.objects.get(outcome="quarantined")
    assert b"A film" in bytes(large.raw)
    assert "still in the mailbox" in large.reason


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sealed_password": "wrong"}, "refuses the name or the password"),
        ({"sealed_password": "sealed elsewhere"}, "another key"),
        ({"folder": "Nowhere"}, "has no folder Nowhere"),
        ({"port": 0}, "cannot be read"),
        ({"security": "tls"}, "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(cast: Cast, server: Dovecot, user: str, change: dict[str, object], said: str) -> None:
    if change.get("sealed_password") == "wrong":
        change = {"sealed_password": seal("wrong")}
    if "port" in change:
        change = {"port": free_port()}
    mailbox = connect(cast, server, user, **change)
    with pytest.raises(Unreachable, match=said):
        fetch(mailbox)


def test_administrators_hear_once_of_a_mailbox_that_fails(cast: Cast, server: Dovecot, user: str) -> None:
    mailbox = connect(cast, server, user)
    health.note_failing(mailbox, "the password is wrong")
    assert not ProcrastinateJob.objects.filter(task_name__endswith=".mail_failure").exists()
    Mailbox.objects.update(failing_since=timezone.now() - health.ALARM_AFTER)
    for _ in range(3):
        health.note_failing(mailbox, "the password is wrong")
    asked = ProcrastinateJob.objects.get(task_name__endswith=".mail_failure")  # which no kill takes away
    mail_failure(**asked.args)
    (said,) = django_mail.outbox
    assert said.to == ["ada@example.com"]
    assert "the password is wrong" in said.body
    assert [row.pk for row in health.failing()] == [mailbox.pk]
    health.note_well(mailbox)
    assert health.failing() == []
    mail_failure(**asked.args)
    assert len(django_mail.outbox) == 1, "it is well by now"
    verbs = list(Event.objects.filter(subject=f"mailbox-{mailbox.pk}").order_by("id").values_list("verb", flat=True))
    assert verbs == ["mailbox.failed", "mailbox.recovered"]


@pytest.mark.django_db
@pytest.mark.parametrize("is_told_before", [True, False])
def test_what_comes_just_before_the_waiting_is_heard_of(server: Dovecot, user: str, *, is_told_before: bool) -> None:
    """In answer to another command, or together with the answer to IDLE: the server tells of it once."""
    from tests.cast import play

    server.deliver(user, letter("first"), 1)
    with opened(connect(play(), server, user)) as box:
        box.forget_news()
        assert box.fetch_new() == 1
        server.deliver(user, letter("second"), 2)
        if is_told_before:
            box.connection.client.noop()
        watching.wait_for_news(box, threading.Event())
        assert box.fetch_new() == 1


@pytest.mark.django_db(transaction=True)
def test_new_mail_is_heard_of_at_once(server: Dovecot, user: str) -> None:
    from tests.cast import play

    mailbox = connect(play(), server, user)
    server.deliver(user, letter("first"), 1)
    stop = threading.Event()
    thread = threading.Thread(target=watching.watch_all, args=(stop,), daemon=True)
    thread.start()
    try:
        wait_for(lambda: Arrival.objects.count() == 1)
        wait_for(lambda: Mailbox.objects.get().checked_at is not None)
        server.deliver(user, letter("second"), 2)
        wait_for(lambda: Arrival.objects.count() == 2)
        Mailbox.objects.filter(pk=mailbox.pk).update(sealed_password=seal("wrong"))
        wait_for(lambda: Mailbox.objects.get().failing_since is not None)
    finally:
        stop.set()
        thread.join(20)
        connections.close_all()
    assert not thread.is_alive()
