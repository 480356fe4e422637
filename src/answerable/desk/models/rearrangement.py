"""What was put together, taken apart or moved: with all that changed by it, so that it can be put back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from answerable.desk.models.conversation import Conversation
from answerable.people.models import User


class RearrangementQuerySet(models.QuerySet["Rearrangement"]):
    def visible_to(self, user: User) -> "RearrangementQuerySet":
        """Those of which both ends are the user's teams'."""
        return self.filter(source__team__in=user.team_ids, target__team__in=user.team_ids)

    def live(self) -> "RearrangementQuerySet":
        return self.filter(undone_at=None)


class Rearrangement(models.Model):
    """Messages that went from one conversation to another: all of them, into a new one, or some into one there was."""

    class Kind(models.TextChoices):
        MERGE = "merge", pgettext_lazy("of conversations", "Merge")
        SPLIT = "split", pgettext_lazy("of conversations", "Split")
        MOVE = "move", pgettext_lazy("of conversations", "Move")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.ForeignKey(Conversation, models.PROTECT, related_name="sent_away")
    target = models.ForeignKey(Conversation, models.PROTECT, related_name="brought_in")
    changed = models.JSONField(default=dict)  # see desk/actions/rearranging/photograph.py
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = RearrangementQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=F("target")), name="a_rearrangement_goes_elsewhere")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.source_id} into {self.target_id}"
