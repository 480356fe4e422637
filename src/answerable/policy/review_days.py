"""When an owner is reminded of a review: a week before, on the day, and each week that it is overdue."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from answerable.people.models import Company, User

WEEK = timedelta(days=7)
AT = time(8)
"""In the morning of whoever is reminded."""


def next_reminder(due_on: date, zone: ZoneInfo, after: datetime) -> datetime:
    """The first reminder later than an instant.

    >>> next_reminder(date(2026, 3, 20), ZoneInfo("UTC"), datetime(2026, 3, 13, 8, tzinfo=ZoneInfo("UTC"))).isoformat()
    '2026-03-20T08:00:00+00:00'
    """
    begins = due_on - WEEK
    weeks = max(0, (after.astimezone(zone).date() - begins) // WEEK)
    instant = datetime.combine(begins + weeks * WEEK, AT, zone)
    return instant if instant > after else datetime.combine(begins + (weeks + 1) * WEEK, AT, zone)


def zone_of(person: User | None) -> ZoneInfo:
    """Of a colleague; of the company where it is nobody in particular."""
    if person is not None:
        return ZoneInfo(person.time_zone)
    company = Company.objects.first()
    return ZoneInfo(company.time_zone if company else "UTC")
