"""What happened: one append-only row for every change anybody made."""

from django.conf import settings
from django.db import models
from django.utils import timezone


def noun(row: models.Model) -> str:
    """How an event, a hint and a page name a row: `conversation-42`."""
    return f"{row._meta.model_name}-{row.pk}"


class Event(models.Model):
    """An action's trace. Timeline, audit log, live hints, webhooks and reports all read it."""

    verb = models.CharField(max_length=60)  # noun.past_tense, such as conversation.solved
    subject = models.CharField(max_length=60)  # the row that changed: message-7
    root = models.CharField(max_length=60)  # what it is shown with: conversation-42
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    team_id = models.BigIntegerField(null=True)  # whose members may hear of it; none: every member of staff
    particulars = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["root", "id"]),
            models.Index(fields=["verb", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class PendingReaction(models.Model):
    """A reaction still owed for an event. Written with the event, deleted when it has run."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="pending_reactions", db_index=False)
    reaction = models.CharField(max_length=200)  # dotted name of the function
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at", "id"])]
        constraints = [models.UniqueConstraint(fields=["event", "reaction"], name="a_reaction_once_an_event")]

    def __str__(self) -> str:
        return f"{self.reaction} for {self.event_id}"
