"""Rules: what is done by itself, and what it did."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from answerable.desk.models.conversation import Conversation

if TYPE_CHECKING:
    from answerable.people.models import User

CONTENT = ("name", "trigger", "conditions", "steps", "stops", "inboxes")


class RuleQuerySet(models.QuerySet["Rule"]):
    def visible_to(self, user: "User") -> "RuleQuerySet":
        """What a rule does concerns everybody; who may see all of them are administrators."""
        return self if user.is_administrator else self.none()

    def current(self) -> "RuleQuerySet":
        """Those there are, in their order; said here, as what is counted beside them drops the usual one."""
        return self.filter(retired_at=None).order_by("place", "id")

    def enabled(self) -> "RuleQuerySet":
        return self.filter(enabled_at__isnull=False).order_by("place", "id")

    def next_place(self) -> int:
        """Behind the last."""
        return int(self.aggregate(last=Coalesce(Max("place"), Value(0)))["last"]) + 1


WATCHING = ("watched_until", "watching_until", "reached")


class Rule(models.Model):
    """What is done by itself: when something happens, after a while, or at set times; if its conditions hold."""

    name = models.CharField(max_length=100)
    place = models.PositiveIntegerField()  # lower ones come first
    trigger = models.JSONField(default=dict)  # see core.rules.trigger
    conditions = models.JSONField(default=dict)  # see core.criteria
    steps = models.JSONField(default=list)  # see core.rules.step
    stops = models.BooleanField(default=False)  # where it fires, none after it does
    inboxes = ArrayField(models.BigIntegerField(), default=list, blank=True)  # none: all
    verbs = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # of the events it looks at

    number = models.PositiveIntegerField(default=1)  # of its version: two people never write over each other
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    enabled_at = models.DateTimeField(null=True, blank=True)  # none: switched off
    watched_until = models.DateTimeField(null=True, blank=True)  # those that wait for a time have looked so far
    watching_until = models.DateTimeField(null=True, blank=True)  # and are looking until here: see desk/rules/timing
    reached = models.BigIntegerField(default=0, db_default=0)  # the number that this look has come to
    broken_at = models.DateTimeField(null=True, blank=True)  # switched off because it can't be carried out
    broken_why = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        indexes = [models.Index(fields=["place", "id"], name="rule_enabled", condition=Q(enabled_at__isnull=False))]
        constraints = [
            models.CheckConstraint(
                condition=Q(enabled_at=None) | Q(broken_at=None, retired_at=None), name="a_broken_rule_is_switched_off"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def watch_from(self, at: datetime | None) -> None:
        """Look at what comes to pass from an instant on; none: at nothing. Not saved."""
        self.watched_until, self.watching_until, self.reached = at, None, 0


class RuleVersion(models.Model):
    """A rule as it stood since somebody wrote it."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = [F("number").desc()]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="a_version_of_a_rule_once")]

    def __str__(self) -> str:
        return f"version {self.number} of rule {self.rule_id}"


class Firing(models.Model):
    """A rule that fired for a conversation, or was cut: what caused it, what its conditions saw, what its steps did."""

    class Verdict(models.TextChoices):
        FIRES = "fires", pgettext_lazy("a rule", "Applied")
        AGAIN = "again", pgettext_lazy("a rule", "Cut: it had been applied for the same cause")
        TOO_DEEP = "too_deep", pgettext_lazy("a rule", "Cut: rules set off one another too often")

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="firings", db_index=False)
    version = models.PositiveIntegerField()
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="firings", db_index=False)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.FIRES)
    event = models.BigIntegerField(null=True, blank=True)  # what happened; none: a time came
    cause = models.CharField(max_length=100)  # what began the chain of effects: event-981, or an instant
    depth = models.PositiveSmallIntegerField(default=0)
    seen = models.JSONField(default=list)  # each check with what it saw
    outcomes = models.JSONField(default=list)  # what each step did: see desk/steps
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "rule", "cause"], condition=Q(verdict="fires"), name="a_rule_once_a_cause"
            ),
            models.UniqueConstraint(
                fields=["rule", "event"], condition=Q(event__isnull=False), name="a_rule_once_an_event"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "-id"], name="firing_conversation"),
            models.Index(fields=["rule", "-at"], name="firing_rule"),
        ]

    def __str__(self) -> str:
        return f"rule {self.rule_id} in {self.conversation_id}: {self.verdict}"


class DueRule(models.Model):
    """An event that rules are still to be asked about. The database writes it with the event, where a rule that is
    switched on looks at such events; whoever has asked them deletes it in the transaction of what they do."""

    event = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"rules for event {self.event}"


class DryRun(models.Model):
    """A rule as written, tried on what has happened; nothing is changed by it."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("a dry run", "Running")
        DONE = "done", pgettext_lazy("a dry run", "Done")
        FAILED = "failed", pgettext_lazy("a dry run", "Failed")

    rule = models.ForeignKey(Rule, models.CASCADE, null=True, blank=True, related_name="dry_runs")
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"dry run {self.pk}: {self.state}"
