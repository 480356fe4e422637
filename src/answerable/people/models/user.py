"""The people who work here."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from answerable.people.models.team import HANDLERS, Role, Team

# Each role with the teams it holds in: those it was given in, and those below them. Asked with every page.
ROLES = """
SELECT jsonb_object_agg(role, teams) FROM (
    SELECT membership.role, array_agg(DISTINCT team.id) AS teams
    FROM people_membership AS membership JOIN people_team AS held ON held.id = membership.team_id
    JOIN people_team AS team ON starts_with(team.path, held.path)
    WHERE membership.user_id = people_user.id GROUP BY membership.role
) AS of_user
"""


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """Colleagues are no secret: every member of staff sees every other."""
        return self if user.is_active else self.none()

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def administrators(self) -> "UserQuerySet":
        """Those who can be told what needs them: the active ones."""
        return self.active().filter(memberships__role=Role.ADMINISTRATOR).distinct().order_by("pk")

    def with_roles(self) -> "UserQuerySet":
        """Each with their roles, so that `User.roles` asks no more."""
        return self.annotate(held=RawSQL(ROLES, (), models.JSONField()))  # noqa: S611 (a constant)

    def seeing(self, team: Team) -> "UserQuerySet":
        """Active members of the team or of one above it: those who see what it has."""
        return self.active().filter(memberships__team__path__in=team.lineage).distinct().order_by("name", "id")

    def handling(self, team: Team) -> "UserQuerySet":
        """Those of them who may be given its conversations; analysts only read."""
        members = self.active().filter(memberships__role__in=HANDLERS, memberships__team__path__in=team.lineage)
        return members.distinct().order_by("name", "id")

    def in_teams(self, team_ids: frozenset[int]) -> "UserQuerySet":
        return self.filter(memberships__team__in=team_ids).distinct()


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email__iexact=username)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff. Never deleted, only deactivated: history keeps its names."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    theme = models.CharField(_("appearance"), max_length=8, choices=Theme.choices, default=Theme.AUTO)
    escalation_mail = models.BooleanField(default=True)  # escalations that tell them do so by e-mail, too
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_an_address")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @cached_property
    def roles(self) -> dict[str, frozenset[int]]:
        """role -> ids of the teams it holds in, sub-teams included. One query, remembered on this instance."""
        if not self.is_active:
            return {}
        held = (
            self.held
            if hasattr(self, "held")
            else type(self).objects.with_roles().values_list("held").get(pk=self.pk)[0]
        )
        return _by_role(held)

    def know_roles(self, held: Mapping[str, Iterable[int]] | None) -> None:
        """What ROLES said of this person, asked beside something else: `roles` asks no more."""
        self.roles = _by_role(held) if self.is_active else {}

    @cached_property
    def team_ids(self) -> frozenset[int]:
        """Teams whose conversations this person may see."""
        return frozenset().union(*self.roles.values())

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    def holds(self, *roles: str, team_id: int | None = None) -> bool:
        """Has one of the roles: in the team given, or anywhere."""
        return any(
            (team_id in teams if team_id is not None else bool(teams))
            for role, teams in self.roles.items()
            if role in roles
        )


def _by_role(held: Mapping[str, Iterable[int]] | None) -> dict[str, frozenset[int]]:
    return {role: frozenset(teams) for role, teams in (held or {}).items()}
