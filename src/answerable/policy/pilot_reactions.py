"""What becomes of a pilot's customers when contacts are merged, and parted again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from answerable.customers.models import Merge
from answerable.events.models import Event
from answerable.events.record import record
from answerable.policy.models import Pilot, PilotCustomer

FOLLOWED = "pilot.customer_followed"


def follow_merge(event: Event) -> None:
    """contact.merged: two customers were one all along. In a pilot they keep the arm of who joined first, and the no of
    either is a no of both. Again, nothing is left to move; after the merge was undone, nothing may.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=event.particulars["merge"])
        if merge.undone_at is not None:
            return
        for pilot in Pilot.objects.select_for_update().open():
            rows = {
                row.contact_id: row for row in pilot.customers.filter(contact__in=(merge.kept_id, merge.absorbed_id))
            }
            absorbed, kept = rows.get(merge.absorbed_id), rows.get(merge.kept_id)
            if absorbed is not None and not _has_followed(absorbed, merge):
                _record(pilot, merge, event, _united(absorbed, kept, merge, event.at))


def unfollow_merge(event: Event) -> None:
    """contact.unmerged: each is where they were, unless they have said something else since."""
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=event.particulars["merge"])
        for followed in Event.objects.filter(verb=FOLLOWED, at__gte=merge.at, particulars__merge=merge.pk):
            changes = followed.particulars["changes"]
            for row in PilotCustomer.objects.select_for_update().filter(pk__in=[each["row"] for each in changes]):
                _put_back(row, next(each for each in changes if each["row"] == row.pk))


def _united(
    absorbed: PilotCustomer, kept: PilotCustomer | None, merge: Merge, at: datetime
) -> Iterator[dict[str, Any]]:
    """Change the rows, and answer what was changed."""
    if kept is None:
        yield _changed(absorbed, contact_id=merge.kept_id)
        return
    first, second = sorted((kept, absorbed), key=lambda row: (row.agreed_at is None, row.agreed_at or at))
    stays = second.withdrawn_at is None and second.declined_at is None and first.takes_part
    yield _changed(
        first, contact_id=merge.kept_id, withdrawn_at=first.withdrawn_at if stays or not first.agreed_at else at
    )
    yield _changed(
        second, contact_id=merge.absorbed_id, withdrawn_at=(second.withdrawn_at or at) if second.agreed_at else None
    )


def _changed(row: PilotCustomer, **changes: Any) -> dict[str, Any]:
    before = {name: _plain(getattr(row, name)) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    return {"row": row.pk, "before": before, "after": {name: _plain(value) for name, value in changes.items()}}


def _put_back(row: PilotCustomer, change: dict[str, Any]) -> None:
    for name, after in change["after"].items():
        if _plain(getattr(row, name)) == after:
            before = change["before"][name]
            setattr(row, name, datetime.fromisoformat(before) if isinstance(before, str) else before)
    row.save(update_fields=list(change["after"]))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _has_followed(row: PilotCustomer, merge: Merge) -> bool:
    """Whether this was done before: who joined later stays with the absorbed contact, closed."""
    return any(
        change["row"] == row.pk
        for one in Event.objects.filter(verb=FOLLOWED, at__gte=merge.at, particulars__merge=merge.pk)
        for change in one.particulars["changes"]
    )


def _record(pilot: Pilot, merge: Merge, event: Event, changes: Iterator[dict[str, Any]]) -> None:
    record(FOLLOWED, subject=pilot, by=event.actor, merge=merge.pk, contact=merge.kept_id, changes=list(changes))
