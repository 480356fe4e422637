"""A thread for each mailbox: fetch what is new, then wait until the server says that there is more."""

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone

from answerable.channels.email.fetching import Box, Unreachable, opened
from answerable.channels.email.health import note_failing, note_well
from answerable.channels.email.models import Mailbox
from answerable.events.record import record

LOOK_SECONDS = 3.0
"""How often the list of mailboxes is read, and a waiting thread looks up."""
IDLE_SECONDS = 9 * 60.0
"""After which IDLE is issued again (RFC 2177 says before 29 minutes; home routers forget connections sooner)."""
POLL_SECONDS = 30.0
"""Where the server knows no IDLE."""
WAITS = (5.0, 15.0, 60.0, 120.0, 300.0)
RECONCILE_EVERY = timedelta(days=1)
logger = logging.getLogger(__name__)


@dataclass
class Watch:
    """A thread on a mailbox as it was configured when the thread began."""

    seal: tuple[object, ...]
    thread: threading.Thread
    stop: threading.Event


def watch_all(stop: threading.Event) -> None:
    """Keep a thread on each mailbox in use, a new one where something was changed."""
    watches: dict[int, Watch] = {}
    try:
        while not stop.is_set():
            try:
                rows = {row.pk: row for row in Mailbox.objects.filter(retired_at=None, inbox__retired_at=None)}
            except (OperationalError, InterfaceError) as error:
                logger.warning("the list of mailboxes cannot be read: %s", str(error).strip().split("\n")[0])
            else:
                _renew(watches, rows)
            connections.close_all()
            stop.wait(LOOK_SECONDS)
    finally:
        for watch in watches.values():
            watch.stop.set()
        for watch in watches.values():
            watch.thread.join(2 * LOOK_SECONDS)


def _renew(watches: dict[int, Watch], rows: dict[int, Mailbox]) -> None:
    for number, watch in list(watches.items()):
        if number not in rows or _seal(rows[number]) != watch.seal or not watch.thread.is_alive():
            watch.stop.set()
            del watches[number]
    for number, row in rows.items():
        if number not in watches:
            stop = threading.Event()
            thread = threading.Thread(target=_watch, args=(number, stop), name=f"mailbox-{number}", daemon=True)
            watches[number] = Watch(_seal(row), thread, stop)
            thread.start()


def _seal(row: Mailbox) -> tuple[object, ...]:
    return (row.inbox_id, row.host, row.port, row.security, row.username, row.sealed_password, row.folder)


def _watch(number: int, stop: threading.Event) -> None:
    failures = 0
    while not stop.is_set():
        try:
            mailbox = Mailbox.objects.select_related("inbox").get(pk=number)
            try:
                with opened(mailbox) as box:
                    failures = 0
                    stay(box, stop)
            except Unreachable as error:
                logger.warning("%s", error)
                note_failing(mailbox, str(error))
                stop.wait(WAITS[min(failures, len(WAITS) - 1)])
                failures += 1
        except (OperationalError, InterfaceError) as error:
            logger.warning("mailbox %s: the database does not answer (%s)", number, str(error).strip().split("\n")[0])
            stop.wait(WAITS[0])
        except Exception:  # whatever its server made us do: this thread is all that watches the mailbox, so it goes on
            logger.exception("mailbox %s", number)
            stop.wait(WAITS[-1])
        finally:
            connections.close_all()


def stay(box: Box, stop: threading.Event) -> None:
    """With the mailbox, for as long as the connection holds."""
    while not stop.is_set():
        box.forget_news()
        box.fetch_new()
        _reconcile_if_due(box)
        note_well(box.mailbox)
        connections.close_all()
        wait_for_news(box, stop)


def _reconcile_if_due(box: Box) -> None:
    mailbox = box.mailbox
    if mailbox.reconciled_at and timezone.now() - mailbox.reconciled_at < RECONCILE_EVERY:
        return
    found = box.reconcile()
    mailbox.reconciled_at = timezone.now()
    Mailbox.objects.filter(pk=mailbox.pk).update(reconciled_at=mailbox.reconciled_at)
    record("mailbox.reconciled", subject=mailbox, by=None, team_id=mailbox.inbox.team_id, **found)
    if found["fetched"]:
        logger.warning("%s: %s messages had been missed, and are fetched now", mailbox, found["fetched"])


def wait_for_news(box: Box, stop: threading.Event) -> None:
    """Until something has come, IDLE has to be issued again, or we are to stop."""
    if not box.can_idle:
        stop.wait(POLL_SECONDS)
        box.connection.client.noop()
        return
    until = timezone.now() + timedelta(seconds=IDLE_SECONDS)
    with box.connection.idle as idle:
        while not (stop.is_set() or box.has_news()) and timezone.now() < until:
            if any(b"EXISTS" in line or b"BYE" in line for line in idle.poll(LOOK_SECONDS)):
                return
