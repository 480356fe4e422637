"""Who is on now: on a shift, and not away."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from answerable.people.models import Absence, Shift, User


@dataclass(frozen=True)
class OnNow:
    """Somebody at work: until when, and whether they are on a break."""

    user: User
    shift: Shift
    until: datetime
    break_until: datetime | None


def on_now(team_ids: Collection[int], at: datetime) -> list[OnNow]:
    """Who works in these teams at an instant, by name; those away with a lead's consent left out. One query."""
    away = Absence.objects.approved().at(at).filter(user=OuterRef("user"))
    rows = Shift.objects.standing().at(at).filter(team__in=team_ids, user__is_active=True)
    return present_of(rows.exclude(Exists(away)).select_related("user", "team"), at)


def present_of(shifts: Iterable[Shift], at: datetime) -> list[OnNow]:
    """The same of shifts that are known."""
    found = [
        OnNow(shift.user, shift, shift.ends_at, next((end for start, end in shift.pauses if start <= at < end), None))
        for shift in shifts
        if shift.begins_at <= at < shift.ends_at
    ]
    return sorted(found, key=lambda each: (each.user.name.casefold(), each.user.pk))
