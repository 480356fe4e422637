from django.conf import settings
from django.db import models
from django.db.models import Q

from answerable.desk.models.conversation import Inbox
from answerable.people.models import Team


class Signature(models.Model):
    """What stands below answers: of an inbox, of a team and those below it, or of a person; in several languages."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    team = models.OneToOneField(Team, models.CASCADE, null=True, blank=True, related_name="+")
    inbox = models.OneToOneField(Inbox, models.CASCADE, null=True, blank=True, related_name="+")
    texts = models.JSONField(default=dict)  # language -> text with placeholders

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team=None, inbox=None)
                | Q(user=None, team__isnull=False, inbox=None)
                | Q(user=None, team=None, inbox__isnull=False),
                name="a_signature_is_somebodys",
            )
        ]

    def __str__(self) -> str:
        return f"signature of {self.user_id or self.team_id or self.inbox_id}"
