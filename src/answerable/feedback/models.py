"""What customers say of the service they got."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from answerable.customers.models import Contact
from answerable.desk.models import Conversation, Message
from answerable.people.models import Team

if TYPE_CHECKING:
    from answerable.people.models import User


class Score(models.IntegerChoices):
    """Five points; 4 and 5 are satisfied ("top two box")."""

    VERY_BAD = 1, _("Very bad")
    BAD = 2, _("Bad")
    SO_SO = 3, _("So-so")
    GOOD = 4, _("Good")
    VERY_GOOD = 5, _("Very good")

    @property
    def face(self) -> str:
        """Its icon."""
        return FACES[self.value]


FACES = {1: "angry", 2: "frown", 3: "meh", 4: "smile", 5: "laugh"}


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: "User") -> "InvitationQuerySet":
        """Those about conversations of the user's teams."""
        return self.filter(conversation__team_id__in=user.team_ids)


class Invitation(models.Model):
    """A contact was asked to rate a conversation. Frozen here: who served, in which team, by which channel."""

    conversation = models.OneToOneField(Conversation, models.PROTECT, related_name="invitation")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="invitations")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="invitations")
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["contact", "-asked_at"], name="invitation_contact"),
            models.Index(fields=["asked_at"], name="invitation_asked"),
        ]

    def __str__(self) -> str:
        return f"invitation about conversation {self.conversation_id}"


class RatingQuerySet(models.QuerySet["Rating"]):
    def visible_to(self, user: "User") -> "RatingQuerySet":
        """Those of conversations of the user's teams."""
        return self.filter(invitation__conversation__team_id__in=user.team_ids)


class Rating(models.Model):
    """What the contact answered. May be changed by them while the link is good; events keep what it was."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField(
        choices=Score.choices, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(blank=True)
    rated_at = models.DateTimeField(default=timezone.now)
    complaint = models.OneToOneField(
        Conversation, models.PROTECT, null=True, blank=True, related_name="+"
    )  # the follow-up in which somebody takes care of it

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="score_of_five_points")]

    def __str__(self) -> str:
        return f"{self.score} for conversation {self.invitation.conversation_id}"

    @property
    def tone(self) -> str:
        """Satisfied ("top two box"), dissatisfied, or neither."""
        return "good" if self.score >= Score.GOOD else "bad" if self.score <= Score.BAD else ""

    @property
    def face(self) -> str:
        """The icon that the customer chose."""
        return FACES[self.score]
