"""Inboxes, and the conversations that come in by them."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.customers.models import Contact
from answerable.people.models import Level, Skill, Team
from answerable.policy.models import Arm, PilotCustomer

if TYPE_CHECKING:
    from answerable.people.models import User


class Inbox(models.Model):
    """An address or channel that conversations come in by."""

    name = models.CharField(max_length=100)
    channel = models.CharField(max_length=20, default="email")  # a name in settings.CHANNELS
    address = models.CharField(max_length=320, unique=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="inboxes")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)
    region = models.CharField(max_length=60, blank=True)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="+")  # asked of who answers
    skill_level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.ABLE)
    checklist = models.ForeignKey(  # what its conversations begin with
        "desk.Checklist", models.SET_NULL, null=True, blank=True, related_name="inboxes"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", pgettext_lazy("status", "Open")
    PENDING = "pending", _("Pending")  # the customer's turn
    ON_HOLD = "on_hold", _("On hold")  # a third party's turn
    SOLVED = "solved", _("Solved")  # may reopen
    CLOSED = "closed", _("Closed")  # a reply starts a follow-up
    MERGED = "merged", pgettext_lazy("status", "Merged")  # all of it stands in another one: see `merged_into`
    BESIDE = "beside", pgettext_lazy("status", "Beside another")  # with a third party: in no queue and no figure


UNSOLVED = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)
SHUT = (Status.CLOSED, Status.MERGED)
"""Nothing is written here any more."""


class Priority(models.IntegerChoices):
    LOW = 1, pgettext_lazy("priority", "Low")
    NORMAL = 2, pgettext_lazy("priority", "Normal")
    HIGH = 3, pgettext_lazy("priority", "High")
    URGENT = 4, pgettext_lazy("priority", "Urgent")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """The queues agents work from. Each is one keyset-paged query over one index."""

    def visible_to(self, user: "User") -> "ConversationQuerySet":
        """The only door to conversations: those of the user's teams."""
        return self.filter(team_id__in=user.team_ids)

    def that_count(self) -> "ConversationQuerySet":
        """In figures: neither spam nor part of another one, nor with a third party."""
        return self.filter(spam_at=None).exclude(status__in=(Status.MERGED, Status.BESIDE))

    def unsolved(self) -> "ConversationQuerySet":
        return self.filter(status__in=UNSOLVED)

    def awake(self) -> "ConversationQuerySet":
        return self.unsolved().filter(snoozed_until=None)

    def mine(self, user: "User") -> "ConversationQuerySet":
        return self.awake().filter(assignee=user)

    def unassigned(self) -> "ConversationQuerySet":
        return self.awake().filter(assignee=None)

    def breaching_soon(self, *, until: datetime) -> "ConversationQuerySet":
        """Answer or solution is late, or falls due before `until`."""
        return self.awake().filter(due_at__lt=until)

    def snoozed(self) -> "ConversationQuerySet":
        return self.unsolved().exclude(snoozed_until=None)

    def solved(self) -> "ConversationQuerySet":
        return self.filter(status__in=(Status.SOLVED, Status.CLOSED), spam_at=None)

    def spam(self) -> "ConversationQuerySet":
        return self.exclude(spam_at=None)


