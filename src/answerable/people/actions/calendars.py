"""Addresses for calendars: given, renewed, withdrawn."""

from django.db import transaction

from answerable.events.record import record
from answerable.people.models import CalendarFeed, Team, User
from answerable.people.models.calendar import new_key
from answerable.people.permissions import check_may_manage


def give_calendar(*, team: Team | None, by: User) -> CalendarFeed:
    """An address for one's own calendar, or for that of a team one leads; where there is one, another in its place."""
    if team is not None:
        check_may_manage(by, team)
    with transaction.atomic():
        feed, is_new = CalendarFeed.objects.select_for_update().get_or_create(user=by, team=team)
        if not is_new:
            feed.key = new_key()
            feed.save(update_fields=["key"])
        record("calendar.given" if is_new else "calendar.renewed", subject=feed, by=by, team=team.pk if team else None)
    return feed


def withdraw_calendar(feed: CalendarFeed, *, by: User) -> None:
    """Nobody reads it any more."""
    with transaction.atomic():
        record("calendar.withdrawn", subject=feed, by=by, team=feed.team_id)
        feed.delete()
