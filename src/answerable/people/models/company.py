from django.conf import settings
from django.db import models
from django.utils import timezone


class Company(models.Model):
    """The one company this server works for. No row means: not set up yet."""

    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="en")
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    swaps_by_themselves = models.BooleanField(default=False)  # colleagues swap shifts without a lead's word
    created_at = models.DateTimeField(default=timezone.now)
    span_low = models.PositiveSmallIntegerField(default=5)  # people a lead leads directly, at least and at most:
    span_high = models.PositiveSmallIntegerField(default=12)  # docs/howto/structure.md says whence these come
    only = models.BooleanField(default=True, unique=True, editable=False)  # a second row is refused

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="there_is_one_company"),
            models.CheckConstraint(
                condition=models.Q(span_low__gte=1, span_high__gte=models.F("span_low")), name="a_span_of_control"
            ),
        ]

    def __str__(self) -> str:
        return self.name
