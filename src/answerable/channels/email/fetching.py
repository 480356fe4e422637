"""Reading a mailbox by IMAP (RFC 9051) without leaving a trace in it: it is opened read-only, and no flag is set.

What is new is told by UID alone. The cursor moves in the transaction that keeps what it has passed.
"""

import contextlib
import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from typing import cast

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from answerable.channels import vault
from answerable.channels.email.ledger import WAKES
from answerable.channels.email.listener import LARGEST_MESSAGE, new_arrival
from answerable.channels.email.models import Arrival, Mailbox
from answerable.events.wire import notify

TIMEOUT_SECONDS = 60.0
TOGETHER = 50  # messages
TOGETHER_BYTES = 16 * 1024 * 1024
LOOKED_BACK = timedelta(days=30)
"""How far the daily comparison of mailbox and ledger goes."""
UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')


class Unreachable(Exception):
    """The mailbox cannot be read now. The text says why, to an administrator."""


@dataclass(frozen=True)
class Found:
    """A message in the mailbox: its UID, its size in bytes, and when that server got it."""

    uid: int
    size: int
    at: datetime


@contextlib.contextmanager
def opened(mailbox: Mailbox) -> Iterator["Box"]:
    """The mailbox, open until the end of the block. Raises Unreachable, also for what fails in the block."""
    box: BaseMailBox | None = None
    try:
        box = _connect(mailbox)
        password = vault.unseal(mailbox.sealed_password)
        plain = f"{mailbox.username}{password}".isascii()
        (box.login if plain else box.login_utf8)(mailbox.username, password, None)
        box.folder.set(mailbox.folder, readonly=True)
        yield Box(mailbox, box)
    except MailboxLoginError as error:
        words = _("%(mailbox)s refuses the name or the password: %(reason)s")
        raise Unreachable(words % {"mailbox": mailbox, "reason": _reason(error, mailbox)}) from None
    except MailboxFolderSelectError as error:
        words = _("%(mailbox)s has no folder %(folder)s: %(reason)s")
        raise Unreachable(
            words % {"mailbox": mailbox, "folder": mailbox.folder, "reason": _reason(error, mailbox)}
        ) from error
    except ssl.SSLCertVerificationError as error:
        words = _("%(host)s cannot prove who it is: %(reason)s")
        raise Unreachable(words % {"host": mailbox.host, "reason": error.verify_message}) from error
    except vault.Locked as error:
        raise Unreachable(str(error)) from error
    except (imaplib.IMAP4.error, ImapToolsError, OSError) as error:
        words = _("%(mailbox)s cannot be read: %(reason)s")
        raise Unreachable(words % {"mailbox": mailbox, "reason": _reason(error, mailbox)}) from error
    finally:
        if box is not None:
            with contextlib.suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
                box.logout()


