"""The listener meets whatever there is on the net."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection

from answerable.channels.email import listener
from answerable.channels.email.intake import take_in
from answerable.channels.email.listener import Door, Keeper, listen, new_arrival
from answerable.channels.email.models import Arrival
from answerable.desk.models import Conversation
from tests import loops
from tests.cast import Cast
from tests.channels.email.peers import wait_for
from tests.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(cast: Cast) -> Iterator[int]:
    """Where it listens, by SMTP."""
    place, stop = free_port(), threading.Event()
    thread = threading.Thread(target=listen, args=([Door("127.0.0.1", place)], stop), daemon=True)
    thread.start()
    try:
        wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", place)) == 0)
        yield place
    finally:
        stop.set()
        thread.join(10)


def say(port: int, *lines: bytes) -> list[bytes]:
    """Each line in its turn; the first line of each answer."""
    with socket.create_connection(("127.0.0.1", port), 10) as peer, peer.makefile("rb") as answers:
        heard = [answers.readline()]
        for line in lines:
            peer.sendall(line + b"\r\n")
            answer = answers.readline()
            heard.append(answer)
            while answer[3:4] == b"-":
                answer = answers.readline()
    return heard


MAIL = b"From: dace@customer.example\r\nTo: support@example.com\r\nSubject: Hello\r\n\r\nWhere is it?\r\n."


@pytest.mark.parametrize(
    ("greeting", "sender", "recipient"),
    [
        (b"EHLO me", b"MAIL FROM:<da\xffce@customer.example> SMTPUTF8", b"RCPT TO:<support@example.com>"),
        (b"EHLO me", b"MAIL FROM:<dace@customer.example> SMTPUTF8", b"RCPT TO:<support+\xff\xfe@example.com>"),
        (b"EHLO m\xff", b"MAIL FROM:<dace@customer.example>", b"RCPT TO:<support@example.com>"),
    ],
)
def test_addresses_in_no_known_letters_bounce_nothing(
    port: int, greeting: bytes, sender: bytes, recipient: bytes
) -> None:
    heard = say(port, greeting, sender, recipient, b"DATA", MAIL)
    if heard[-2].startswith(b"354"):
        assert heard[-1].startswith(b"250"), heard
        take_in()
        assert Arrival.objects.get().outcome == "opened"
    else:
        assert all(each[:1] in b"245" for each in heard if each)


def test_a_form_that_names_no_envelope_sender_brings_its_visitor(port: int) -> None:
    mail = b"Reply-To: Anna <anna@visitor.example>\r\n" + MAIL.replace(b"dace@", b"noreply@")
    heard = say(port, b"EHLO me", b"MAIL FROM:<>", b"RCPT TO:<support@example.com>", b"DATA", mail)
    assert heard[-1].startswith(b"250"), heard
    take_in()
    conversation = Conversation.objects.get()
    assert (conversation.contact.name, conversation.unanswered_since is not None) == ("Anna", True)


@pytest.mark.parametrize("end", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r"])
def test_no_second_mail_is_smuggled_in_behind_a_false_end(port: int, end: bytes) -> None:
    """SMTP smuggling: only CRLF . CRLF ends a mail (RFC 5321, 4.1.1.4)."""
    hidden = b"MAIL FROM:<boss@example.com>\r\nRCPT TO:<support@example.com>\r\nDATA\r\nSubject: Pay\r\n\r\nNow.\r\n."
    inside = MAIL.removesuffix(b"\r\n.") + end + hidden
    say(port, b"EHLO me", b"MAIL FROM:<dace@customer.example>", b"RCPT TO:<support@example.com>", b"DATA", inside)
    assert Arrival.objects.count() <= 1
    assert not Arrival.objects.filter(envelope_from="boss@example.com").exists()


def test_it_is_no_relay(port: int) -> None:
    for recipient in (b"eve@elsewhere.example", b"support@example.com@elsewhere.example", b"support", b'"a b"@x', b""):
        heard = say(port, b"EHLO me", b"MAIL FROM:<dace@customer.example>", b"RCPT TO:<" + recipient + b">")
        assert heard[-1].startswith(b"5"), recipient


def test_one_that_cannot_be_kept_does_not_cost_the_others_their_place(cast: Cast) -> None:
    def arrival(door: str) -> Arrival:
        return new_arrival(MAIL, door=door, envelope_from="", envelope_to=["support@example.com"])

    async def together() -> list[object]:
        keeper = Keeper()
        writing = asyncio.create_task(keeper.run())
        doors = ("smtp", "a door with a name too long to be kept", "smtp")
        kept = await asyncio.gather(*(keeper.keep(arrival(door)) for door in doors), return_exceptions=True)
        writing.cancel()
        await keeper.close()
        return kept

    first, broken, last = loops.run(together())
    assert isinstance(broken, DatabaseError)
    assert sorted(Arrival.objects.values_list("pk", flat=True)) == sorted([first, last])  # type: ignore[type-var]
    assert not Conversation.objects.exists()


HEAD = b"From: dace@customer.example\r\nTo: support@example.com\r\nSubject: Hello\r\n\r\n"
ENVELOPE = (b"MAIL FROM:<dace@customer.example>", b"RCPT TO:<support@example.com>", b"DATA")


def kept() -> list[bytes]:
    return [bytes(raw) for raw in Arrival.objects.order_by("pk").values_list("raw", flat=True)]


def test_a_full_disk_puts_mail_off_with_a_line_each(port: int, caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'No space left' USING ERRCODE = 'disk_full'; END $$;"
            " CREATE TRIGGER no_room BEFORE INSERT ON email_arrival EXECUTE FUNCTION no_room()"
        )
    begin = b"EHLO me", b"MAIL FROM:<dace@customer.example>", b"RCPT TO:<support@example.com>", b"DATA"
    try:
        assert say(port, *begin, MAIL)[-1].startswith(b"451")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER no_room ON email_arrival; DROP FUNCTION no_room()")
    assert caplog.messages == ["a message could not be kept, and its sender is to come back: No space left"]
    assert caplog.records[0].exc_info is None
    assert say(port, *begin, MAIL)[-1].startswith(b"250")


def test_dots_and_ends_are_read_as_they_are_meant(port: int) -> None:
    told = HEAD + b"..two\r\n...three\r\nfar\n.\nMAIL FROM:<x@y.example>\n.\r\nend\r.\r\n" + 3000 * b"long " + b"\r\n."
    assert say(port, b"EHLO me", *ENVELOPE, told)[-1].startswith(b"250")
    assert kept() == [
        HEAD + b".two\r\n..three\r\nfar\n.\nMAIL FROM:<x@y.example>\n.\r\nend\r.\r\n" + 3000 * b"long " + b"\r\n"
    ]


def test_a_message_may_come_in_pieces_and_with_what_follows(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as peer, peer.makefile("rb") as answers:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(b"HELO me\r\n" + b"\r\n".join(ENVELOPE) + b"\r\n")
        assert [answers.readline()[:3] for _ in range(5)] == [b"220", b"250", b"250", b"250", b"354"]
        for piece in (HEAD + b"one\r", b"\n", b".", b"\r"):
            peer.sendall(piece)
        peer.sendall(b"\n" + b"\r\n".join(ENVELOPE) + b"\r\n" + HEAD + b"two\r\n.\r\nQUIT\r\n")
        assert [answers.readline()[:3] for _ in range(6)] == [b"250", b"250", b"250", b"354", b"250", b"221"]
    assert kept() == [HEAD + b"one\r\n", HEAD + b"two\r\n"]


def test_what_is_too_large_is_refused_and_the_next_is_taken(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "LARGEST_MESSAGE", 100_000)
    large = HEAD + 10_000 * b"words and words\r\n" + b"."
    heard = say(port, b"EHLO me", *ENVELOPE, large, *ENVELOPE, HEAD + b"small\r\n.")
    assert [answer[:3] for answer in heard[-5:]] == [b"552", b"250", b"250", b"354", b"250"]
    assert kept() == [HEAD + b"small\r\n"]
