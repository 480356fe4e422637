"""Real peers on loopback, on ports nobody uses: an SMTP server that keeps what it is given."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Sink:
    """An SMTP server. `answer` may say something else than yes: it is asked for each message."""

    answer: Callable[[Envelope], str] = lambda _envelope: "250 OK"
    refuse: dict[str, str] = field(default_factory=dict)
    """Address -> what to say to it at RCPT."""
    taken: list[Envelope] = field(default_factory=list)
    port: int = 0

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(bytes(each.content or b""), policy=default) for each in self.taken]  # type: ignore[misc]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.answer(envelope)
        if said.startswith("250"):
            self.taken.append(envelope)
        return said

    @contextmanager
    def open(self, port: int = 0) -> Iterator["Sink"]:
        """Listen until the end of the block."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        serving = loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port)
        server = asyncio.run_coroutine_threadsafe(serving, loop).result(10)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)


def wait_for(condition: Callable[[], object], seconds: float = 20.0, every: float = 0.02) -> None:
    """Until it holds; AssertionError when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(every)
