"""What a team is there for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from answerable.people.models.lasting import Lasting
from answerable.people.models.team import Team


class Charge(Lasting):
    """A team owns a channel, a segment or a skill, for a time: it answers for it. Several may share one.

    `key` is the channel's, segment's or skill's key. A segment's name stands here, too, since segments are the
    customers' and the people's pages don't know them; the others are looked up.
    """

    class Of(models.TextChoices):
        CHANNEL = "channel", _("Channel")
        SEGMENT = "segment", _("Segment")
        SKILL = "skill", _("Skill")

    team = models.ForeignKey(Team, models.PROTECT, related_name="charges")
    of = models.CharField(max_length=20, choices=Of.choices)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=100, blank=True)

    class Meta(Lasting.Meta):
        constraints = [
            *Lasting.Meta.constraints,
            models.UniqueConstraint(fields=["team", "of", "key"], condition=Q(until=None), name="a_charge_once_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.of} {self.key}"