class Box:
    """An open mailbox, and its place in the ledger."""

    def __init__(self, mailbox: Mailbox, connection: BaseMailBox) -> None:
        self.mailbox = mailbox
        self.connection = connection
        self.validity = int(connection.client.response("UIDVALIDITY")[1][0] or 0)

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self.connection.client.capabilities

    def forget_news(self) -> None:
        """What the server has told so far is about to be fetched."""
        self.connection.client.untagged_responses.pop("EXISTS", None)

    def has_news(self) -> bool:
        """Once IDLE has begun: whether the server told of something since, before anybody waited for it.

        It did so in answer to another command, and will not tell again; or in one packet with the answer to IDLE, so
        that it was read with it, and who waits for the socket waits for nothing.
        """
        client = self.connection.client
        if client.untagged_responses.get("EXISTS"):
            return True
        patience = client.sock.gettimeout()
        client.sock.settimeout(0)
        try:
            return b"EXISTS" in cast(BufferedReader, client.file).peek()
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            client.sock.settimeout(patience)

    def fetch_new(self) -> int:
        """Keep what has come since the last time; how many messages.

        UIDs are void when the server changes their validity (RFC 9051, 2.3.1.1): then everything since the
        mailbox was connected is looked at again, and the chain of rules knows what it has seen before.
        """
        mailbox = self.mailbox
        if mailbox.uid_validity != self.validity:
            return self._begin()
        new = [uid for uid in self._search(f"UID {mailbox.last_uid + 1}:*") if uid > mailbox.last_uid]
        return self._keep(self._describe(new), moving=True)

    def _begin(self) -> int:
        """The first time, or under new UIDs: what came since the mailbox was connected; the cursor behind it."""
        mailbox = self.mailbox
        told = self.connection.client.response("UIDNEXT")[1][0]
        behind = int(told) - 1 if told else max(self._search("ALL"), default=0)
        mailbox.uid_validity, mailbox.last_uid = self.validity, 0
        there = self._describe(self._search(_since(mailbox.since)))
        kept = self._keep([found for found in there if _is_since(found, mailbox.since)], moving=False)
        mailbox.last_uid = max(behind, max((found.uid for found in there), default=0))
        mailbox.save(update_fields=["uid_validity", "last_uid"])
        return kept

    def reconcile(self) -> dict[str, int]:
        """Compare the mailbox with the ledger, and fetch what is missing: `in_mailbox`, `in_ledger`, `fetched`."""
        since = max(self.mailbox.since, timezone.now() - LOOKED_BACK)
        there = [found for found in self._describe(self._search(_since(since))) if _is_since(found, since)]
        names = {self._name(found.uid): found for found in there if found.uid <= self.mailbox.last_uid}
        here = set(Arrival.objects.filter(name_at_door__in=names).values_list("name_at_door", flat=True))
        missing = [found for name, found in names.items() if name not in here]
        return {"in_mailbox": len(names), "in_ledger": len(here), "fetched": self._keep(missing, moving=False)}

    def _name(self, uid: int) -> str:
        return f"imap:{self.mailbox.pk}:{self.validity}:{uid}"

    def _search(self, criteria: str) -> list[int]:
        return sorted(int(uid) for uid in self.connection.uids(criteria, charset=None))

    def _describe(self, uids: Sequence[int]) -> list[Found]:
        """Size and arrival of each; messages deleted meanwhile are left out."""
        found = []
        for start in range(0, len(uids), 1000):
            for head, _body in self._fetch(uids[start : start + 1000], "(UID RFC822.SIZE INTERNALDATE)"):
                uid, size, date = UID.search(head), SIZE.search(head), DATE.search(head)
                if uid and size:
                    found.append(Found(int(uid[1]), int(size[1]), _instant(date[1] if date else b"")))
        return sorted(found, key=lambda each: each.uid)

    def _keep(self, messages: Sequence[Found], *, moving: bool) -> int:
        """Write them into the ledger, a batch a transaction, each of which moves the cursor."""
        kept = 0
        for batch in _batches(messages):
            whole = {each.uid: each for each in batch if each.size <= LARGEST_MESSAGE}
            arrivals = [
                self._arrival(whole[uid], body)
                for head, body in self._fetch(list(whole), "(UID BODY.PEEK[])")
                if (uid := _uid(head)) in whole
            ]
            arrivals += [self._too_large(each) for each in batch if each.uid not in whole]
            with transaction.atomic():
                Arrival.objects.bulk_create(arrivals, ignore_conflicts=True)
                notify(WAKES)
                if moving:
                    self._move(max(each.uid for each in batch))
            kept += len(arrivals)
        return kept

    def _move(self, uid: int) -> None:
        row = Mailbox.objects.filter(pk=self.mailbox.pk, uid_validity=self.validity)
        row.update(last_uid=Greatest(F("last_uid"), uid))
        self.mailbox.last_uid = max(self.mailbox.last_uid, uid)

    def _arrival(self, found: Found, raw: bytes) -> Arrival:
        arrival = new_arrival(
            raw,
            door=Arrival.Door.IMAP,
            envelope_from="",
            envelope_to=[self.mailbox.inbox.address],
            peer=str(self.mailbox),
            name_at_door=self._name(found.uid),
        )
        arrival.received_at = min(found.at, timezone.now())
        return arrival

    def _too_large(self, found: Found) -> Arrival:
        """Its headers only, and put aside at once: a person decides."""
        heads = self._fetch([found.uid], "(UID BODY.PEEK[HEADER])")
        arrival = self._arrival(found, heads[0][1] if heads else b"")
        arrival.outcome = Arrival.Outcome.QUARANTINED
        arrival.reason = f"It has {found.size} bytes, more than {LARGEST_MESSAGE}; it is still in the mailbox."
        arrival.decided_at = timezone.now()
        return arrival

    def _fetch(self, uids: Sequence[int], parts: str) -> list[tuple[bytes, bytes]]:
        """(all but the literal, the literal) of each message; a server may name the UID on either side of it."""
        if not uids:
            return []
        status, answer = self.connection.client.uid("FETCH", ",".join(map(str, uids)), parts)
        if status != "OK":
            raise Unreachable(_("%(mailbox)s does not hand its messages out.") % {"mailbox": self.mailbox})
        found: list[tuple[bytes, bytes]] = []
        for item in answer:
            if isinstance(item, tuple):
                found.append((item[0], item[1]))
            elif isinstance(item, bytes) and re.match(rb"\d+ \(", item):
                found.append((item, b""))
            elif isinstance(item, bytes) and found:
                found[-1] = (found[-1][0] + b" " + item, found[-1][1])
        return found


def _connect(mailbox: Mailbox) -> BaseMailBox:
    host, port = mailbox.host, mailbox.port
    context = ssl.create_default_context()
    if mailbox.security == Mailbox.Security.TLS:
        return MailBox(host, port, TIMEOUT_SECONDS, ssl_context=context)
    if mailbox.security == Mailbox.Security.STARTTLS:
        return MailBoxStartTls(host, port, TIMEOUT_SECONDS, ssl_context=context)
    return MailBoxUnencrypted(host, port, TIMEOUT_SECONDS)


def _batches(messages: Sequence[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    for each in messages:
        if batch and (len(batch) == TOGETHER or sum(one.size for one in batch) + each.size > TOGETHER_BYTES):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _since(moment: datetime) -> str:
    """The server compares days in a zone of its own: one day more than asked for."""
    day = moment.astimezone(UTC) - timedelta(days=1)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"SINCE {day.day}-{months[day.month - 1]}-{day.year}"


def _is_since(found: Found, moment: datetime) -> bool:
    """The server's dates know no fractions of a second."""
    return found.at >= moment.replace(microsecond=0)


def _instant(text: bytes) -> datetime:
    parsed = imaplib.Internaldate2tuple(b'INTERNALDATE "' + text + b'"')
    if parsed is None:
        return timezone.now()
    return datetime.fromtimestamp(time.mktime(parsed), UTC)


def _uid(head: bytes) -> int:
    match = UID.search(head)
    return int(match[1]) if match else 0


def _reason(error: Exception, mailbox: Mailbox) -> str:
    """The server's own words out of the library's, without the password if it has repeated that."""
    said = getattr(error, "command_result", None)
    words = str(error) or type(error).__name__
    if said and said[1] and isinstance(said[1][-1], bytes):
        words = said[1][-1].decode("utf-8", "replace")
    return vault.concealed(words, mailbox.username, mailbox.sealed_password)
