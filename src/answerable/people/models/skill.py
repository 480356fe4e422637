"""What people can do, and which languages they speak: by whom work can be done at all."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.people.models.lasting import Lasting

if TYPE_CHECKING:
    from answerable.people.models.user import User


class Level(models.IntegerChoices):
    """How well. From ABLE on somebody may be given the work alone."""

    LEARNING = 1, pgettext_lazy("level of a skill", "Learning")
    ABLE = 2, pgettext_lazy("level of a skill", "Able")
    EXPERT = 3, pgettext_lazy("level of a skill", "Expert")


class Fluency(models.IntegerChoices):
    """How well a language is spoken. From WORKING on somebody may answer customers in it."""

    BASIC = 1, pgettext_lazy("level of a language", "Basic")
    WORKING = 2, pgettext_lazy("level of a language", "Working")
    NATIVE = 3, pgettext_lazy("level of a language", "Native")


class SkillQuerySet(models.QuerySet["Skill"]):
    def visible_to(self, user: "User") -> "SkillQuerySet":
        """What colleagues can do is no secret."""
        return self if user.is_active else self.none()

    def in_use(self) -> "SkillQuerySet":
        return self.filter(retired_at=None)


class Skill(models.Model):
    """Something a person can do well or not: refunds, the card terminal, bookkeeping."""

    class Kind(models.TextChoices):
        SPECIALITY = "speciality", _("Speciality")
        PRODUCT = "product", _("Product")

    name = models.CharField(max_length=60)
    key = models.SlugField(max_length=60, unique=True)  # how rules and commands name it; it stays
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SPECIALITY)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SkillQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name", "id"]

    def __str__(self) -> str:
        return self.name


class SkillHeld(Lasting):
    """Somebody had a skill at a level, for a time. A change of level ends the row and begins another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills_held")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="holders")
    level = models.PositiveSmallIntegerField(choices=Level.choices)

    class Meta(Lasting.Meta):
        constraints = [
            *Lasting.Meta.constraints,
            models.UniqueConstraint(fields=["user", "skill"], condition=Q(until=None), name="a_skill_at_one_level"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="a_known_level"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.get_level_display()} {self.skill_id}"


class LanguageSpoken(Lasting):
    """Somebody spoke a language (ISO 639-1 code) at a level, for a time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="languages_spoken")
    language = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(choices=Fluency.choices)

    class Meta(Lasting.Meta):
        constraints = [
            *Lasting.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "language"], condition=Q(until=None), name="a_language_at_one_level"
            ),
            models.CheckConstraint(condition=Q(level__in=Fluency.values), name="a_known_fluency"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.get_level_display()} {self.language}"
