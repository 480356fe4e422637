"""What an administrator sets up: mailboxes, relays, manners. Passwords are sealed before they are stored."""

from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from answerable.channels.email.fetching import opened
from answerable.channels.email.models import Mailbox, Manners, Relay
from answerable.channels.email.relays import ByRelay
from answerable.channels.vault import seal
from answerable.desk.models import Inbox
from answerable.events.record import record
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator

Server = TypeVar("Server", Mailbox, Relay)


def set_manners(
    inbox: Inbox,
    *,
    plus_addresses: bool,
    acknowledges: bool,
    copies_count: bool = False,
    takes_forwards: bool = True,
    by: User | None,
) -> Manners:
    """How the inbox reads and writes from now on."""
    check_is_administrator(by)
    asked = {
        "plus_addresses": plus_addresses,
        "acknowledges": acknowledges,
        "copies_count": copies_count,
        "takes_forwards": takes_forwards,
    }
    with transaction.atomic():
        row, _made = Manners.objects.update_or_create(inbox=inbox, defaults=asked)
        record("manners.changed", subject=row, by=by, **asked)
    return row


def save_mailbox(row: Mailbox, *, password: str, by: User | None) -> Mailbox:
    """A mailbox, new or changed; an empty password leaves the one there is. Another folder begins anew."""
    check_is_administrator(by)
    before = Mailbox.objects.filter(pk=row.pk).first()
    if password:
        row.sealed_password = seal(password)
    if before and (before.host, before.username, before.folder) != (row.host, row.username, row.folder):
        row.uid_validity, row.last_uid, row.since, row.reconciled_at = None, 0, timezone.now(), None
    row.failing_since, row.error, row.alarmed_at = None, "", None
    return _saved(row, "mailbox.changed" if before else "mailbox.added", by)


def retire_mailbox(row: Mailbox, *, by: User | None) -> None:
    """Nothing is fetched from it any more. What was fetched stays."""
    check_is_administrator(by)
    row.retired_at = timezone.now()
    _saved(row, "mailbox.retired", by)


def save_relay(row: Relay, *, password: str, by: User | None) -> Relay:
    """A relay, new or changed; an empty password leaves the one there is, no name needs none."""
    check_is_administrator(by)
    if password or not row.username:
        row.sealed_password = seal(password) if row.username else ""
    row.failing_since, row.error = None, ""
    return _saved(row, "relay.changed" if row.pk else "relay.added", by)


def remove_relay(row: Relay, *, by: User | None) -> None:
    """Its mail goes by the relay for all, or, where there is none, into the directory."""
    check_is_administrator(by)
    with transaction.atomic():
        record("relay.removed", subject=row, by=by, host=row.host)
        row.delete()


def try_mailbox(row: Mailbox) -> int:
    """Sign in and look: how many messages there are in the folder. Raises Unreachable with the reason."""
    with opened(row) as box:
        return len(box.connection.numbers("ALL", charset=None))


def try_relay(row: Relay) -> None:
    """Connect and sign in. Raises Away with the reason."""
    carrier = ByRelay(row)
    carrier.connect()
    carrier.close()


def _saved(row: Server, verb: str, by: User | None) -> Server:
    with transaction.atomic():
        row.save()
        record(verb, subject=row, by=by, host=row.host, username=row.username)
    return row
