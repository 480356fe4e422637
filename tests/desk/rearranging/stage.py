"""A question and its answer at the desk, and all that lists, figures and promises are made of."""

from datetime import datetime
from typing import Any

from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.messages import receive, reply
from answerable.desk.models import (
    Clock,
    Conversation,
    Delivery,
    Message,
)
from tests.cast import Cast

SHOWN = (
    "status", "assignee_id", "tags", "copied", "priority", "unanswered_since", "due_at", "created_at", "preview",
    "last_message_at", "message_count", "first_answered_at", "first_answer_seconds", "solved_at", "merged_into_id",
    "snoozed_until", "reopen_count", "solution_seconds", "opened_by_id",
)  # fmt: skip
COUNTED = (
    "kind",
    "state",
    "standard",
    "started_at",
    "due_at",
    "stopped_at",
    "elapsed_seconds",
    "pauses",
    "breached_at",
)


def state(*, besides: tuple[int, ...] = ()) -> dict[int, Any]:
    """All that lists, figures and promises are made of, by conversation; `besides` what was split off meanwhile."""
    found = {}
    for row in Conversation.objects.exclude(pk__in=besides).order_by("pk"):
        clocks = row.clocks.exclude(state=Clock.State.CANCELLED).order_by("started_at", "kind", "pk")
        found[row.pk] = (
            {name: getattr(row, name) for name in SHOWN},
            list(row.messages.order_by("id").values_list("pk", "origin")),
            [tuple(getattr(clock, name) for name in COUNTED) for clock in clocks],
        )
    return found


def asked(cast: Cast, at: datetime, text: str = "Where is my order?", who: Any = None) -> Conversation:
    contact = who or cast.dace
    row = open_conversation(inbox=cast.support_inbox, contact=contact, subject=text, by=None, at=at)
    receive(row, contact=contact, text=text, at=at)
    return Conversation.objects.get(pk=row.pk)


def answered(cast: Cast, row: Conversation, text: str = "Soon.") -> Message:
    message = reply(row, text=text, by=cast.bob, seen_event=None, anyway=True)
    Delivery.objects.filter(message=message).update(state=Delivery.State.SENT)
    return message


def running(row: Conversation, kind: str = Clock.Kind.FIRST_RESPONSE) -> Clock:
    return Clock.objects.get(conversation=row, kind=kind, stopped_at=None)
