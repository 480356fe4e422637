"""What loops ask most often, and mostly in vain: has anything fallen due?"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone


def fallen_due(rows: QuerySet[Any], instant: str, most: int) -> tuple[list[int], datetime | None]:
    """Keys of those whose `instant` has come, the oldest first and at most so many, and when the next one comes.

    One statement. No next one is told where none is planned, or where so many have fallen due that there may be more.
    """
    now = timezone.now()
    found = list(rows.order_by(instant, "pk").values_list("pk", instant)[:most])
    due = [pk for pk, at in found if at <= now]
    return due, found[len(due)][1] if len(found) > len(due) else None
