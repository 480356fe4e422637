"""What the rota says of an instant, for many people at once."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Max, Min, Q

from answerable.core.presence import Planned
from answerable.people.models import Absence, Shift

HAS_A_ROTA_WITHIN = timedelta(days=7)
"""Whoever has no shift so near, before or after, is not kept to any."""


def planned(people: Collection[int], at: datetime) -> dict[int, Planned]:
    """By person, for those who have a rota or are absent. Three queries."""
    near = Shift.objects.standing().filter(user__in=people).meeting(at - HAS_A_ROTA_WITHIN, at + HAS_A_ROTA_WITHIN)
    ended = Max("ends_at", filter=Q(ends_at__lte=at))
    found = {
        person: Planned(since=last or at - HAS_A_ROTA_WITHIN, on_shift=False)
        for person, last in near.order_by().values_list("user").annotate(last=ended)
    }
    for shift in near.at(at).order_by("begins_at"):
        pause = next((start for start, end in shift.pauses if start <= at < end), None)
        over = max((end for _start, end in shift.pauses if end <= at), default=shift.begins_at)
        found[shift.user_id] = Planned(since=pause or over, on_shift=True, on_break=pause is not None)
    absent = Absence.objects.approved().at(at).filter(user__in=people)
    for person, begun in absent.values_list("user_id", "begins_at"):
        found[person] = Planned(since=begun, on_shift=True, is_absent=True)
    return found


def back_at(people: Collection[int], at: datetime) -> dict[int, datetime]:
    """By person, when those who are off work next: as their rota says, or when their absence ends. Two queries."""
    absent = Absence.objects.approved().at(at).filter(user__in=people)
    found: dict[int, datetime] = dict(absent.values_list("user_id", "ends_at"))
    coming = Shift.objects.standing().filter(user__in=people, begins_at__gt=at)
    for person, begins_at in coming.order_by().values_list("user").annotate(first=Min("begins_at")):
        found[person] = max(begins_at, found.get(person, begins_at))
    return found
