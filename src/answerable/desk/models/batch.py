"""Changes of many conversations at once, and what came of each."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from answerable.desk.models.conversation import Conversation

UNDO_WITHIN = timedelta(hours=24)


class BatchQuerySet(models.QuerySet["Batch"]):
    def going_on(self) -> "BatchQuerySet":
        return self.filter(state__in=GOING_ON)


class Batch(models.Model):
    """One change asked of many conversations at once: which, how far it is, and whether it was undone."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("work on many conversations", "Waiting to begin")
        RUNNING = "running", pgettext_lazy("work on many conversations", "Going on")
        DONE = "done", pgettext_lazy("work on many conversations", "Done")
        STOPPED = "stopped", pgettext_lazy("work on many conversations", "Stopped")
        UNDOING = "undoing", pgettext_lazy("work on many conversations", "Being undone")
        UNDONE = "undone", pgettext_lazy("work on many conversations", "Undone")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="batches")
    change = models.CharField(max_length=20)  # a noun of desk/actions/batches.py
    given = models.JSONField(default=dict)  # what its form was sent with
    label = models.CharField(max_length=200)  # what was asked, in the words of who asked
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)  # when undoing was asked for

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["user", "-id"], name="batch_of_user")]

    def __str__(self) -> str:
        return self.label

    @property
    def address(self) -> str:
        """Where its page is."""
        return reverse("batch", args=[self.pk])

    @property
    def goes_on(self) -> bool:
        return self.state in GOING_ON

    @property
    def undo_ends_at(self) -> datetime | None:
        """Until when it can be undone; none while it goes on or once it was."""
        if self.state not in (self.State.DONE, self.State.STOPPED) or self.ended_at is None:
            return None
        return self.ended_at + UNDO_WITHIN

    @property
    def may_be_undone(self) -> bool:
        ends = self.undo_ends_at
        return ends is not None and timezone.now() < ends


GOING_ON = (Batch.State.WAITING, Batch.State.RUNNING, Batch.State.UNDOING)


class BatchItem(models.Model):
    """One conversation of a batch: what came of it, and what stood there before, for who wants that back."""

    class Outcome(models.TextChoices):
        WAITING = "", pgettext_lazy("work on many conversations", "Not yet")
        DONE = "done", pgettext_lazy("work on many conversations", "Changed")
        SAME = "same", pgettext_lazy("work on many conversations", "Was so already")
        REFUSED = "refused", pgettext_lazy("work on many conversations", "Not changed")
        UNDONE = "undone", pgettext_lazy("work on many conversations", "As it was before")
        KEPT = "kept", pgettext_lazy("work on many conversations", "Not undone")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items", db_index=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.WAITING)
    reason = models.CharField(max_length=300, blank=True)  # why not, in the words of who asked
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    change = models.JSONField(default=dict, db_default={}, blank=True)  # columns, clocks': see desk/actions/undoing.py

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "conversation"], name="a_conversation_once_a_batch")]
        indexes = [models.Index(fields=["batch", "outcome", "id"], name="batch_item_outcome")]

    def __str__(self) -> str:
        return f"{self.conversation_id} of batch {self.batch_id}: {self.outcome}"
