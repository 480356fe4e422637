"""Who is writing at this moment. It is shown to who looks, and is no part of history."""

from typing import Any

from django.utils import timezone

from answerable.channels.instant.keeping import fitting
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
    who = next((fitting(user) for user in users if isinstance(user, str) and not is_ours(gateway, user)), "")
    now = timezone.now() if who else None
    there = Chat.objects.filter(gateway=gateway, external_id=room, conversation__isnull=False)
    chat = there.select_related("conversation").first()
    if chat is None or chat.conversation is None:
        return
    is_news = chat.is_typing != bool(who) or chat.typing_account != who
    Chat.objects.filter(pk=chat.pk).update(typing_at=now, typing_account=who)
    if is_news:
        signal(f"visitor-{chat.conversation.pk}", "visitor.changed", team_id=chat.conversation.team_id)