class Conversation(models.Model):
    """One matter of one contact, whatever the channel. Carries all that lists show, so that a list is one query."""

    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="conversations")
    channel = models.CharField(max_length=20)
    # Without indexes of their own: some below begin with them, and one more tempts the planner to read all of a team.
    team = models.ForeignKey(Team, models.PROTECT, related_name="conversations", db_index=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="conversations", db_index=False
    )
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="conversations", db_index=False)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="follow_ups")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", db_index=False
    )
    beside = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="asides", db_index=False)

    subject = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NEW)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)
    segment = models.CharField(max_length=60, blank=True)  # key, as it was when the conversation began
    region = models.CharField(max_length=60, blank=True)
    copied = ArrayField(models.CharField(max_length=320), default=list, blank=True)  # addresses on copy
    details = models.JSONField(default=dict, db_default={}, blank=True)  # key of a Field -> its value as text
    blocking_tasks = models.PositiveSmallIntegerField(default=0, db_default=0)  # open ones, to be done before solving

    # The part of whose in a test of the policy it began in, and which promises that meant: for good.
    pilot_customer = models.ForeignKey(
        PilotCustomer, models.PROTECT, null=True, blank=True, related_name="conversations", db_index=False
    )
    pilot_arm = models.CharField(max_length=20, choices=Arm.choices, blank=True, default="", db_default="")

    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # an agent who wrote first; none: the customer did
    created_at = models.DateTimeField(default=timezone.now)
    last_message_at = models.DateTimeField(default=timezone.now)
    preview = models.CharField(max_length=200, blank=True)  # how the last message begins, or its files' names
    preview_by = models.ForeignKey(  # who of us wrote that; none: the customer, or somebody beside them
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    message_count = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)  # the newest message of a customer, written by no machine
    unanswered_since = models.DateTimeField(null=True, blank=True)  # the customer's oldest unanswered message
    due_at = models.DateTimeField(null=True, blank=True)  # the soonest of its running clocks
    snoozed_until = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    spam_at = models.DateTimeField(null=True, blank=True)  # marked as spam: closed, and counts nowhere

    imported_at = models.DateTimeField(null=True, blank=True)  # from another system, under whose hours it began

    # For the report, frozen when it happens: business time from the beginning, none where no calendar is known.
    first_answered_at = models.DateTimeField(null=True, blank=True)  # by a person
    first_answer_seconds = models.PositiveIntegerField(null=True, blank=True)
    solution_seconds = models.PositiveIntegerField(null=True, blank=True)  # to `solved_at`; none while open

    objects = ConversationQuerySet.as_manager()

    class Meta:
        # Those of queues know the team, so that a team's are counted without looking at the rows of others.
        indexes = [
            models.Index(
                F("last_message_at").desc(),
                F("id").desc(),
                name="conversation_awake",
                condition=Q(status__in=UNSOLVED, snoozed_until=None),
            ),
            models.Index(
                "team",
                F("last_message_at").desc(),
                F("id").desc(),
                name="conversation_team_awake",
                condition=Q(status__in=UNSOLVED, snoozed_until=None),
            ),
            models.Index(
                "assignee",
                F("last_message_at").desc(),
                F("id").desc(),
                name="conversation_assignee_awake",
                include=["team"],
                condition=Q(status__in=UNSOLVED, snoozed_until=None),
            ),
            models.Index(
                "due_at",
                "id",
                name="conversation_due",
                include=["team"],
                condition=Q(status__in=UNSOLVED, snoozed_until=None, due_at__isnull=False),
            ),
            models.Index(
                "team",
                "unanswered_since",
                name="conversation_waiting",
                include=["channel", "assignee"],
                condition=Q(status__in=UNSOLVED, snoozed_until=None, unanswered_since__isnull=False),
            ),
            models.Index(
                "snoozed_until",
                "id",
                name="conversation_snoozed",
                include=["team"],
                condition=Q(status__in=UNSOLVED, snoozed_until__isnull=False),
            ),
            models.Index(
                F("last_message_at").desc(),
                F("id").desc(),
                name="conversation_solved",
                condition=Q(status__in=("solved", "closed")),
            ),
            models.Index("team", "solved_at", name="conversation_solved_at", condition=Q(solved_at__isnull=False)),
            models.Index(
                F("last_message_at").desc(),
                F("id").desc(),
                name="conversation_spam",
                condition=Q(spam_at__isnull=False),
            ),
            models.Index("contact", F("last_message_at").desc(), name="conversation_contact"),
            models.Index("team", F("last_message_at").desc(), F("id").desc(), name="conversation_team_newest"),
            models.Index(
                fields=["pilot_customer"], name="conversation_piloted", condition=Q(pilot_customer__isnull=False)
            ),
            models.Index(fields=["merged_into"], name="conversation_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["beside"], name="conversation_beside", condition=Q(beside__isnull=False)),
            GinIndex(fields=["tags"], name="conversation_tags"),
        ]

    def __str__(self) -> str:
        return self.subject or f"#{self.pk}"

    @property
    def leaves_by(self) -> str:
        """The channel that carries answers out: what came by a form is answered by mail."""
        return str(settings.ANSWERED_BY.get(self.channel, self.channel))

    @property
    def is_at_once(self) -> bool:
        """Whether the customer has its page open: answers are there at once, and cannot be taken back."""
        return self.leaves_by in settings.ANSWERED_AT_ONCE

    @property
    def correspondent_view(self) -> str:
        """What shows who is at the other end now: the name of its address, or nothing."""
        return str(settings.CORRESPONDENTS.get(self.channel, ""))

    @property
    def letters_leave_by(self) -> str:
        """The channel that carries what is no answer, such as a question how it was, to an address."""
        return "email" if self.is_at_once else self.leaves_by

    @property
    def is_unsolved(self) -> bool:
        return self.status in UNSOLVED

    @property
    def is_shut(self) -> bool:
        return self.status in SHUT

    @property
    def priority_key(self) -> str:
        """`low`, `normal`, `high` or `urgent`."""
        return Priority(self.priority).name.lower()

    @property
    def priority_icon(self) -> str:
        """An arrow up or down; not asked of a normal one."""
        return {"urgent": "chevrons-up", "high": "chevron-up"}.get(self.priority_key, "chevron-down")
