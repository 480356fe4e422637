"""The channel by which answers leave a conversation, as far as the desk knows it: an adapter of `settings.CHANNELS`."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from answerable.desk.models import Conversation


@dataclass(frozen=True)
class Caution:
    """What whoever writes should know of the way out now, and the page where an administrator mends it; or what they
    can do themselves: an `action` in words, and the address that it is posted to."""

    words: str
    remedy_url: str = ""
    action: str = ""
    action_url: str = ""


class Outlet:
    """What the desk asks of a channel. By itself nothing is in the way, and nobody is told that somebody reads."""

    def caution(self, conversation: Conversation) -> Caution | None:
        """What keeps an answer in this conversation from leaving; None when nothing does."""
        return None

    def note_reading(self, conversation: Conversation, *, typing: bool) -> None:
        """Let the customer know that somebody reads or writes."""


def caution_for(conversation: Conversation) -> Caution | None:
    """What keeps answers from leaving; None where nothing does."""
    return _outlet(conversation.leaves_by).caution(conversation)


def note_reading(conversation: Conversation, *, typing: bool) -> None:
    """Let the customer know that somebody reads or writes, where the channel can."""
    _outlet(conversation.leaves_by).note_reading(conversation, typing=typing)


@cache
def _outlet(channel: str) -> Outlet:
    path = settings.CHANNELS.get(channel)
    outlet: Outlet = import_string(path)() if path else Outlet()
    return outlet
