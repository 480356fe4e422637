"""What articles are sorted under."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language


class SectionQuerySet(models.QuerySet["Section"]):
    def current(self) -> "SectionQuerySet":
        """Those there are, in their order; said here, as what is counted beside them drops the usual one."""
        return self.filter(retired_at=None).order_by("place", "id")


class Section(models.Model):
    """What articles are about: a heading of the help centre. Retired ones keep their articles, and take no more."""

    name = models.CharField(max_length=100)  # in the company's language
    names = models.JSONField(default=dict, blank=True)  # language -> what its readers see instead
    place = models.PositiveIntegerField(default=0)  # the least stands first
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(retired_at=None), name="one_section_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name_in(get_language() or "")

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or self.name)
