"""Deciding what each message in the ledger is: one outcome each, in the transaction that writes what it became.

One process does this at a time, the others stand by: an answer must find the conversation that its question opens,
so they are decided in the order they came. A batch is held for as long as it is worked on; wherever the process is
killed, each message is decided once. Each attempt is counted before it is made: a message that takes the process
down with it is soon tried alone, and after a few times put aside.
"""

from django.db import transaction
from django.db.models import F, Func

from answerable.channels.email.batch import Batch
from answerable.channels.email.models import Arrival
from answerable.events.alone import alone

BATCH = 128
LOCK = 0x616E7377  # any number, the same in every process
STAND_BY_SECONDS = 0.5
BATCH_BYTES = 64 * 1024 * 1024


def take_in() -> float | None:
    """Decide the oldest. 0 while there may be more, None when all is done."""
    with alone(LOCK) as is_alone:
        if not is_alone:
            return STAND_BY_SECONDS
        numbers = _claim()
        if numbers:
            with transaction.atomic():
                held = Arrival.objects.select_for_update(skip_locked=True).filter(pk__in=numbers, outcome="")
                Batch(held.order_by("pk")).decide()
    return 0.0 if numbers else None


def _claim() -> list[int]:
    """Numbers of the oldest, counted as tried: as many as fit into memory, fewer the more often they were tried.

    What was tried and not decided may be what stopped the process: the next batch is a sixteenth, then one alone.
    They are still tried before what came after them.
    """
    undecided = Arrival.objects.filter(outcome="").annotate(size=Func(F("raw"), function="octet_length"))
    numbers: list[int] = []
    total = tried = 0
    for number, attempts, size in undecided.order_by("pk").values_list("pk", "attempts", "size")[:BATCH]:
        tried = tried if numbers else attempts
        total += size
        if numbers and (attempts != tried or total > BATCH_BYTES or len(numbers) >= BATCH >> 4 * tried):
            break
        numbers.append(number)
    if numbers:
        Arrival.objects.filter(pk__in=numbers).update(attempts=F("attempts") + 1)
    return numbers
