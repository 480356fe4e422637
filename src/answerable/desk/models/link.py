"""How conversations belong together, and who among colleagues keeps an eye on one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from answerable.desk.models.conversation import Conversation


class LinkQuerySet(models.QuerySet["Link"]):
    def of(self, conversation: object) -> "LinkQuerySet":
        """Those that stand, from it or to it."""
        return self.filter(Q(source=conversation) | Q(target=conversation), removed_at=None)


class Link(models.Model):
    """One says of the other what it is to it; seen on both. Taken away, it stays as history."""

    class Kind(models.TextChoices):
        RELATED = "related", _("Related to")
        DUPLICATE = "duplicate", _("Duplicate of")
        INCIDENT = "incident", _("Incident of the problem")

    source = models.ForeignKey(Conversation, models.CASCADE, related_name="links_out", db_index=False)
    target = models.ForeignKey(Conversation, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], condition=Q(removed_at=None), name="one_link_a_pair"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="a_link_leads_elsewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Follower(models.Model):
    """A colleague who hears of every new message in a conversation, whoever has it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="followers", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="a_follower_once")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.conversation_id}"
