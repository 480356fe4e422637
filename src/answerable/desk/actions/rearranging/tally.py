"""What lists and figures show of a conversation, from the messages that stand in it by now."""

from datetime import datetime

from django.db.models import Max, Q, QuerySet

from answerable.desk.actions import clocks
from answerable.desk.actions.held import Held
from answerable.desk.actions.previews import show_last
from answerable.desk.actions.rearranging.photograph import Photograph
from answerable.desk.models import Conversation, Delivery, Kind, Message

UNDONE = Q(delivery__state=Delivery.State.UNDONE)


def standing(conversation: Conversation) -> "QuerySet[Message]":
    """Its messages, but for those taken back before they left."""
    return Message.objects.filter(conversation=conversation).exclude(UNDONE)


def answers(conversation: Conversation) -> "QuerySet[Message]":
    """By a person, to the customer, in their order."""
    return standing(conversation).filter(kind=Kind.OUTBOUND, automatic=False).order_by("id")


def waiting_since(conversation: Conversation) -> datetime | None:
    """When the customer's oldest unanswered message came."""
    questions = standing(conversation).filter(kind=Kind.INBOUND, automatic=False, on_copy=False)
    last = answers(conversation).last()
    first = (questions.filter(id__gt=last.pk) if last else questions).order_by("id").first()
    return first.created_at if first else None


def count_again(conversation: Conversation) -> None:
    """How many messages there are, how the last of them begins, and since when the customer waits for an answer."""
    seen = standing(conversation).exclude(kind=Kind.OUTBOUND, automatic=True)
    last = seen.exclude(kind=Kind.NOTE).defer("html").order_by("-id").first()
    conversation.message_count = seen.count()
    conversation.last_message_at = last.created_at if last else conversation.created_at
    show_last(conversation, last)
    asked = seen.filter(kind=Kind.INBOUND, automatic=False)
    conversation.asked_at = asked.order_by().aggregate(last=Max("created_at"))["last"]
    conversation.unanswered_since = waiting_since(conversation) if conversation.is_unsolved else None


def time_again(held: Held, before: Photograph) -> None:
    """Business time to the first answer and to the solution, where that or the beginning is another by now."""
    conversation, then = held.conversation, before.row(held.conversation)
    begins_elsewhen = conversation.created_at != then["created_at"]
    for instant, seconds in (("first_answered_at", "first_answer_seconds"), ("solved_at", "solution_seconds")):
        until = getattr(conversation, instant)
        if begins_elsewhen or until != then[instant]:
            setattr(conversation, seconds, clocks.business_seconds(held, until=until) if until else None)
