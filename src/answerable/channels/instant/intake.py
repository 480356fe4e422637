"""Taking in what messengers handed over: one outcome each, in the transaction that writes what it became.

One process does this at a time, the others stand by. What comes by one chat is taken in one after the other; a chat
that has to wait, for a file or for an answer of its messenger, holds up no other. Each attempt is counted before it is
made, and what ends the process again and again is put aside.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.instant.filing import Filed, file
from answerable.channels.instant.happened import Happening, Remote, Said
from answerable.channels.instant.keeping import fitting
from answerable.channels.instant.messenger import Messenger, messengers
from answerable.channels.instant.models import Arrival
from answerable.desk.actions.files import NewFile
from answerable.events.alone import alone
from answerable.events.jobs import Later, Never
from answerable.events.setbacks import OUTAGE

LOCK = 0x616E7378  # any number, the same in every process
STAND_BY_SECONDS = 0.5
BATCH = 100
MOST_ATTEMPTS = 12
MOST_FETCHES = 5
"""Attempts after which a message is shown without the files that can't be fetched."""
WAITS = (1, 2, 5, 15, 60, 300, 900)  # seconds, the last one again and again
Outcome = Arrival.Outcome
logger = logging.getLogger(__name__)


def take_in() -> float | None:
    """Take in the oldest. Seconds until there may be more; None when all is done."""
    with alone(LOCK) as is_alone:
        return _take_in() if is_alone else STAND_BY_SECONDS


def _take_in() -> float | None:
    waiting: set[tuple[int, str]] = set()
    for number, gateway, chat in list(_due(timezone.now()).values_list("pk", "gateway_id", "chat_key")[:BATCH]):
        if (gateway, chat) not in waiting and not _is_decided(number):
            waiting.add((gateway, chat))
    now = timezone.now()
    if _due(now).exists():
        return 0.0
    later = Arrival.objects.filter(outcome="", due_at__gt=now).order_by("due_at")
    upcoming = later.values_list("due_at", flat=True).first()
    return None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())


def _due(now: datetime) -> "QuerySet[Arrival]":
    """Those to be taken in, the oldest first, but for those whose chat waits for an earlier one."""
    undecided = Arrival.objects.filter(outcome="")
    earlier = undecided.filter(gateway=OuterRef("gateway"), chat_key=OuterRef("chat_key"), pk__lt=OuterRef("pk"))
    return undecided.filter(~Exists(earlier.filter(due_at__gt=now)), due_at__lte=now).order_by("pk")


def _is_decided(number: int) -> bool:
    """Whether it has an outcome now; else its chat waits."""
    Arrival.objects.filter(pk=number).update(attempts=F("attempts") + 1)
    arrival = Arrival.objects.select_related("gateway").get(pk=number)
    try:
        if arrival.attempts > MOST_ATTEMPTS:
            _settle(arrival, Filed(Outcome.QUARANTINED, arrival.reason or "Each time it was tried, the process ended."))
            return True
        messenger = messengers()[arrival.gateway.channel]
        happened = messenger.heard(arrival.gateway, arrival)
        files = {id(said): _fetched(messenger, arrival, said) for said in happened if isinstance(said, Said)}
        _file(arrival, happened, files)
    except Later as reason:
        return _put_off(arrival, reason)
    except OUTAGE:
        raise
    except Exception as error:  # a mistake of ours over one arrival holds up none of the others
        logger.exception("arrival %s of %s is quarantined", number, arrival.gateway)
        _settle(arrival, Filed(Outcome.QUARANTINED, f"{type(error).__name__}: {error}"))
    return True


def _file(arrival: Arrival, happened: Sequence[Happening], files: Mapping[int, "_Fetched"]) -> None:
    with transaction.atomic():
        row = Arrival.objects.select_for_update().filter(pk=arrival.pk, outcome="").first()
        if row is None:
            return
        row.gateway = arrival.gateway
        filed = Filed(Outcome.IGNORED)
        for one in happened:
            kept, without = files.get(id(one), ([], ""))
            filed = file(one, row, kept, without)
        _settle(row, filed)


def _settle(arrival: Arrival, filed: Filed) -> None:
    arrival.outcome, arrival.reason, arrival.decided_at = filed.outcome, fitting(filed.reason), timezone.now()
    arrival.chat, arrival.message = filed.chat, filed.message
    arrival.save(update_fields=["outcome", "reason", "decided_at", "chat", "message"])


def _put_off(arrival: Arrival, reason: Later) -> bool:
    """Try again later, and less and less often; in the end it is put aside."""
    if arrival.attempts >= MOST_ATTEMPTS:
        _settle(arrival, Filed(Outcome.QUARANTINED, str(reason)))
        return True
    wait = reason.after or timedelta(seconds=WAITS[min(arrival.attempts, len(WAITS)) - 1])
    Arrival.objects.filter(pk=arrival.pk).update(due_at=timezone.now() + wait, reason=fitting(str(reason)))
    return False


_Fetched = tuple[list[NewFile], str]


def _fetched(messenger: Messenger, arrival: Arrival, said: Said) -> _Fetched:
    """Its files, and what is to be said of those that there are not."""
    kept, without = [], []
    for remote in said.files:
        try:
            kept.append(NewFile(_named(remote.name), remote.content_type, _bytes_of(messenger, arrival, remote)))
        except Never as reason:
            without.append(_("[The file %(name)s is not here: %(reason)s]") % {"name": remote.name, "reason": reason})
    return kept, "\n".join(without)


def _bytes_of(messenger: Messenger, arrival: Arrival, remote: Remote) -> bytes:
    if (remote.size or 0) > messenger.largest_file:
        raise Never(_("It is larger than what is taken here."))
    try:
        return messenger.fetch(arrival.gateway, remote)
    except Later as reason:
        if arrival.attempts < MOST_FETCHES:
            raise
        raise Never(str(reason)) from reason


def _named(name: str) -> str:
    """A file's name without folders and what can't be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip(" .") or _("file")
