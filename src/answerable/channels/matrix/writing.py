"""Who is writing at this moment. It is passed on to who looks, and kept nowhere."""

from typing import Any

from answerable.channels.instant.models import Chat, Gateway
from answerable.channels.matrix.names import is_ours
from answerable.events.live.signals import signal


def note_typing(gateway: Gateway, passing: dict[str, Any]) -> None:
    """An `m.typing` event: those in the room who write now, nobody once they have stopped."""
    content = passing.get("content")
    users = content.get("user_ids") if isinstance(content, dict) else None
    room = passing.get("room_id")
    if not isinstance(users, list) or not isinstance(room, str) or "\0" in room:
        return
    chat = Chat.objects.filter(gateway=gateway, external_id=room).select_related("conversation").first()
    if chat is None or chat.conversation is None:
        return
    typing = any(isinstance(user, str) and not is_ours(gateway, user) for user in users)
    verb = "customer.typing" if typing else "customer.stopped_typing"
    signal(f"typing-{chat.conversation.pk}", verb, team_id=chat.conversation.team_id)
