"""What lasts from an instant to another. Such rows end and are not deleted, so that the past can be asked."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class LastingQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """What holds now."""
        return self.filter(until=None)

    def on(self, at: datetime) -> Self:
        """What held at an instant; a row holds at its `since` and no more at its `until`."""
        return self.filter(Q(until=None) | Q(until__gt=at), since__lte=at)


class Lasting(models.Model):
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    objects = LastingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="%(class)s_ends_last")
        ]
