"""What others have published about the service they give, and which of them we count ourselves among."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from answerable.core.comparison import Published


class PublishedFigureQuerySet(models.QuerySet["PublishedFigure"]):
    def current(self) -> "PublishedFigureQuerySet":
        """Those not retired."""
        return self.filter(retired_at=None)

    def touched_since(self, at: datetime) -> "PublishedFigureQuerySet":
        """Added, changed or retired since an instant."""
        return self.filter(Q(added_at__gte=at) | Q(changed_at__gte=at) | Q(retired_at__gte=at))


class PublishedFigure(models.Model):
    """A figure somebody made public, as they said it. `value` is in our units: shares 0 to 1, seconds.

    `competitor` names one; empty, it is an industry's, and `scope` says whose. Retired ones are kept.
    """

    kpi = models.CharField(max_length=30)  # what it speaks of, as objectives name it; or quality, which none does
    statistic = models.CharField(max_length=60)  # core.comparison.STATISTICS
    value = models.FloatField()
    unit = models.CharField(max_length=20)
    definition = models.CharField(max_length=500, blank=True)  # in the publisher's words
    competitor = models.CharField(max_length=100, blank=True)
    scope = models.CharField(max_length=200)
    since = models.DateField(null=True, blank=True)
    until = models.DateField()  # the last day it covers
    source = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = PublishedFigureQuerySet.as_manager()

    class Meta:
        ordering = ["-until", "competitor", "scope", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statistic", "competitor", "scope", "until", "source"],
                condition=Q(retired_at=None),
                name="a_figure_is_published_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.who}, {self.until.year}: {self.statistic}"

    @property
    def who(self) -> str:
        """The competitor, or whom the figure is about."""
        return self.competitor or self.scope

    def as_published(self) -> Published:
        """As it is compared. A competitor is somebody we have chosen to stand beside: `scope` is then who it is."""
        return Published(self.value, self.unit, self.statistic, self.who, self.until, self.source)

    def has_ended(self, today: date) -> bool:
        """Whether the days it covers are over, so that it can be compared."""
        return self.until <= today


class Scope(models.Model):
    """A group of companies that we count ourselves among: figures about it are about companies like ours."""

    name = models.CharField(max_length=200, unique=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
