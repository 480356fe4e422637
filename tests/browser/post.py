"""The customer's side of the mail: what they send to our listener, and the server that takes our answers."""

import smtplib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from email.utils import make_msgid
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from tests.ports import free_port
from tests.site.waiting import until


@dataclass(frozen=True)
class Correspondent:
    """Somebody who writes to `inbox` by SMTP at `port`."""

    name: str
    address: str
    inbox: str
    port: int

    def write(
        self,
        subject: str,
        text: str,
        *,
        html: str = "",
        answers: EmailMessage | None = None,
        file: tuple[str, bytes] | None = None,
        name: str = "",
    ) -> float:
        """Send a mail, with `name` as its Message-ID if given; the moment (`time.time()`, seconds) at which the
        listener said it keeps it."""
        letter = EmailMessage(policy=CRLF)
        letter["From"] = f"{self.name} <{self.address}>"
        letter["To"] = answers["Reply-To"] or answers["From"] if answers else self.inbox
        letter["Subject"] = subject
        letter["Message-ID"] = name or make_msgid(domain="customer.example")
        if answers:
            letter["In-Reply-To"] = answers["Message-ID"]
            letter["References"] = f"{answers['References'] or ''} {answers['Message-ID']}".strip()
        letter.set_content(text)
        if html:
            letter.add_alternative(html, subtype="html")
        if file:
            letter.add_attachment(file[1], maintype="application", subtype="pdf", filename=file[0])
        to = [letter["To"].addresses[0].addr_spec]
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as listener:
            listener.send_message(letter, self.address, to)
            return time.time()


@dataclass
class PostOffice:
    """An SMTP server that takes all mail and keeps it: the peer of the company's relay."""

    port: int = field(default_factory=free_port)
    letters: list[EmailMessage] = field(default_factory=list)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> Self:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=CRLF)
        with self._arrived:
            self.letters.append(letter)
            self._arrived.notify_all()
        return "250 OK"

    def letter(self, wanted: Callable[[EmailMessage], bool], what: str, seconds: float = 60) -> EmailMessage:
        """The first letter like that, waited for."""
        return until(lambda: next((found for found in list(self.letters) if wanted(found)), None), seconds, what)
