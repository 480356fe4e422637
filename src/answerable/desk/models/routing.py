"""How a team's conversations find somebody: its rule, and what was offered to whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from answerable.desk.models.conversation import Conversation
from answerable.people.models import Team, User


class TeamRouting(models.Model):
    """What a team says of its routing. No row: nothing is offered, and everybody takes for themselves."""

    team = models.OneToOneField(Team, models.CASCADE, primary_key=True, related_name="routing")
    automatic_since = models.DateTimeField(null=True, blank=True)  # none: nothing is offered by itself
    most_live = models.PositiveSmallIntegerField(default=3)  # chats and calls that one person has at once
    most_written = models.PositiveSmallIntegerField(default=10)  # e-mails and forms, open ones
    overflow_to = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    overflow_minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(overflow_to=None, overflow_minutes=None)
                | Q(overflow_to__isnull=False, overflow_minutes__gte=1),
                name="an_overflow_has_a_place_and_a_time",
            ),
            models.CheckConstraint(
                condition=Q(overflow_to=None) | ~Q(overflow_to=F("team")), name="an_overflow_goes_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"routing of {self.team_id}"


class ToldWait(models.Model):
    """What a customer was told when they began to wait: how many are before them, and how long it will be."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, primary_key=True, related_name="told_wait")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    ahead = models.PositiveIntegerField()
    seconds = models.FloatField()
    low_seconds = models.FloatField()  # four of five wait between these two
    high_seconds = models.FloatField()
    n = models.PositiveIntegerField()  # first answers that told it
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["team", "-at"], name="told_wait_team")]

    def __str__(self) -> str:
        return f"{self.seconds:.0f} s told in {self.conversation_id}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: User) -> "OfferQuerySet":
        """Those of conversations one sees."""
        return self.filter(conversation__team__in=user.team_ids)

    def standing(self) -> "OfferQuerySet":
        """Those that wait for a word."""
        return self.filter(ended_at=None)


class Offer(models.Model):
    """A conversation offered to somebody, who takes it or lets it go to the next; and why it was they."""

    class Outcome(models.TextChoices):
        STANDING = "", pgettext_lazy("offer", "Waits for a word")
        TAKEN = "taken", pgettext_lazy("offer", "Taken")
        PASSED = "passed", pgettext_lazy("offer", "Passed on")
        LAPSED = "lapsed", pgettext_lazy("offer", "Went by unanswered")
        WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Taken back")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="offers", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="offers", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")  # whose it was then
    offered_at = models.DateTimeField(default=timezone.now)
    lapses_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.STANDING)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.JSONField(default=dict)  # frozen: see desk/routing/reasons.py

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at=None), name="offered_to_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="asked_for_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="an_offer_that_ended_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "-id"], name="offer_conversation"),
            models.Index(fields=["user", "-ended_at"], name="offer_user"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.conversation_id} for {self.user_id}: {self.outcome or 'standing'}"
