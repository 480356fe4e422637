from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from answerable.people.models import Team


class Macro(models.Model):
    """What agents do again and again, under a name: a text, steps, or both. {{ contact.name }} and its like are filled
    in; the text goes into the box, the steps are taken when it is applied."""

    class Into(models.TextChoices):
        REPLY = "outbound", pgettext_lazy("where a text goes", "The reply")
        NOTE = "note", pgettext_lazy("where a text goes", "An internal note")

    name = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    into = models.CharField(max_length=20, choices=Into.choices, default=Into.REPLY, db_default=Into.REPLY)
    steps = models.JSONField(default=list, db_default=[], blank=True)  # see core.rules.step
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="macros")
    revision = models.PositiveIntegerField(default=1, db_default=1)  # two people never write over each other
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
