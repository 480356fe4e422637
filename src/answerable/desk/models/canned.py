from django.conf import settings
from django.db import models

from answerable.people.models import Team


class CannedResponse(models.Model):
    """A text agents use often; {{ contact.name }} and its like are filled in."""

    name = models.CharField(max_length=100)
    text = models.TextField()
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="canned_responses")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
