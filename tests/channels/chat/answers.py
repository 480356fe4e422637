"""What Bob answers a visitor."""

from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Message
from tests.cast import Cast


def answered(conversation: int, text: str, cast: Cast) -> Message:
    return reply(Conversation.objects.get(pk=conversation), text=text, by=cast.bob, seen_event=0, anyway=True)
