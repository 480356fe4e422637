"""What is to be done about a conversation, and the checklists it may come from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from answerable.desk.models.conversation import Conversation
from answerable.people.models import Team, User


class Checklist(models.Model):
    """Tasks that belong together, to be put on a conversation: by hand, or by itself where an inbox says so."""

    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="checklists")  # none: everybody
    texts = models.JSONField(default=list)  # of its tasks, in order
    required = models.BooleanField(default=False)  # each must be done before solving
    due_hours = models.PositiveIntegerField(null=True, blank=True)  # after they were put there
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> "TaskQuerySet":
        """Those of conversations one sees."""
        return self.filter(conversation__team_id__in=user.team_ids)

    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None, removed_at=None)

    def standing(self) -> "TaskQuerySet":
        """Open ones and those done, in their order."""
        return self.filter(removed_at=None).order_by("place", "id")


class Task(models.Model):
    """Something to do about a conversation besides answering it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="tasks", db_index=False)
    text = models.CharField(max_length=300)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks", db_index=False
    )  # none: whoever has the conversation
    due_at = models.DateTimeField(null=True, blank=True)
    required = models.BooleanField(default=False)  # must be done before solving
    checklist = models.ForeignKey(Checklist, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    place = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    done_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)  # told that it is due

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "place", "id"], name="task_conversation"),
            models.Index(
                fields=["assignee", "created_at", "id"],
                name="task_assignee",
                condition=Q(done_at=None, removed_at=None),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="task_due",
                condition=Q(done_at=None, removed_at=None, reminded_at=None, due_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "checklist", "place"],
                condition=Q(removed_at=None, checklist__isnull=False),
                name="a_task_of_a_checklist_once",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_at is not None and self.due_at < timezone.now()
