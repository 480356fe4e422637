"""No password in a log, on a page or in a reason, whatever goes wrong, even if the other side repeats it."""

import logging
import socketserver
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from answerable.channels.email import health
from answerable.channels.email.fetching import Unreachable, opened
from answerable.channels.email.models import Mailbox, Relay
from answerable.channels.email.outbox import send_due
from answerable.channels.vault import seal
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Delivery
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter
from tests.ports import free_port
from tests.site.served import environment

SECRET = "corr3ct-horse"


class Parrot(socketserver.StreamRequestHandler):
    """A server that refuses everything and repeats what it was told, as a debugging one may."""

    def handle(self) -> None:
        imap = self.server.imap  # type: ignore[attr-defined]
        self.wfile.write(b"* OK ready\r\n" if imap else b"220 ready\r\n")
        for line in self.rfile:
            tag, _, command = line.strip().partition(b" ")
            if imap and command.upper().startswith(b"CAPABILITY"):
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK\r\n")
            elif imap:
                self.wfile.write(tag + b" NO [AUTHENTICATIONFAILED] not " + command + b"\r\n")
            elif line.upper().startswith(b"EHLO"):
                self.wfile.write(b"250-parrot\r\n250 AUTH PLAIN LOGIN\r\n")
            else:
                self.wfile.write(b"535 5.7.8 not " + line.strip() + b"\r\n")


@contextmanager
def parrot(*, imap: bool) -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Parrot) as server:
        server.imap, server.daemon_threads = imap, True  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def tells(text: str) -> bool:
    said = b64encode(f"\0us\0{SECRET}".encode()).decode(), b64encode(SECRET.encode()).decode()
    return any(secret in text for secret in (SECRET, *said))


@pytest.mark.parametrize("port", ["parrot", "nobody"])
def test_a_mailbox_that_refuses_us(cast: Cast, port: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with parrot(imap=True) as listening:
        mailbox = Mailbox.objects.create(
            inbox=cast.support_inbox,
            host="127.0.0.1",
            port=listening if port == "parrot" else free_port(),
            security=Mailbox.Security.PLAIN,
            username="us",
            sealed_password=seal(SECRET),
        )
        with pytest.raises(Unreachable) as refused, opened(mailbox):
            pass
        health.note_failing(mailbox, str(refused.value))
    mailbox.refresh_from_db()
    assert mailbox.error
    assert not tells(f"{refused.value} {mailbox.error} {mailbox!r} {caplog.text}")


def test_a_relay_that_refuses_us(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    arrive(letter())
    reply(Conversation.objects.get(), text="Here.", by=cast.bob, seen_event=None, anyway=True)
    Delivery.objects.update(due_at="2026-01-01T00:00Z")
    with parrot(imap=False) as port:
        Relay.objects.create(
            host="127.0.0.1",
            port=port,
            security=Mailbox.Security.PLAIN,
            username="us",
            sealed_password=seal(SECRET),
        )
        send_due()
    relay, delivery = Relay.objects.get(), Delivery.objects.get()
    assert "535" in relay.error
    assert "535" in delivery.error
    assert not tells(f"{relay.error} {delivery.error} {relay!r} {caplog.text}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://us:{secret}@127.0.0.1:{port}/product?connect_timeout=1",
        "postgresql://us:{secret}/x@127.0.0.1:{port}/product",
        "postgresql://us:x{secret}@127.0.0.1:port/product",
        "mysql://us:{secret}@127.0.0.1/product",
    ],
)
def test_a_database_that_cannot_be_reached(url: str, tmp_path: Path) -> None:
    address = url.format(secret=SECRET, port=free_port())
    ran = subprocess.run(
        [sys.executable, "-m", "answerable", "mail", "ledger"],
        env=environment(tmp_path, DATABASE_URL=address),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode
    assert ran.stderr
    assert not tells(ran.stdout + ran.stderr)
