"""What feedback does about events elsewhere."""

from datetime import timedelta

from answerable.events.models import Event
from answerable.feedback.jobs import invite_to_rate

# Long enough for a reply that solved it to be taken back, and for the answer to arrive before the question.
ASK_AFTER = timedelta(seconds=15)


def ask_for_a_rating(event: Event) -> None:
    """A solved conversation is followed by an invitation."""
    conversation_id = int(event.root.removeprefix("conversation-"))
    invite_to_rate.later(after=ASK_AFTER, once=f"invite-{conversation_id}", conversation_id=conversation_id)
