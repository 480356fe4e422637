"""What people say on the board of the day: praise of a colleague, and what a team has learned."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from answerable.core.words import query
from answerable.people.models.team import Team

if TYPE_CHECKING:
    from answerable.people.models.user import User

LONGEST_WORDS = 500
Row = TypeVar("Row", bound="Words")


class WordsQuerySet(models.QuerySet[Row]):
    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def visible_to(self, user: "User") -> Self:
        """Those of the teams one sees; one's own, and what one took back, always."""
        of_my_teams = Q(team__in=user.team_ids, withdrawn_at=None)
        return self.filter(of_my_teams | Q(by=user) | Q(withdrawn_by=user))


class Words(models.Model):
    """Somebody's own words on the board of a team. Changed or taken back they stay, and events keep what they were."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("words"), max_length=LONGEST_WORDS)
    conversation = models.BigIntegerField(null=True, blank=True)  # its number: conversations stand above this package
    at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)  # how often they were changed
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text[:60]


class PraiseQuerySet(WordsQuerySet["Praise"]):
    def visible_to(self, user: "User") -> Self:
        """Who is praised reads it, on whichever team's board it stands."""
        return super().visible_to(user) | self.filter(praised=user, withdrawn_at=None)


class Praise(Words):
    """A colleague is praised, by another, or by a customer whose compliment a colleague has pinned."""

    praised = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="praise")
    said_by = models.CharField(max_length=200, blank=True)  # the customer whose words they are
    source = models.CharField(max_length=60, blank=True)  # where they gave them: "rating-17"

    objects = PraiseQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "praise"
        ordering = ["-at", "-id"]
        indexes = [models.Index("team", F("at").desc(), F("id").desc(), name="praise_of_team")]
        constraints = [
            models.CheckConstraint(condition=~Q(praised=F("by")), name="nobody_praises_oneself"),
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source="") & Q(withdrawn_at=None), name="a_compliment_is_pinned_once"
            ),
        ]


class LessonQuerySet(WordsQuerySet["Lesson"]):
    def search(self, text: str) -> Self:
        """Those with every word of the text, inflected as it may be; all where it has no word."""
        asked = query(text)
        if not asked:
            return self
        return self.filter(RawSQL("people_lesson.words @@ %s::tsquery", [asked], models.BooleanField()))


class Lesson(Words):
    """What a team has learned, maybe of an objective of the policy (its key)."""

    objective = models.CharField(max_length=63, blank=True)
    words = SearchVectorField(editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index("team", F("at").desc(), F("id").desc(), name="lesson_of_team"),
            GinIndex(fields=["words"], name="lesson_words"),
        ]
