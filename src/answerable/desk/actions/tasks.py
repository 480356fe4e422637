"""What is to be done about a conversation besides answering it. Counted in no figure of the report."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.actions.changes import HANDLERS
from answerable.desk.actions.held import locked
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Checklist, Conversation, Notice, Task
from answerable.events.inserting import insert_all
from answerable.events.record import record
from answerable.events.setbacks import Setbacks
from answerable.people.models import User

MOST_TASKS = 50
"""Open ones of one conversation."""
_due = Setbacks("task")


def add_task(
    conversation: Conversation,
    *,
    text: str,
    by: User,
    assignee: User | None = None,
    due_at: datetime | None = None,
    required: bool = False,
    at: datetime | None = None,
) -> Task:
    """A task behind the others. Whoever gets it from somebody else is told."""
    words, at = " ".join(text.split()), at or timezone.now()
    if not words:
        raise Refused(_("Say what is to be done."))
    with transaction.atomic():
        row = open_to(conversation, by)
        _check_may_be_given(assignee, row)
        check_room(row, 1)
        [task] = put(row, [words], by=by, at=at, assignee=assignee, due_at=due_at, required=required)
        _tell(task, by, at)
        _record(task, row, "added", by, at=at, text=words, to=task.assignee_id, required=required)
    return task


def finish_task(task: Task, *, by: User) -> Task:
    """It is done."""
    with transaction.atomic():
        row, task = _held(task, by)
        if task.done_at is None:
            task.done_at, task.done_by = timezone.now(), by
            task.save(update_fields=["done_at", "done_by"])
            count_blocking(row)
            _record(task, row, "finished", by, text=task.text)
    return task


def reopen_task(task: Task, *, by: User) -> Task:
    """It was not done."""
    with transaction.atomic():
        row, task = _held(task, by)
        if task.done_at is not None:
            task.done_at = task.done_by = None
            task.save(update_fields=["done_at", "done_by"])
            count_blocking(row)
            _record(task, row, "reopened", by, text=task.text)
    return task


def change_task(
    task: Task, *, text: str, by: User, assignee: User | None, due_at: datetime | None, required: bool
) -> Task:
    """Other words, another person, another time."""
    words = " ".join(text.split())
    if not words:
        raise Refused(_("Say what is to be done."))
    with transaction.atomic():
        row, task = _held(task, by)
        _check_may_be_given(assignee, row)
        before, task.assignee = task.assignee_id, assignee
        if task.due_at != due_at:
            task.due_at, task.reminded_at = due_at, None
        task.text, task.required = words, required
        task.save(update_fields=["text", "assignee", "due_at", "required", "reminded_at"])
        count_blocking(row)
        if task.assignee_id != before:
            _tell(task, by, timezone.now())
        _record(task, row, "changed", by, text=words, to=task.assignee_id, required=required)
    return task


def remove_task(task: Task, *, by: User) -> None:
    """It need not be done after all."""
    with transaction.atomic():
        row, task = _held(task, by)
        if task.removed_at is None:
            task.removed_at = timezone.now()
            task.save(update_fields=["removed_at"])
            count_blocking(row)
            _record(task, row, "removed", by, text=task.text)


def remind_due(limit: int = 100) -> float | None:
    """Tell of tasks that have fallen due. Seconds until the next one (None: none waits)."""
    waiting = Task.objects.open().filter(reminded_at=None, due_at__isnull=False).order_by("due_at", "id")
    now = timezone.now()
    for pk in list(waiting.filter(due_at__lte=now).exclude(pk__in=_due.resting()).values_list("pk", flat=True)[:limit]):
        _due.attempt(pk, partial(_remind, pk))
    upcoming = waiting.exclude(pk__in=_due.resting()).values_list("due_at", flat=True).first()
    wanted = None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())
    return _due.sooner(wanted)


def open_to(conversation: Conversation, by: User | None) -> Conversation:
    """The conversation, locked, for who may handle it while it is not closed. Raises Refused."""
    row = locked(conversation)
    check_can_handle(by, row)
    if row.is_shut:
        raise Refused(_("This conversation is closed."))
    return row


def _held(task: Task, by: User) -> tuple[Conversation, Task]:
    row = open_to(task.conversation, by)
    held = Task.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=task.pk)
    if held.removed_at is not None:
        raise Refused(_("Somebody has removed this task."))
    return row, held


def _check_may_be_given(assignee: User | None, conversation: Conversation) -> None:
    team = conversation.team_id
    if assignee is not None and not (assignee.is_active and assignee.holds(*HANDLERS, team_id=team)):
        raise Refused(_("%(name)s does not work in the team %(team)s.") % {"name": assignee, "team": conversation.team})


def check_room(conversation: Conversation, more: int) -> None:
    """Raises Refused where so many more would be too many."""
    if Task.objects.open().filter(conversation=conversation).count() + more > MOST_TASKS:
        raise Refused(_("A conversation has at most %(most)s open tasks.") % {"most": MOST_TASKS})


def put(
    row: Conversation,
    texts: Iterable[str],
    *,
    by: User | None,
    at: datetime,
    required: bool,
    due_at: datetime | None,
    assignee: User | None = None,
    checklist: Checklist | None = None,
) -> list[Task]:
    """Tasks of these words behind those that are there. `row` is locked, and has room for them."""
    last = Task.objects.filter(conversation=row).aggregate(last=Max("place"))["last"] or 0
    tasks = [
        Task(
            conversation=row,
            text=text[:300],
            assignee=assignee,
            due_at=due_at,
            required=required,
            checklist=checklist,
            place=last + number,
            created_by=by,
            created_at=at,
        )
        for number, text in enumerate(texts, 1)
    ]
    insert_all(tasks)
    count_blocking(row)
    return tasks


def count_blocking(row: Conversation) -> None:
    """How many must be done before solving stands at the conversation itself, which solving has read."""
    left = Task.objects.open().filter(conversation=row, required=True).count()
    Conversation.objects.filter(pk=row.pk).update(blocking_tasks=left)


def _tell(task: Task, by: User, at: datetime) -> None:
    if task.assignee is not None and task.assignee_id != by.pk:
        particulars = {"task": task.pk, "text": task.text}
        Notice.objects.create(
            user=task.assignee, conversation=task.conversation, kind="task", particulars=particulars, at=at
        )


def _record(task: Task, row: Conversation, verb: str, by: User, **more: object) -> None:
    record(f"task.{verb}", subject=task, root=row, by=by, team_id=row.team_id, **more)


def _remind(pk: int) -> None:
    """Whose it is; where it is nobody's, who has the conversation. Once."""
    with transaction.atomic():
        for number in Task.objects.filter(pk=pk).values_list("conversation_id", flat=True):
            locked(number)  # before its task, as everybody does
        rows = Task.objects.open().select_for_update(of=("self",)).select_related("conversation__assignee", "assignee")
        task = rows.filter(pk=pk, reminded_at=None, due_at__lte=timezone.now()).first()
        if task is None:
            return
        task.reminded_at = timezone.now()
        task.save(update_fields=["reminded_at"])
        somebody = task.assignee or task.conversation.assignee
        if somebody is not None and task.conversation.is_unsolved:
            particulars = {"task": task.pk, "text": task.text}
            Notice.objects.create(
                user=somebody, conversation=task.conversation, kind="task_due", particulars=particulars
            )
        record(
            "task.fell_due",
            subject=task,
            root=task.conversation,
            by=None,
            team_id=task.conversation.team_id,
            text=task.text,
        )
