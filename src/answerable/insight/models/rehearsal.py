"""Rehearsals that somebody asked for."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy

from answerable.core.said import Said
from answerable.people.models import Role
from answerable.policy.models import Version

if TYPE_CHECKING:
    from answerable.people.models import User


class RehearsalQuerySet(models.QuerySet["Rehearsal"]):
    def visible_to(self, user: "User") -> "RehearsalQuerySet":
        """Administrators see all; leads their own, and those of none but teams that they see."""
        if user.is_administrator:
            return self
        if not may_rehearse(user):
            return self.none()
        of_mine = models.Q(teams__contained_by=sorted(user.team_ids)) & ~models.Q(teams=[])
        return self.filter(models.Q(by=user) | of_mine)


class Rehearsal(models.Model):
    """A draft and another policy on the same conversations. The documents are kept as they were rehearsed."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("rehearsal", "Waiting to begin")
        RUNNING = "running", pgettext_lazy("rehearsal", "Running")
        DONE = "done", pgettext_lazy("rehearsal", "Done")
        FAILED = "failed", pgettext_lazy("rehearsal", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("rehearsal", "Cancelled")

    draft = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    draft_name = models.CharField(max_length=250)
    draft_document = models.TextField()
    against = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    against_name = models.CharField(max_length=250)
    against_document = models.TextField()

    # The desk's own history: conversations begun on these days, in these teams; or what somebody has uploaded.
    first_on = models.DateField(null=True, blank=True)
    last_on = models.DateField(null=True, blank=True)
    teams = ArrayField(models.BigIntegerField(), default=list, blank=True)
    file_name = models.CharField(max_length=250, blank=True)
    upload = models.BinaryField(null=True, blank=True)  # gone when it has been read
    reading = models.JSONField(default=dict, blank=True)  # what was said of the file: assumed, activities

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=20, blank=True)
    progress = models.FloatField(default=0.0)  # share of the whole
    error = models.TextField(blank=True)
    result = models.JSONField(null=True, blank=True)  # core.rehearsal.Comparison.as_dict, and notes; or the error

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.draft_name

    @property
    def why(self) -> str:
        """Why it failed, in the reader's language."""
        kept = (self.result or {}).get("error")
        return Said.of(kept).by(gettext) if kept else self.error

    @property
    def goes_on(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


def may_rehearse(user: "User") -> bool:
    """Those who change the policy, and those who lead a team under it."""
    return user.is_administrator or user.holds(Role.LEAD)
