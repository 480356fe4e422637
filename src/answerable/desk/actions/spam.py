"""What nobody needs to answer: closed, its promises void, and counted in no report; until somebody says otherwise."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from answerable.desk.actions import clocks
from answerable.desk.actions.conversations import locked
from answerable.desk.errors import check_can_handle
from answerable.desk.models import Clock, Conversation, Status
from answerable.events.models import Event, noun
from answerable.events.record import record
from answerable.people.models import User

FIELDS = ["spam_at", "status", "closed_at", "snoozed_until"]


def mark_spam(conversation: Conversation, *, by: User | None, at: datetime | None = None) -> Conversation:
    """Close it without a solution. Its running clocks are cancelled, and nobody is asked to rate it."""
    at = at or timezone.now()
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        if conversation.spam_at is not None:
            return conversation
        before = conversation.status
        conversation.spam_at = at
        conversation.status = Status.CLOSED
        conversation.closed_at = conversation.closed_at or at
        conversation.snoozed_until = None
        conversation.save(update_fields=FIELDS)
        for clock in conversation.clocks.filter(stopped_at=None):
            clocks.cancel(clock, at=at, by=by, because="spam")
        clocks.show_due(conversation)
        _record(conversation, "marked_spam", by, at, before=before)
    return conversation


def unmark_spam(conversation: Conversation, *, by: User) -> Conversation:
    """It was none: its status is what it was, and its clocks have run all the time."""
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        if conversation.spam_at is None:
            return conversation
        marked = Event.objects.filter(root=noun(conversation), verb="conversation.marked_spam").latest("id")
        cancelled = conversation.clocks.filter(state=Clock.State.CANCELLED, stopped_at=conversation.spam_at)
        conversation.status = marked.particulars["before"]
        conversation.spam_at = None
        if conversation.status != Status.CLOSED:
            conversation.closed_at = None
        conversation.save(update_fields=FIELDS)
        for clock in cancelled:
            clock.stopped_at = None
            clocks.compute_again(clock)
        clocks.show_due(conversation)
        _record(conversation, "unmarked_spam", by, timezone.now(), to=conversation.status)
    return conversation


def _record(conversation: Conversation, verb: str, by: User | None, at: datetime, **more: object) -> None:
    record(f"conversation.{verb}", subject=conversation, by=by, team_id=conversation.team_id, at=at, **more)
