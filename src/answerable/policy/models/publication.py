"""When customers may read the promises."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class PublicationQuerySet(models.QuerySet["Publication"]):
    def current(self) -> "Publication | None":
        """The one that lasts; None while customers are shown nothing."""
        return self.filter(withdrawn_at=None).first()


class Publication(models.Model):
    """A time in which customers may read the promises. The promises are those in force, whatever these are then."""

    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["withdrawn_at"], condition=Q(withdrawn_at=None), nulls_distinct=False, name="published_once"
            )
        ]

    def __str__(self) -> str:
        return f"published {self.published_at:%Y-%m-%d}"
