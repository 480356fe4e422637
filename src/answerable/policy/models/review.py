"""Objectives looked at again on a day: whether they are kept, changed or retired."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from answerable.policy.models.version import Version

if TYPE_CHECKING:
    from answerable.people.models import User

SOON = timedelta(days=7)


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: "User") -> "ReviewQuerySet":
        """Everybody reads how the policy is reviewed."""
        return self if user.is_active else self.none()

    def open(self) -> "ReviewQuerySet":
        return self.filter(decided_at=None)

    def decided(self) -> "ReviewQuerySet":
        return self.exclude(decided_at=None).order_by("-decided_at", "-id")

    def waiting_for(self, owner: "User", *, until: date) -> "ReviewQuerySet":
        """Which somebody has to decide by a day."""
        return self.open().filter(owner=owner, due_on__lte=until)


class Review(models.Model):
    """One review of an objective: planned while `decided_at` is empty, a decision on record afterwards.

    `version` is the one in force when it was planned, then the one it was decided under. `owner` answers for the
    objective; none: the administrators do.
    """

    class Decision(models.TextChoices):
        KEEP = "keep", pgettext_lazy("decision on an objective", "Keep")
        CHANGE = "change", pgettext_lazy("decision on an objective", "Change")
        RETIRE = "retire", pgettext_lazy("decision on an objective", "Retire")

    objective = models.CharField(max_length=63)  # its key
    version = models.ForeignKey(Version, models.PROTECT, related_name="reviews")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    opened_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    words = models.TextField(blank=True)
    next_on = models.DateField(null=True, blank=True)
    draft = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")  # begun by it
    remind_at = models.DateTimeField(null=True, blank=True)  # the next reminder by itself
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["remind_at"], name="review_to_remind", condition=Q(remind_at__isnull=False)),
            models.Index(fields=["owner", "due_on"], name="review_of_owner", condition=Q(decided_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["objective"], condition=Q(decided_at=None), name="one_review_of_an_objective_is_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="") | Q(decided_at__isnull=False) & ~Q(decision=""),
                name="a_review_is_decided_or_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective}, {self.due_on}"
