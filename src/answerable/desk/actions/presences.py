"""Who is looking at what. Kept for half a minute, no part of history: no event is left behind."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from answerable.desk.errors import check_can_see
from answerable.desk.models import Conversation, Notice, Presence
from answerable.events.wire import whisper
from answerable.people.models import User

STALE_AFTER = timedelta(seconds=30)


def arrive(conversation: Conversation, *, by: User, typing: bool = False) -> None:
    """They look at it now, and perhaps type. Others hear of it at once when that is news."""
    check_can_see(by, conversation)
    now = timezone.now()
    before = Presence.objects.filter(conversation=conversation, user=by).first()
    Presence.objects.update_or_create(conversation=conversation, user=by, defaults={"typing": typing, "seen_at": now})
    if before is None or before.typing != typing or before.seen_at < now - STALE_AFTER:
        _tell(conversation)
    Notice.objects.filter(user=by, conversation=conversation, read_at=None).update(read_at=now)


def leave(conversation: Conversation, *, by: User) -> None:
    """They have closed it."""
    if Presence.objects.filter(conversation=conversation, user=by).delete()[0]:
        _tell(conversation)


def others_at(conversation: Conversation, *, than: User) -> Sequence[Presence]:
    """Colleagues who look at it now, who typed first."""
    fresh = Presence.objects.filter(conversation=conversation, seen_at__gte=timezone.now() - STALE_AFTER)
    return list(fresh.exclude(user=than).select_related("user").order_by("-typing", "user_id"))


def _tell(conversation: Conversation) -> None:
    whisper("presence.changed", root=f"presence-{conversation.pk}", team_id=conversation.team_id)
