"""Who is there: what people choose, what their pages tell of them, and what follows as time passes.

`settings.CONNECTED` names `note_connected`: the live streams of each process call it twice a minute.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from answerable.core.presence import CHOICE_HOLDS, State, standing
from answerable.events.models import Event
from answerable.events.record import event_of, record_all
from answerable.people.attending import planned
from answerable.people.models import Attendance, User

REVIEWED_EVERY_SECONDS = 5.0
ABSENT_STATES = (State.AWAY, State.OFF)


def choose_state(*, to: str, by: User) -> Attendance:
    """Online, on a break or away, by one's own word, until the rota's next. Raises ValueError for another state."""
    if State(to) is State.OFF:
        raise ValueError("the rota says who is off")
    now = timezone.now()
    with transaction.atomic():
        row = _locked(by)
        row.chosen, row.chosen_at, row.active_at, row.connected_at = State(to).value, now, now, now
        return _kept(row, now, by=by)


def note_active(*, by: User) -> Attendance | None:
    """They do something on a page that is open. None where they were online all the time, which costs a statement."""
    now = timezone.now()
    online = Attendance.objects.filter(user=by, state=State.ONLINE)
    if online.update(active_at=now, connected_at=now):
        return None
    with transaction.atomic():
        row = _locked(by)
        row.active_at = row.connected_at = now
        return _kept(row, now, by=by)


def note_connected(people: Collection[int]) -> None:
    """These have a page open. One statement; whoever never did anything on one has no row yet."""
    Attendance.objects.filter(user__in=people).update(connected_at=timezone.now())


def note_missed(people: Iterable[int], at: datetime) -> None:
    """These let something lapse that was offered to them: they are away, until they do something again."""
    with transaction.atomic():
        rows = list(Attendance.objects.select_for_update().filter(user__in=set(people)).order_by("pk"))
        for row in rows:
            row.missed_at = at
        _review(rows, at)


def review_attendance() -> float:
    """Say of everybody what is true by now: a page was closed, nothing is done any more, a shift began or ended.

    Seconds until it is to be looked at again.
    """
    now = timezone.now()
    watched = Attendance.objects.filter(~Q(state__in=ABSENT_STATES) | Q(connected_at__gt=now - CHOICE_HOLDS))
    rows = list(watched)
    plans = planned([row.pk for row in rows], now)
    stale = [row.pk for row in rows if standing(row.signs, plans.get(row.pk), now) != (row.state, row.cause)]
    if stale:
        with transaction.atomic():
            held = Attendance.objects.select_for_update(skip_locked=True).filter(pk__in=stale).order_by("pk")
            _review(list(held), timezone.now())
    return REVIEWED_EVERY_SECONDS


def _locked(user: User) -> Attendance:
    Attendance.objects.get_or_create(user=user)
    return Attendance.objects.select_for_update().get(user=user)


def _kept(row: Attendance, now: datetime, *, by: User) -> Attendance:
    _review([row], now, by=by)
    return row


def _review(rows: Collection[Attendance], now: datetime, *, by: User | None = None) -> None:
    """Write what is true of these by now, and leave an event where the state is another."""
    plans = planned([row.pk for row in rows], now) if rows else {}
    events: list[Event] = []
    for row in rows:
        state, cause = standing(row.signs, plans.get(row.pk), now)
        row.cause = cause.value
        if state != row.state:
            before, row.state, row.since = row.state, state.value, now
            events.append(_changed(row, before, by, now))
        row.save()
    record_all(events)


def _changed(row: Attendance, before: str, by: User | None, at: datetime) -> Event:
    return event_of("presence.changed", subject=row, by=by, at=at, before=before, to=row.state, cause=row.cause)
