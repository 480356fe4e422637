"""How mail leaves this machine: through a relay by SMTP, or, where none is configured, into a directory."""

import contextlib
import os
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels import vault
from answerable.channels.email.composing import Letter
from answerable.channels.email.models import Mailbox, Relay
from answerable.desk.models import Inbox
from answerable.events.jobs import Later, Never
from answerable.web.standing import Given, Standing

CONNECT_SECONDS = 20.0
FAULTS_OF_THE_RELAY = frozenset({421, 454, 530, 534, 535, 538})
"""Replies about us and not about a message: going away, sign in, by TLS (RFC 4954, 6; RFC 3207)."""


RELAYS = Standing(lambda: Relay.objects.filter(Q(inbox=Given("inbox")) | Q(inbox=None)))
"""Asked with each conversation that is opened."""


class Away(Later):
    """The relay does not work: no message's fault."""


class Carrier(Protocol):
    """What takes a letter on."""

    def carry(self, letter: Letter) -> Mapping[str, str]:
        """Hand it over; answers who was refused, and why, when others were not. Raises Later or Never."""
        ...

    def close(self) -> None: ...


@dataclass
class ByRelay:
    """One connection to an SMTP server, opened when it is needed, kept for the next letter."""

    relay: Relay
    _connection: smtplib.SMTP | None = None

    def carry(self, letter: Letter) -> Mapping[str, str]:
        try:
            connection = self._connection or self.connect()
            options = ["SMTPUTF8", "BODY=8BITMIME"] if letter.is_international else []
            with _replies():
                refused = connection.sendmail(letter.sender, letter.recipients, letter.raw, mail_options=options)
        except Away:
            self.close()
            raise
        return {address: _words(code, text) for address, (code, text) in refused.items()}

    def connect(self) -> smtplib.SMTP:
        """Connect, verify who it is, sign in. Raises Away with the reason in words."""
        relay = self.relay
        with _reaching(relay):
            context = ssl.create_default_context()
            if relay.security == Mailbox.Security.TLS:
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    relay.host, relay.port, timeout=CONNECT_SECONDS, context=context
                )
            else:
                connection = smtplib.SMTP(relay.host, relay.port, timeout=CONNECT_SECONDS)
            with contextlib.ExitStack() as undone:
                undone.callback(connection.close)
                if relay.security == Mailbox.Security.STARTTLS:
                    connection.starttls(context=context)
                if relay.username:
                    connection.login(relay.username, vault.unseal(relay.sealed_password))
                undone.pop_all()
        self._connection = connection
        return connection

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()


@dataclass
class IntoDirectory:
    """Written down as `.eml` files, named after their Message-ID: the same mail is the same file."""

    directory: Path = field(default_factory=lambda: settings.UNSENT_DIR)

    def carry(self, letter: Letter) -> Mapping[str, str]:
        self.directory.mkdir(parents=True, exist_ok=True)
        path = self.directory / f"{letter.message_id.replace('/', '_')[:200]}.eml"
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            draft.write_bytes(letter.raw)
            draft.rename(path)
        except OSError as error:
            raise Away(str(error)) from error
        return {}

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Post:
    """The carriers of a batch of letters: each inbox's relay is asked for once, and connected to once."""

    relays: dict[int | None, Relay | None] = field(default_factory=dict)
    carriers: dict[int | None, Carrier] = field(default_factory=dict)
    away: dict[int | None, Away] = field(default_factory=dict)

    def carry(self, letter: Letter, inbox: Inbox | None) -> Mapping[str, str]:
        """By the inbox's relay. One that was away a moment ago is not waited for again."""
        relay = self._relay_of(inbox)
        key = relay.pk if relay else None
        if key in self.away:
            raise self.away[key]
        carrier = self.carriers.setdefault(key, ByRelay(relay) if relay else IntoDirectory())
        try:
            refused = carrier.carry(letter)
        except Away as error:
            self.away[key] = error
            note_health(relay, error)
            raise
        note_health(relay, None)
        return refused

    def _relay_of(self, inbox: Inbox | None) -> Relay | None:
        number = inbox.pk if inbox else None
        if number not in self.relays:
            self.relays[number] = relay_of(inbox)
        return self.relays[number]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for carrier in self.carriers.values():
            carrier.close()


def relay_of(inbox: Inbox | None) -> Relay | None:
    """The inbox's own, else the one for all; None where mail is written into the directory."""
    number = inbox.pk if inbox else None
    found = {relay.inbox_id: relay for relay in RELAYS.rows(inbox=number)}
    return found.get(number) or found.get(None)


def note_health(relay: Relay | None, error: Exception | None) -> None:
    """Keep for the pages whether it works; a row is written only when that changes."""
    now = timezone.now()
    if relay is None:
        return
    if error is not None:
        Relay.objects.filter(pk=relay.pk, failing_since=None).update(failing_since=now)
        Relay.objects.filter(pk=relay.pk).update(error=str(error)[:2000])
    elif relay.failing_since or relay.worked_at is None or (now - relay.worked_at).total_seconds() > 60:
        relay.worked_at, relay.failing_since = now, None
        Relay.objects.filter(pk=relay.pk).update(worked_at=now, failing_since=None, error="")


@contextlib.contextmanager
def _reaching(relay: Relay) -> Iterator[None]:
    """Say what is wrong between us and the server in words an administrator can act on."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        words = _("%(relay)s refuses the name or the password: %(reason)s")
        said = vault.concealed(_words(error.smtp_code, error.smtp_error), relay.username, relay.sealed_password)
        raise Away(words % {"relay": relay, "reason": said}) from None
    except ssl.SSLCertVerificationError as error:
        words = _("%(relay)s cannot prove who it is: %(reason)s")
        raise Away(words % {"relay": relay, "reason": error.verify_message}) from error
    except vault.Locked as error:
        raise Away(str(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        words = _("%(relay)s cannot be reached: %(reason)s")
        raise Away(words % {"relay": relay, "reason": error}) from error


@contextlib.contextmanager
def _replies() -> Iterator[None]:
    """What a server says to a letter, sorted into now not, and never (RFC 5321, 4.2.1)."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        words = "; ".join(f"{address}: {_words(code, text)}" for address, (code, text) in error.recipients.items())
        raise (Never if all(code >= 500 for code in codes) else Later)(words) from error
    except smtplib.SMTPResponseException as error:
        words = _words(error.smtp_code, error.smtp_error)
        if error.smtp_code in FAULTS_OF_THE_RELAY or error.smtp_code < 400:
            raise Away(words) from error
        raise (Never if error.smtp_code >= 500 else Later)(words) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Never(_("The relay cannot send to an address with such letters.")) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Away(str(error) or type(error).__name__) from error


def _words(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())}"[:1000].replace("\x00", "")
