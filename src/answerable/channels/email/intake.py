"""Deciding what each message in the ledger is: one outcome each, in the transaction that writes what it became.

One process does this at a time, the others stand by: an answer must find the conversation that its question opens,
so they are decided in the order they came. A batch is held for as long as it is worked on; wherever the process is
killed, each message is decided once. Each attempt is counted before it is made: a message that takes the process
down with it is next tried alone, and after a few times put aside.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F, Func, QuerySet

from answerable.channels.email.batch import Batch
from answerable.channels.email.models import Arrival

BATCH = 64
LOCK = 0x616E7377  # any number, the same in every process
STAND_BY_SECONDS = 0.5
BATCH_BYTES = 64 * 1024 * 1024


def take_in() -> float | None:
    """Decide a batch, and one of those that were tried before. 0 while there may be more, None when all is done."""
    with _alone() as alone:
        if not alone:
            return STAND_BY_SECONDS
        found = False
        for claim in (_claim_untried, _claim_suspect):
            numbers = claim()
            found = found or bool(numbers)
            if numbers:
                with transaction.atomic():
                    held = Arrival.objects.select_for_update(skip_locked=True).filter(pk__in=numbers, outcome="")
                    Batch(held.order_by("pk")).decide()
    return 0.0 if found else None


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else does this now. PostgreSQL lets go of the lock when the process that holds it dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _claim_untried() -> list[int]:
    """Numbers of the oldest that nobody has tried yet, as many as fit into memory."""
    with transaction.atomic():
        untried = _undecided().filter(attempts=0).annotate(size=Func(F("raw"), function="octet_length"))
        numbers: list[int] = []
        total = 0
        for number, size in untried.order_by("pk").values_list("pk", "size")[:BATCH]:
            total += size
            if numbers and total > BATCH_BYTES:
                break
            numbers.append(number)
        return _tried(numbers)


def _claim_suspect() -> list[int]:
    """One that was tried and not decided: it may be what stopped the process."""
    with transaction.atomic():
        suspects = _undecided().filter(attempts__gt=0).order_by("attempts", "pk")
        return _tried(list(suspects.values_list("pk", flat=True)[:1]))


def _undecided() -> QuerySet[Arrival]:
    return Arrival.objects.select_for_update(skip_locked=True).filter(outcome="")


def _tried(numbers: list[int]) -> list[int]:
    if numbers:
        Arrival.objects.filter(pk__in=numbers).update(attempts=F("attempts") + 1)
    return numbers
