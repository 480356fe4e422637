"""The rota of the demo company: weeks that repeat, laid out around today; somebody away, a shift on offer.

The early and the late shift of each desk cover its promised hours, and the lead of Support the breaks of those who
work alone; she has Fridays off, so that the rota has gaps to show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from answerable.core.calendar import Interval
from answerable.core.opening import opening
from answerable.core.rota import lay_out
from answerable.events.models import Event
from answerable.events.record import event_of
from answerable.people.models import Absence, Membership, Pattern, Shift, SwapRequest
from answerable.people.models.absence import whole_days
from answerable.people.models.shift import breaks_of
from answerable.site.demo.company import Founded

WEEKS_BEFORE, WEEKS_AFTER = 3, 5


@dataclass(frozen=True)
class Usual:
    """Somebody's week: from and to by the office's clock, the break, the weekdays."""

    email: str
    hours: str
    pause: str
    weekdays: Sequence[int] = (0, 1, 2, 3, 4)


USUAL = (
    Usual("marta", "09:00-18:00", "12:30-13:00", (0, 1, 2, 3)),
    Usual("laura", "09:00-17:30", "12:30-13:00"),
    Usual("tom", "09:00-17:00", "12:00-12:30"),
    Usual("priya", "10:00-18:00", "13:00-13:30"),
    Usual("ilze", "09:00-17:00", "12:00-12:30"),
    Usual("janis", "10:00-18:00", "13:00-13:30"),
    Usual("nino", "10:00-18:00", "13:00-13:30"),
    Usual("giorgi", "11:00-19:00", "14:00-14:30"),
    Usual("aigerim", "09:00-17:00", "12:00-12:30"),
    Usual("daniyar", "10:00-18:00", "13:00-13:30"),
    Usual("edgars", "09:00-17:00", "12:30-13:00"),
    Usual("elina", "09:00-18:00", "13:00-13:30"),
    Usual("sofia", "09:00-17:00", "12:00-12:30"),
    Usual("oskar", "10:00-18:00", "13:00-13:30"),
)


def make_rota(company: Founded, *, now: datetime) -> None:
    """Patterns, their shifts, two absences and two swaps, as they stand at an instant."""
    today = now.astimezone(ZoneInfo("Europe/Riga")).date()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS_BEFORE)
    patterns = Pattern.objects.bulk_create(_patterns(company, first, now))
    last = monday + timedelta(weeks=WEEKS_AFTER, days=-1)
    shifts = Shift.objects.bulk_create(_shifts(patterns, first, last, now))
    absences = Absence.objects.bulk_create(_absences(company, today, now))
    swaps = SwapRequest.objects.bulk_create(_swaps(company, shifts, monday, now))
    by = company.staff["marta"]
    events = [event_of("pattern.added", subject=row, by=by, team_id=row.team_id, at=now) for row in patterns]
    events += [event_of("absence.requested", subject=row, by=row.user, at=row.asked_at) for row in absences]
    events += [
        event_of("absence.approved", subject=row, by=by, at=row.decided_at) for row in absences if row.decided_at
    ]
    events += [event_of("swap.offered", subject=row, by=row.offered_by, at=row.offered_at) for row in swaps]
    Event.objects.bulk_create(events)


def _patterns(company: Founded, first: date, now: datetime) -> Iterator[Pattern]:
    places = {membership.user_id: membership.team for membership in _memberships(company)}
    for usual in USUAL:
        user = company.staff[usual.email]
        begins, ends = (time(minute // 60, minute % 60) for minute in opening(usual.hours))
        yield Pattern(
            user=user,
            team=places[user.pk],
            weekdays=list(usual.weekdays),
            begins=begins,
            ends=ends,
            breaks=[usual.pause],
            time_zone=user.time_zone,
            from_on=first,
            created_at=now - timedelta(weeks=WEEKS_BEFORE),
        )


def _memberships(company: Founded) -> QuerySet[Membership]:
    return Membership.objects.filter(user__in=company.staff.values()).select_related("team")


def _shifts(patterns: Sequence[Pattern], first: date, last: date, now: datetime) -> Iterator[Shift]:
    for pattern in patterns:
        for laid in lay_out(pattern.week, first, last):
            yield Shift(
                user=pattern.user,
                team=pattern.team,
                begins_at=laid.span.start,
                ends_at=laid.span.end,
                breaks=breaks_of(laid.breaks),
                pattern=pattern,
                pattern_on=laid.on,
                changed_at=now - timedelta(weeks=1),
            )


def _absences(company: Founded, today: date, now: datetime) -> Iterator[Absence]:
    """Jānis is on holiday from today until a Friday, and Ilze stands in; Priya asks for two days of training."""
    janis, ilze, priya = (company.staff[name] for name in ("janis", "ilze", "priya"))
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    span = _days(today, friday, janis.time_zone)
    yield Absence(
        user=janis,
        kind=Absence.Kind.HOLIDAY,
        begins_at=span.start,
        ends_at=span.end,
        time_zone=janis.time_zone,
        stand_in=ilze,
        state=Absence.State.APPROVED,
        asked_by=janis,
        asked_at=now - timedelta(days=20),
        decided_by=company.staff["marta"],
        decided_at=now - timedelta(days=19),
        changed_at=now - timedelta(days=19),
    )
    monday = today - timedelta(days=today.weekday())
    span = _days(monday + timedelta(days=15), monday + timedelta(days=16), priya.time_zone)
    yield Absence(
        user=priya,
        kind=Absence.Kind.TRAINING,
        begins_at=span.start,
        ends_at=span.end,
        time_zone=priya.time_zone,
        note="Writing for readers in a hurry, two days in Riga.",
        stand_in=company.staff["tom"],
        asked_by=priya,
        asked_at=now - timedelta(days=1),
        changed_at=now - timedelta(days=1),
    )


def _days(first: date, last: date, zone: str) -> Interval:
    return whole_days(first, last, ZoneInfo(zone))


def _swaps(company: Founded, shifts: Sequence[Shift], monday: date, now: datetime) -> Iterator[SwapRequest]:
    """Edgars offers a Friday to anybody; Tom and Priya would exchange a Wednesday, and a lead has yet to say so."""
    by_day = {(shift.user_id, shift.pattern_on): shift for shift in shifts}
    edgars, tom, priya = (company.staff[name] for name in ("edgars", "tom", "priya"))
    yield SwapRequest(
        shift=by_day[edgars.pk, monday + timedelta(days=11)],
        offered_by=edgars,
        note="My brother gets married.",
        offered_at=now - timedelta(hours=20),
    )
    yield SwapRequest(
        shift=by_day[tom.pk, monday + timedelta(days=9)],
        offered_by=tom,
        offered_to=priya,
        in_return=by_day[priya.pk, monday + timedelta(days=9)],
        note="The school play begins at five.",
        offered_at=now - timedelta(days=2),
        state=SwapRequest.State.TAKEN,
        taken_by=priya,
        taken_at=now - timedelta(days=1),
    )
