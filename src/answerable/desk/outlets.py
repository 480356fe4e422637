"""The channel by which answers leave a conversation, as far as the desk knows it: an adapter of `settings.CHANNELS`."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from answerable.desk.models import Conversation


def caution_for(conversation: Conversation) -> Any:
    """What keeps answers from leaving, by the channel's own word (its `Caution`); None where nothing does."""
    outlet = _outlet(conversation.leaves_by)
    if outlet is None:
        return None
    looks_closer = getattr(outlet, "caution_in", None)
    return looks_closer(conversation) if looks_closer else outlet.caution(conversation.inbox)


def note_reading(conversation: Conversation, *, typing: bool) -> None:
    """Let the customer know that somebody reads or writes, where the channel can."""
    note = getattr(_outlet(conversation.leaves_by), "note_reading", None)
    if note is not None:
        note(conversation, typing=typing)


@cache
def _outlet(channel: str) -> Any:
    path = settings.CHANNELS.get(channel)
    return import_string(path)() if path else None
