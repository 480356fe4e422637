"""From events to deliveries: each event that a webhook asks for becomes a row of its outbox, once.

Nothing is written when events are recorded, so where there is no webhook there is no cost. The worker instead reads
what was committed since a webhook was last told: a transaction's number is on each of its events, and a snapshot
knows exactly which of them it saw, whatever the order they ended in. The rows and the new position are written in
one transaction, and a webhook has an event once at most: so none is missed and none is doubled, whoever is killed.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from answerable.api.outputs.events import rows as events_shown
from answerable.api.webhooks.catalogue import is_wanted, nouns
from answerable.api.webhooks.models import Delivery, Position, Webhook
from answerable.api.webhooks.payloads import bodies, key_of

PORTION = 500
KEEP_UP = 2000
"""So many transactions further on, the position is written though no event was for this webhook."""
NOW = """
SELECT pg_current_snapshot()::text,
    concat_ws('/', system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()),
        pg_relation_filenode('events_event')),
    (SELECT coalesce(max(id), 0) FROM events_event
     WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot()))
FROM pg_control_system()
"""
SINCE = """
SELECT id, verb, team_id FROM events_event
WHERE transaction_id >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
    AND NOT pg_visible_in_snapshot(transaction_id, %(seen)s::pg_snapshot)
    AND pg_visible_in_snapshot(transaction_id, %(until)s::pg_snapshot)
    AND id > %(after)s AND split_part(verb, '.', 1) = ANY(%(nouns)s)
ORDER BY id LIMIT %(portion)s
"""


def begin_here(webhook: Webhook) -> None:
    """It is told what happens from now on. In the transaction that adds it or switches it on."""
    snapshot, origin, floor = _now()
    values = {"seen": snapshot, "until": "", "after": 0, "floor": floor, "origin": origin}
    Position.objects.update_or_create(webhook=webhook, defaults=values)


def follow(webhook_id: int) -> bool:
    """Write the deliveries of one portion of events. Whether there may be more; not where another worker is at it."""
    with transaction.atomic():
        held = Position.objects.select_for_update(skip_locked=True, of=("self",)).select_related("webhook")
        position = held.filter(webhook=webhook_id, webhook__stopped_at=None, webhook__removed_at=None).first()
        if position is None:
            return False
        snapshot, origin, _floor = _now()
        if position.origin != origin:  # another database, restored from this one: its numbers mean nothing here
            begin_here(position.webhook)
            return False
        return _portion(position, snapshot)


def _portion(position: Position, snapshot: str) -> bool:
    until = position.until or snapshot
    wanted = nouns(position.webhook.groups)
    after = max(position.after, position.floor)
    given: dict[str, Any] = {"seen": position.seen, "until": until, "after": after, "nouns": wanted, "portion": PORTION}
    with connection.cursor() as cursor:
        cursor.execute(SINCE, given)
        found = cursor.fetchall()
    write_down(position.webhook, [pk for pk, verb, team in found if is_for(position.webhook, verb, team)])
    if len(found) == PORTION:
        position.until, position.after = until, found[-1][0]
    elif found or position.until or _next(until) > _next(position.seen) + KEEP_UP:
        position.seen, position.until, position.after = until, "", 0
    else:
        return False
    position.save(update_fields=["seen", "until", "after"])
    return bool(position.until)


def write_down(webhook: Webhook, events: Sequence[int]) -> int:
    """Deliveries of these events, but for those there are already. How many are new."""
    if not events:
        return 0
    rows = list(events_shown().filter(pk__in=events).order_by("pk"))
    found = bodies(rows)
    known = Delivery.objects.filter(webhook=webhook)
    before = known.filter(event__in=events).count()
    Delivery.objects.bulk_create(
        [
            Delivery(webhook=webhook, event=row, key=key_of(row), verb=row.verb, body=body)
            for row, body in zip(rows, found, strict=True)
        ],
        ignore_conflicts=True,
    )
    return known.filter(event__in=events).count() - before


def is_for(webhook: Webhook, verb: str, team: int | None) -> bool:
    """Whether a webhook asks for events of a verb and a team."""
    return is_wanted(verb, webhook.groups) and (webhook.reach is None or team in webhook.reach)


def _now() -> tuple[str, str, int]:
    """The snapshot, which database it is of, and the newest event that another database has numbered."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        snapshot, origin, floor = cursor.fetchone()
    return snapshot, origin, floor


def _next(snapshot: str) -> int:
    """The first transaction that had not begun."""
    return int(snapshot.split(":")[1])
