"""What feedback does later."""

from answerable.desk.models import Conversation
from answerable.events.jobs import job
from answerable.feedback.actions.invitations import invite


@job
def invite_to_rate(conversation_id: int) -> None:
    """Ask, if it is still solved. Asking twice is refused, so running twice is harmless."""
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    if conversation is not None:
        invite(conversation)
