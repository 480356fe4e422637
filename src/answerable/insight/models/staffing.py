"""Forecasts of what will come in, and what nobody can measure and a lead has to say."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from answerable.people.models import Team
from answerable.people.permissions import managed_by

if TYPE_CHECKING:
    from answerable.people.models import User


class ForecastQuerySet(models.QuerySet["Forecast"]):
    def visible_to(self, user: "User") -> "ForecastQuerySet":
        """Those of the teams somebody leads; of all, to administrators."""
        return self.filter(team__in=managed_by(user))

    def going_on(self) -> "ForecastQuerySet":
        return self.filter(state__in=(Forecast.State.WAITING, Forecast.State.RUNNING))


class Forecast(models.Model):
    """What will come in for a team and those below it: from the desk's own history, or from a file's volumes."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("forecast", "Waiting to begin")
        RUNNING = "running", pgettext_lazy("forecast", "Running")
        DONE = "done", pgettext_lazy("forecast", "Done")
        FAILED = "failed", pgettext_lazy("forecast", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("forecast", "Cancelled")

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=250, blank=True)  # empty: the desk's own history
    volumes = models.JSONField(null=True, blank=True)  # of a file: measure.volumes, as it prints them
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    progress = models.FloatField(default=0.0)  # share of the whole
    error = models.JSONField(null=True, blank=True)  # a text's template and its facts
    result = models.JSONField(null=True, blank=True)  # insight.staffing.result.Result

    objects = ForecastQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["team", "-created_at"], name="forecast_of_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(state__in=["waiting", "running"]), name="one_forecast_of_a_team_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"forecast of {self.team_id}"

    @property
    def goes_on(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class Assumptions(models.Model):
    """What staffing takes for granted of a team, said by whom and when. What it was before is in the events."""

    team = models.OneToOneField(Team, models.PROTECT, related_name="+")
    shrinkage = models.FloatField()  # share of rostered time not at work on contacts
    occupancy = models.FloatField()  # share of their time that people at work may be busy
    channels = models.JSONField(default=dict, blank=True)  # by channel: insight.staffing.assumed.Assumed
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"assumptions of {self.team_id}"
