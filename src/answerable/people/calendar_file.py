"""The rota as a calendar that other programs read (iCalendar, RFC 5545 and RFC 7986).

A shift is an event in the reader's time zone, with its breaks in words; days off are events of whole days. An event
keeps its UID for as long as its row lives, SEQUENCE counts its changes, DTSTAMP is the instant of the last: so the same
rota is the same bytes. See docs/howto/rota.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone
from icalendar.enums import TRANSP

from answerable.people.models import Absence, CalendarFeed, Role, Shift, Team, User

BACK, AHEAD = timedelta(days=35), timedelta(days=370)
"""How far a calendar reaches."""
REFRESH = timedelta(hours=1)
PRODID = "-//Answerable//Rota//EN"


def feed_of(key: str) -> CalendarFeed | None:
    """The address's feed, while its person works here and leads the team it shows."""
    feed = CalendarFeed.objects.filter(key=key, user__is_active=True).select_related("user", "team").first()
    if feed is None or feed.team is None:
        return feed
    leads = feed.user.holds(Role.LEAD, Role.ADMINISTRATOR, team_id=feed.team.pk)
    return feed if leads else None


@dataclass(frozen=True)
class CalendarFile:
    """What an address answers, and when something in it was changed last."""

    body: bytes
    changed_at: datetime


def calendar_file(feed: CalendarFeed, at: datetime) -> CalendarFile:
    """The calendar around an instant, in its person's language and time zone."""
    shifts, absences = list(_shifts(feed, at)), list(_absences(feed, at))
    with translation.override(feed.user.language):
        calendar = Calendar.new(
            prodid=PRODID,
            name=_name(feed),
            uid=f"calendar-{feed.pk}@answerable",
            subcomponents=[
                *(_shift_event(feed, shift) for shift in shifts),
                *(_absence_event(feed, absence) for absence in absences),
            ],
        )
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    first, last = (at - BACK).date(), (at + AHEAD).date()
    calendar.add_missing_timezones(first, last)
    if not calendar.subcomponents:  # RFC 5545, 3.6: a calendar is never empty
        calendar.add_component(Timezone.from_tzid(feed.user.time_zone, first_date=first, last_date=last))
    changed = [feed.created_at, *(row.changed_at for row in shifts), *(row.changed_at for row in absences)]
    return CalendarFile(calendar.to_ical(), max(changed))


def _name(feed: CalendarFeed) -> str:
    if feed.team is not None:
        return _("Rota of %(team)s") % {"team": feed.team}
    return _("My shifts")


def _shifts(feed: CalendarFeed, at: datetime) -> QuerySet[Shift]:
    rows = Shift.objects.standing().meeting(at - BACK, at + AHEAD)
    if feed.team is None:
        rows = rows.filter(user=feed.user)
    else:
        rows = rows.filter(team__in=Team.objects.below([feed.team.path]), user__is_active=True)
    return rows.select_related("user", "team").order_by("begins_at", "id")


def _shift_event(feed: CalendarFeed, shift: Shift) -> Event:
    zone = ZoneInfo(feed.user.time_zone)
    return Event.new(
        uid=shift.uid,
        stamp=shift.changed_at.replace(microsecond=0),
        last_modified=shift.changed_at.replace(microsecond=0),
        sequence=shift.revision,
        start=shift.begins_at.astimezone(zone),
        end=shift.ends_at.astimezone(zone),
        summary=str(shift.team) if feed.team is None else f"{shift.user} · {shift.team}",
        description=_description(shift, zone),
        url=f"{settings.SITE_URL}{reverse('rota-shift', args=[shift.pk])}",
    )


def _description(shift: Shift, zone: ZoneInfo) -> str | None:
    said = [shift.note] if shift.note else []
    if shift.breaks:
        breaks = ", ".join(
            f"{start.astimezone(zone):%H:%M}–{end.astimezone(zone):%H:%M}" for start, end in shift.pauses
        )
        said.append(_("Breaks: %(breaks)s") % {"breaks": breaks})
    return "\n".join(said) or None


def _absences(feed: CalendarFeed, at: datetime) -> QuerySet[Absence]:
    rows = Absence.objects.approved().meeting(at - BACK, at + AHEAD)
    if feed.team is None:
        rows = rows.filter(user=feed.user)
    else:
        members = User.objects.active().filter(memberships__team__in=Team.objects.below([feed.team.path]))
        rows = rows.filter(user__in=members)
    return rows.select_related("user", "stand_in").order_by("begins_at", "id")


def _absence_event(feed: CalendarFeed, absence: Absence) -> Event:
    """One's own says why; in a team's, which may be handed on, somebody is merely away."""
    zone, days = ZoneInfo(feed.user.time_zone), absence.days
    away = _("%(name)s is away") % {"name": absence.user}
    return Event.new(
        uid=absence.uid,
        stamp=absence.changed_at.replace(microsecond=0),
        last_modified=absence.changed_at.replace(microsecond=0),
        sequence=absence.revision,
        start=days[0] if days else absence.begins_at.astimezone(zone),
        end=days[1] + timedelta(days=1) if days else absence.ends_at.astimezone(zone),
        summary=absence.get_kind_display() if feed.team is None else away,
        description=_("%(name)s stands in.") % {"name": absence.stand_in} if absence.stand_in else None,
        transparency=TRANSP.TRANSPARENT if days else TRANSP.OPAQUE,
    )
