"""What nobody needs to answer: closed, its promises void, and counted in no report; until somebody says otherwise."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.actions import clocks
from answerable.desk.actions.held import Held, hold
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Clock, Conversation, Status
from answerable.events.models import Event, noun
from answerable.people.models import User


def mark_spam(conversation: Conversation, *, by: User | None, at: datetime | None = None) -> Conversation:
    """Close it without a solution. Its running clocks are cancelled, and nobody is asked to rate it."""
    at = at or timezone.now()
    with transaction.atomic():
        held = hold(conversation)
        check_can_handle(by, held.conversation)
        if change_to_spam(held, by=by, at=at):
            held.keep()
    return held.conversation


def change_to_spam(held: Held, *, by: User | None, at: datetime) -> bool:
    """The same of one that is held; answers whether anything has changed."""
    conversation = held.conversation
    if conversation.spam_at is not None:
        return False
    if conversation.status == Status.MERGED:
        raise Refused(_("All of it stands in #%(number)s.") % {"number": conversation.merged_into_id})
    if conversation.status == Status.BESIDE:
        raise Refused(_("A conversation can't be set to that."))
    before, slept = conversation.status, conversation.snoozed_until
    conversation.spam_at = at
    conversation.status = Status.CLOSED
    conversation.closed_at = conversation.closed_at or at
    conversation.snoozed_until = None
    for clock in held.going_on():
        clocks.cancel(held, clock, at=at, by=by, because="spam")
    held.record("conversation.marked_spam", by=by, at=at, before=before, until=slept and slept.isoformat())
    return True


def unmark_spam(conversation: Conversation, *, by: User | None) -> Conversation:
    """It was none: its status is what it was, it sleeps on, and its clocks have run all the time."""
    with transaction.atomic():
        held = hold(conversation)
        conversation = held.conversation
        check_can_handle(by, conversation)
        if conversation.spam_at is None:
            return conversation
        marked = Event.objects.filter(root=noun(conversation), verb="conversation.marked_spam").latest("id")
        for clock in held.stopped(conversation.spam_at):
            if clock.state == Clock.State.CANCELLED:
                clock.stopped_at = None
                clocks.compute_again(clock)
        conversation.status = marked.particulars["before"]
        if until := marked.particulars.get("until"):
            conversation.snoozed_until = datetime.fromisoformat(until)
        conversation.spam_at = None
        if conversation.status != Status.CLOSED:
            conversation.closed_at = None
        held.record("conversation.unmarked_spam", by=by, to=conversation.status)
        held.keep()
    return conversation
