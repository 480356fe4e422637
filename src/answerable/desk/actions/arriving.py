"""What becomes of answers on their way: they leave, arrive, are seen, or do not get there."""

from datetime import datetime

from answerable.desk.models import Conversation, Delivery, Notice
from answerable.events.record import record


def report(what: str, delivery: Delivery, conversation: Conversation, reason: str) -> None:
    """An event, and a notice to whoever has to do something now."""
    record(
        f"message.{what}",
        subject=delivery.message,
        root=conversation,
        by=None,
        team_id=conversation.team_id,
        reason=reason,
    )
    if what == "delayed" or delivery.message.automatic:
        return
    Notice.objects.bulk_create(
        Notice(
            user=user,
            conversation=conversation,
            kind=what,
            particulars={"message": delivery.message_id, "reason": reason},
        )
        for user in {delivery.message.user, conversation.assignee}
        if user is not None
    )


def record_sent(delivery: Delivery) -> None:
    """It has left: pages that show the message show that, too."""
    conversation = delivery.message.conversation
    record("message.handed_over", subject=delivery.message, root=conversation, by=None, team_id=conversation.team_id)


def note_progress(delivery: Delivery, *, at: datetime, seen: bool) -> bool:
    """It has reached the customer, or (`seen`) they have had it before their eyes. Whether that is news."""
    if delivery.seen_at or (delivery.arrived_at and not seen):
        return False
    delivery.arrived_at = delivery.arrived_at or at
    delivery.seen_at = at if seen else None
    delivery.save(update_fields=["arrived_at", "seen_at"])
    conversation = delivery.message.conversation
    verb = "message.seen" if seen else "message.arrived"
    record(verb, subject=delivery.message, root=conversation, by=None, team_id=conversation.team_id)
    return True


def give_up(delivery: Delivery, reason: str) -> None:
    """A person must look: the reason stands at the message, and whoever wrote it is told."""
    delivery.state, delivery.error = Delivery.State.FAILED, reason
    delivery.save(update_fields=["state", "error"])
    report("failed", delivery, delivery.message.conversation, reason)
