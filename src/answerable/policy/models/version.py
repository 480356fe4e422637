"""The promises a company has made, one document a version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self) -> "Version":
        """The version new clocks begin under. Raises Version.DoesNotExist before the first is loaded."""
        return self.get(state=Version.State.IN_FORCE)

    def that_ran(self) -> "VersionQuerySet":
        """Those under which clocks may have begun, now or once. A draft that was put away may be no policy at all."""
        return self.exclude(state__in=(Version.State.DRAFT, Version.State.DISCARDED))

    def drafts(self) -> "VersionQuerySet":
        """Those that may still be changed."""
        return self.filter(state=Version.State.DRAFT)


class Version(models.Model):
    """A policy document. A draft is edited, revision by revision; from its pilot or its coming into force on never.

    A draft's document may be unfinished or wrong: it is kept as it was typed. Later ones are right.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("version of the policy", "Draft")
        PILOT = "pilot", pgettext_lazy("version of the policy", "In pilot")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", pgettext_lazy("version of the policy", "Retired")
        DISCARDED = "discarded", pgettext_lazy("version of the policy", "Discarded")

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=200)
    document = models.TextField()  # TOML, exactly as it was given
    revision = models.PositiveIntegerField(default=1)  # grows with each change of a draft: whoever saves names it
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)  # the document or the state
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

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class Revision(models.Model):
    """A draft's document as it once was: what somebody else changed meanwhile is found by comparing two of them."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="a_revision_once_a_version")]

    def __str__(self) -> str:
        return f"{self.version_id}, revision {self.number}"
