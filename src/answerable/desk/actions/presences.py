"""Who is looking at what. Kept for half a minute, no part of history: no event is left behind."""

from collections.abc import Sequence

from django.utils import timezone

from answerable.desk.actions.changes import HANDLERS
from answerable.desk.errors import check_can_see
from answerable.desk.models import Conversation, Notice, Presence
from answerable.desk.models.notice import STALE_AFTER
from answerable.desk.outlets import note_reading
from answerable.events.live.signals import signal
from answerable.people.models import User

MOST_SHOWN = 500


def arrive(conversation: Conversation, *, by: User, typing: bool | None = None) -> None:
    """They look at it now. `typing`: they begin (or go on) to write an answer, or have stopped; None: no word of it,
    as from another page of theirs. Others hear of it at once when that is news."""
    check_can_see(by, conversation)
    now = timezone.now()
    before = Presence.objects.filter(conversation=conversation, user=by).first()
    if before is None:
        Presence.objects.filter(user=by, seen_at__lt=now - STALE_AFTER).delete()  # of pages that never said they close
    told = {} if typing is None else {"typed_at": now if typing else None}
    after, _ = Presence.objects.update_or_create(conversation=conversation, user=by, defaults={"seen_at": now, **told})
    if before is None or before.seen_at < now - STALE_AFTER or before.is_typing != after.is_typing:
        _tell(conversation)
        _tell_customer(conversation, by=by, typing=after.is_typing)
    Notice.objects.filter(user=by, conversation=conversation, read_at=None).update(read_at=now)


def leave(conversation: Conversation, *, by: User) -> None:
    """They have closed it."""
    if Presence.objects.filter(conversation=conversation, user=by).delete()[0]:
        _tell(conversation)


def others_at(conversation: Conversation, *, than: User) -> Sequence[Presence]:
    """Colleagues who look at it now, who typed first."""
    return list(Presence.objects.fresh().filter(conversation=conversation).exclude(user=than))


def others_everywhere(*, than: User) -> Sequence[Presence]:
    """Colleagues who look at any conversation that `than` may see. One query."""
    seen = Presence.objects.fresh().filter(conversation__team_id__in=than.team_ids)
    return list(seen.exclude(user=than)[:MOST_SHOWN])


def _tell(conversation: Conversation) -> None:
    signal(f"presence-{conversation.pk}", "presence.changed", team_id=conversation.team_id)


def _tell_customer(conversation: Conversation, *, by: User, typing: bool) -> None:
    """By the channel that carries answers out, if who looks is one who answers."""
    if by.holds(*HANDLERS, team_id=conversation.team_id):
        note_reading(conversation, typing=typing)
