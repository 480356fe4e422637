"""What the chat does about events elsewhere."""

from answerable.channels.chat.models import Visit
from answerable.desk.models import Conversation, Kind, Message
from answerable.events.models import Event


def follow_split(event: Event) -> None:
    """conversation.split_off: whose chat it came from has it among theirs, and reads there what we answer."""
    conversation = Conversation.objects.get(pk=int(event.root.removeprefix("conversation-")))
    asked = Message.objects.filter(conversation=conversation, kind=Kind.INBOUND, automatic=False).order_by("id").first()
    came_from = (asked.origin_id if asked else None) or event.particulars["other"]
    visit = Visit.objects.filter(conversation=came_from).first()
    if visit is not None:
        seen = {"seen_message_id": visit.seen_message_id, "seen_at": visit.seen_at}
        Visit.objects.get_or_create(conversation=conversation, defaults={"visitor_id": visit.visitor_id, **seen})
