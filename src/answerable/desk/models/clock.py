"""Promises that run, and the steps that are taken as their time is used up."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.desk.models.conversation import Conversation
from answerable.people.models import Team
from answerable.policy.models import Version


class Clock(models.Model):
    """A promise being kept or not: time counted from a question until its answer, under one version's standard."""

    class Kind(models.TextChoices):
        FIRST_RESPONSE = "first_response", _("First response")
        NEXT_RESPONSE = "next_response", _("Next response")
        RESOLUTION = "resolution", _("Resolution")

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("clock", "Running")
        PAUSED = "paused", pgettext_lazy("clock", "Paused")
        MET = "met", pgettext_lazy("clock", "Met")
        BREACHED = (
            "breached",
            pgettext_lazy("clock", "Breached"),
        )  # still unanswered while stopped_at is empty
        CANCELLED = "cancelled", pgettext_lazy("clock", "Cancelled")  # spam, merged: counts nowhere

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RUNNING)

    # Frozen when the clock began: a later policy changes nothing here.
    version = models.ForeignKey(Version, models.PROTECT, related_name="clocks")
    standard = models.CharField(max_length=60)  # key within the version
    target_seconds = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)  # what the standard was chosen by: channel, priority, segment, ...

    team = models.ForeignKey(Team, models.PROTECT, related_name="clocks")  # who had it, in the end
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="clocks")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)  # none while paused
    pauses = models.JSONField(default=list, blank=True)  # [[from, to or null], ...] ISO instants in UTC
    breached_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    elapsed_seconds = models.PositiveIntegerField(null=True, blank=True)  # counted time, once stopped

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="clock_running", condition=Q(state="running")),
            models.Index(fields=["conversation", "id"], name="clock_conversation"),
            models.Index(fields=["kind", "started_at"], name="clock_kind_started"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=Q(stopped_at=None),
                name="one_clock_of_a_kind_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.conversation_id}: {self.state}"


class Escalation(models.Model):
    """A step of the standard's chain, planned when the clock begins; fired once, at its share of the target."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="escalations", db_index=False)
    step = models.PositiveSmallIntegerField()  # its place in the chain
    share = models.DecimalField(max_digits=6, decimal_places=3)  # of the target: 0.5 is half way, 1 is due
    fires_at = models.DateTimeField(null=True, blank=True)  # none while the clock is paused
    fired_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict, blank=True)  # what it did: see `desk/steps`

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "step"], name="a_step_once_a_clock")]
        indexes = [
            models.Index(
                fields=["fires_at", "id"],
                name="escalation_due",
                condition=Q(fired_at=None, fires_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"step {self.step} of clock {self.clock_id}"
