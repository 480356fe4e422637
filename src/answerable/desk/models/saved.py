from django.conf import settings
from django.db import models
from django.db.models import Max, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from answerable.people.models import Team


class SavedQueue(models.Model):
    """A queue made of conditions: a team's, seen by all who work in it or below it; or somebody's own."""

    class Order(models.TextChoices):
        NEWEST = "newest", _("Newest message first")
        OLDEST = "oldest", _("Oldest message first")
        DUE = "due", _("Most urgent first (only those whose promise runs)")
        WAITING = "waiting", _("Longest waiting first (only those that wait for an answer)")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="queues")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="queues")
    name = models.CharField(max_length=60)
    conditions = models.JSONField()  # see core/criteria.py
    order = models.CharField(max_length=10, choices=Order.choices, default=Order.NEWEST)
    columns = models.JSONField(default=list, blank=True)  # numbers of the fields that its rows show
    place = models.PositiveIntegerField()  # lower ones stand first
    revision = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None, team__isnull=False) | Q(owner__isnull=False, team=None),
                name="a_queue_is_a_teams_or_somebodys",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where its list is."""
        return reverse("queue", args=[f"saved-{self.pk}"])

    @classmethod
    def next_place(cls) -> int:
        """Behind the last."""
        return int(cls.objects.aggregate(last=Coalesce(Max("place"), Value(0)))["last"]) + 1
