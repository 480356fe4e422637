"""Addresses at which calendars read the rota."""

from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.utils import timezone

from answerable.people.models.team import Team


def new_key() -> str:
    """192 random bits: whoever has the address has the calendar."""
    return token_urlsafe(24)


class CalendarFeed(models.Model):
    """One person's address of their own calendar, or of a team's they lead. Renewed, the old one is void."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="calendar_feeds")
    key = models.CharField(max_length=60, unique=True, default=new_key)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="a_calendar_once", nulls_distinct=False)]

    def __str__(self) -> str:
        return f"calendar of {self.user_id}" if self.team_id is None else f"calendar of team {self.team_id}"
