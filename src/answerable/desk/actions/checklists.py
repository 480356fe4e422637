"""Checklists: leads write them for their teams and inboxes, and they are put on conversations as tasks."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.actions.tasks import check_room, open_to, put
from answerable.desk.errors import Refused
from answerable.desk.models import Checklist, Conversation, Inbox, Task
from answerable.events.record import record
from answerable.people.models import Role, Team, User

WRITERS = (Role.ADMINISTRATOR, Role.LEAD)


def add_checklist(
    conversation: Conversation, *, checklist: Checklist, by: User | None, at: datetime | None = None
) -> list[Task]:
    """Its tasks, but for those that stand there already."""
    at = at or timezone.now()
    with transaction.atomic():
        row = open_to(conversation, by)
        if checklist.retired_at is not None or (checklist.team_id not in (None, *_above(row.team))):
            raise Refused(_("There is no such checklist for this team."))
        there = set(
            Task.objects.standing().filter(conversation=row, checklist=checklist).values_list("text", flat=True)
        )
        texts = [text for text in checklist.texts if text not in there]
        if not texts:
            raise Refused(_("All tasks of this checklist are here already."))
        check_room(row, len(texts))
        due_at = at + timedelta(hours=checklist.due_hours) if checklist.due_hours else None
        tasks = put(row, texts, by=by, at=at, due_at=due_at, required=checklist.required, checklist=checklist)
        record(
            "checklist.added",
            subject=checklist,
            root=row,
            by=by,
            at=at,
            team_id=row.team_id,
            name=checklist.name,
            tasks=len(tasks),
        )
    return tasks


def begin_with_checklists(begun: Iterable[Conversation]) -> None:
    """What is new begins with the checklist of its inbox. Call it in the transaction that opens them."""
    for conversation in begun:
        checklist = conversation.inbox.checklist if conversation.inbox.checklist_id else None
        if checklist is not None and checklist.retired_at is None:
            add_checklist(conversation, checklist=checklist, by=None)


def write_checklist(
    *,
    name: str,
    team: Team | None,
    texts: Sequence[str],
    required: bool,
    due_hours: int | None,
    inboxes: Iterable[Inbox],
    by: User,
    checklist: Checklist | None = None,
) -> Checklist:
    """A new one, or another text of an old one. What stands in conversations stays as it is."""
    places = list(inboxes)
    _check_can_write(by, team.pk if team else None)
    for inbox in places:
        _check_can_write(by, inbox.team_id)
    with transaction.atomic():
        if checklist is not None:
            _check_can_write(by, checklist.team_id)
        row = checklist or Checklist()
        verb = "changed" if row.pk else "created"
        row.name, row.team, row.texts = name, team, list(texts)
        row.required, row.due_hours = required, due_hours
        row.save()
        Inbox.objects.filter(checklist=row).exclude(pk__in=[inbox.pk for inbox in places]).update(checklist=None)
        Inbox.objects.filter(pk__in=[inbox.pk for inbox in places]).update(checklist=row)
        record(f"checklist.{verb}", subject=row, by=by, team_id=row.team_id, name=name, tasks=len(texts))
    return row


def retire_checklist(checklist: Checklist, *, by: User) -> None:
    """It is put nowhere any more."""
    _check_can_write(by, checklist.team_id)
    if checklist.retired_at is None:
        with transaction.atomic():
            checklist.retired_at = timezone.now()
            checklist.save(update_fields=["retired_at"])
            record("checklist.retired", subject=checklist, by=by, team_id=checklist.team_id, name=checklist.name)


def checklists_for(team: Team) -> list[Checklist]:
    """Those that may be put on a conversation of the team: everybody's, its own and those of teams above it."""
    rows = Checklist.objects.filter(retired_at=None).order_by("name", "id")
    return [row for row in rows if row.team_id in (None, *_above(team))]


def _above(team: Team) -> list[int]:
    """Its own number and those of the teams above it."""
    return list(Team.objects.filter(path__in=team.lineage).values_list("pk", flat=True))


def _check_can_write(by: User, team_id: int | None) -> None:
    allowed = by.is_administrator if team_id is None else by.holds(*WRITERS, team_id=team_id)
    if not allowed:
        raise PermissionDenied
