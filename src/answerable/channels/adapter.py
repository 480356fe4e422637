"""What a channel is. `settings.CHANNELS` names the adapters; a channel is one folder and one line there.

Messages come in by processes of the channel's own, which call `desk.actions.receiving`. They go out as deliveries:
rows that the desk writes with each answer, and the channel sends when they are due.
"""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from answerable.desk.models import Inbox


@dataclass(frozen=True)
class Caution:
    """What whoever writes should know of the way out now, and the page where an administrator mends it; or what they
    can do themselves: an `action` in words, and the address that it is posted to."""

    words: str
    remedy_url: str = ""
    action: str = ""
    action_url: str = ""


class Adapter(Protocol):
    """One channel's way out.

    Where it can, it also has `caution_in(conversation)`, for what differs from one to the next; and
    `note_reading(conversation, typing=...)`, which lets the customer know that somebody reads or writes.
    """

    name: str
    """As inboxes and deliveries call it."""
    takes_files: bool
    takes_html: bool

    def send_due(self) -> float | None:
        """Send what is due, each delivery once. Seconds until the next one is; None: nothing waits.

        Called in a loop by every worker: claim rows with SKIP LOCKED, count the attempt first.
        """
        ...

    def caution(self, inbox: Inbox) -> Caution | None:
        """What keeps answers of this inbox from leaving; None when nothing does."""
        ...


@cache
def adapters() -> dict[str, Adapter]:
    """Channel name -> its adapter."""
    return {name: import_string(path)() for name, path in settings.CHANNELS.items()}
