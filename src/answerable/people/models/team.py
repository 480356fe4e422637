"""The tree of teams, and who is what in it, now and before."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.people.models.lasting import Lasting

if TYPE_CHECKING:
    from answerable.people.models.user import User


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    LEAD = "lead", _("Team lead")
    AGENT = "agent", _("Agent")
    ANALYST = "analyst", _("QA analyst")


HANDLERS = (Role.ADMINISTRATOR, Role.LEAD, Role.AGENT)
"""Who may be given conversations; analysts only read."""


class OrganisedBy(models.TextChoices):
    """What tells a team from its siblings."""

    MIXED = "mixed", pgettext_lazy("what a team is organised by", "Mixed")
    SPECIALITY = "speciality", pgettext_lazy("what a team is organised by", "Speciality")
    CHANNEL = "channel", pgettext_lazy("what a team is organised by", "Channel")
    SEGMENT = "segment", pgettext_lazy("what a team is organised by", "Customer segment")
    REGION = "region", pgettext_lazy("what a team is organised by", "Region or language")


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: "User") -> "TeamQuerySet":
        """The teams the user belongs to, and the teams below those."""
        return self.filter(pk__in=user.team_ids)

    def in_chart_of(self, user: "User") -> "TeamQuerySet":
        """Who works where is no secret among colleagues: the whole tree. Its work is: that is `visible_to`."""
        return self if user.is_active else self.none()

    def below(self, paths: list[str]) -> "TeamQuerySet":
        """The teams at these places in the tree, and all below them."""
        condition = models.Q(pk__in=[])
        for path in paths:
            condition |= models.Q(path__startswith=path)
        return self.filter(condition)


class Team(models.Model):
    """A node of the company's tree of teams. The top one is the whole company."""

    name = models.CharField(max_length=100)
    key = models.SlugField(max_length=60, unique=True)  # how policies and commands name it
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=500, editable=False, unique=True)  # "/support/latvia/": keys from the top
    organised_by = models.CharField(max_length=20, choices=OrganisedBy.choices, default=OrganisedBy.MIXED)
    since = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["path"], name="team_path_prefix", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name

    @property
    def lineage(self) -> list[str]:
        """Its own path and those of the teams above it, from the top."""
        keys = self.path.strip("/").split("/")
        return [f"/{'/'.join(keys[:length])}/" for length in range(1, len(keys) + 1)]


class Membership(models.Model):
    """What somebody is in a team, and in every team below it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AGENT)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team", "role"], name="a_role_once_a_team")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.team_id}"


class FormerMembership(Lasting):
    """What somebody was in a team, until the role was withdrawn or moved. `number` is the id it had as it held."""

    number = models.BigIntegerField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="former_memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    def __str__(self) -> str:
        return f"{self.user_id} was {self.role} of {self.team_id}"
