"""The promises a company has made, one document a version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self) -> "Version":
        """The version new clocks begin under. Raises Version.DoesNotExist before the first is loaded."""
        return self.get(state=Version.State.IN_FORCE)


class Version(models.Model):
    """A policy document as somebody loaded it. Never edited: a change is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Retired")

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=200)
    document = models.TextField()  # TOML, exactly as it was given
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    in_force_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="in_force"), name="one_version_is_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"
