"""Queues of conditions are written: a team's by its leads, one's own by oneself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.criteria import read, written
from answerable.desk.criteria import is_field
from answerable.desk.errors import Refused
from answerable.desk.models import SavedQueue
from answerable.events.record import record
from answerable.people.models import Role, Team, User

WRITERS = (Role.ADMINISTRATOR, Role.LEAD)
MOST_QUEUES = 30
"""Of one team, or of one person: more would be no help to anybody."""


def write_queue(
    *,
    name: str,
    team: Team | None,
    conditions: Mapping[str, Any],
    order: str,
    by: User,
    columns: Sequence[int] = (),
    queue: SavedQueue | None = None,
    revision: int | None = None,
) -> SavedQueue:
    """A new one, or another one in its place. Without a team it is the user's own.

    `revision` is the one that the page had shown; Refused where somebody else has written since.
    """
    _check_can_write(by, team.pk if team else None, by.pk)
    tree = written(read(conditions, is_field))
    with transaction.atomic():
        row = SavedQueue()
        if queue is not None:
            row = SavedQueue.objects.select_for_update().get(pk=queue.pk)
            _check_can_write(by, row.team_id, row.owner_id)
            if revision is not None and revision != row.revision:
                raise Refused(_("Somebody else has changed this queue meanwhile. Look at it again, then save."))
        else:
            row.place = SavedQueue.next_place()
        siblings = SavedQueue.objects.filter(retired_at=None, team=team, owner=None if team else by).exclude(pk=row.pk)
        if siblings.filter(name__iexact=name).exists():
            raise Refused(_("There is a queue of this name already."))
        if siblings.count() >= MOST_QUEUES:
            raise Refused(_("There are %(most)s queues already. Retire one first.") % {"most": MOST_QUEUES})
        verb = "changed" if row.pk else "created"
        row.name, row.team, row.owner = name, team, None if team else by
        row.conditions, row.order, row.columns = tree, order, list(columns)
        row.revision = row.revision + 1 if row.pk else 1
        row.save()
        record(f"queue.{verb}", subject=row, by=by, name=name, team=row.team_id, conditions=tree)
    return row


def retire_queue(queue: SavedQueue, *, by: User) -> SavedQueue:
    """It is shown no longer. The conversations in it stay where they are."""
    _check_can_write(by, queue.team_id, queue.owner_id)
    if queue.retired_at is None:
        with transaction.atomic():
            queue.retired_at = timezone.now()
            queue.save(update_fields=["retired_at"])
            record("queue.retired", subject=queue, by=by, name=queue.name)
    return queue


def raise_queue(queue: SavedQueue, *, by: User) -> None:
    """Put it before the one above it, among those of its team or of its owner."""
    _check_can_write(by, queue.team_id, queue.owner_id)
    with transaction.atomic():
        siblings = SavedQueue.objects.filter(retired_at=None, team=queue.team_id, owner=queue.owner_id)
        rows = list(siblings.select_for_update())
        at = rows.index(queue)
        if at == 0:
            return
        above, here = rows[at - 1], rows[at]
        above.place, here.place = here.place, above.place
        SavedQueue.objects.bulk_update([above, here], ["place"])
        record("queue.raised", subject=queue, by=by)


def may_write(user: User, queue: SavedQueue) -> bool:
    """Whether the user may change it."""
    if queue.team_id is None:
        return queue.owner_id == user.pk
    return user.holds(*WRITERS, team_id=queue.team_id)


def _check_can_write(by: User, team_id: int | None, owner_id: int | None) -> None:
    allowed = owner_id == by.pk if team_id is None else by.holds(*WRITERS, team_id=team_id)
    if not allowed:
        raise PermissionDenied
