"""Who has read what changed in the policy, and shown that they understood it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from answerable.people.models import Membership, Role
from answerable.policy.models.version import Version

if TYPE_CHECKING:
    from answerable.people.models import User


class Question(models.Model):
    """What an author asks of everybody who reads a version. Never changed once somebody has answered."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="questions")
    place = models.PositiveSmallIntegerField()  # in the order they are asked
    text = models.CharField(max_length=500)
    choices = ArrayField(models.CharField(max_length=300))
    right = ArrayField(models.PositiveSmallIntegerField())  # places of the right choices, from 0
    explanation = models.TextField(max_length=1000, blank=True)  # told to who answers wrongly
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version", "place", "id"]

    def __str__(self) -> str:
        return self.text

    @property
    def has_one_answer(self) -> bool:
        return len(self.right) == 1


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def visible_to(self, user: "User") -> "AcknowledgementQuerySet":
        """One's own; a lead's people's; for administrators all."""
        return self.filter(user=user) | self.led_by(user)

    def led_by(self, user: "User") -> "AcknowledgementQuerySet":
        """Those of the people in the teams somebody leads; for administrators of all but themselves."""
        others = self.exclude(user=user)
        if user.is_administrator:
            return others
        led = user.roles.get(Role.LEAD, frozenset())
        return others.filter(user__in=Membership.objects.filter(team__in=led).values("user"))

    def open(self) -> "AcknowledgementQuerySet":
        """Still to be read."""
        return self.filter(acknowledged_at=None, superseded_at=None)

    def of(self, user: "User") -> "AcknowledgementQuerySet":
        return self.filter(user=user)


class Acknowledgement(models.Model):
    """One person's reading of one version that came into force, from its being asked for to its being done.

    `since` is the version they acknowledged before: what changed after it is what they read; none: all of it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="acknowledgements")
    version = models.ForeignKey(Version, models.PROTECT, related_name="acknowledgements")
    since = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)  # first opened
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)  # by a later version, unread
    remind_at = models.DateTimeField(null=True, blank=True)  # the next reminder by itself
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        ordering = ["-version__number", "id"]
        indexes = [
            models.Index(fields=["remind_at"], name="acknowledgement_to_remind", condition=Q(remind_at__isnull=False)),
            models.Index(
                fields=["user"],
                name="acknowledgement_open",
                condition=Q(acknowledged_at__isnull=True, superseded_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "version"], name="an_acknowledgement_a_person_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.version_id}"

    @property
    def is_open(self) -> bool:
        return self.acknowledged_at is None and self.superseded_at is None


class Attempt(models.Model):
    """One time somebody answered the questions of a version."""

    acknowledgement = models.ForeignKey(Acknowledgement, models.PROTECT, related_name="attempts")
    at = models.DateTimeField(default=timezone.now)
    answers = models.JSONField()  # places of the choices taken, by the question's number
    wrong = ArrayField(models.BigIntegerField(), default=list)  # numbers of the questions answered wrongly

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.acknowledgement_id}, {len(self.wrong)} wrong"
