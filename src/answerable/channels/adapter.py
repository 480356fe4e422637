"""What a channel is. `settings.CHANNELS` names the adapters; a channel is one folder and one line there.

Messages come in by processes of the channel's own, which call `desk.actions.receiving`. They go out as deliveries:
rows that the desk writes with each answer, and the channel sends when they are due.
"""

from abc import ABC, abstractmethod
from functools import cache
from typing import ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from answerable.desk.outlets import Outlet


class Adapter(Outlet, ABC):
    """One channel's way out: what the desk asks of it (`desk.outlets`), and what every worker does for it."""

    name: ClassVar[str]
    """As inboxes and deliveries call it."""

    @abstractmethod
    def send_due(self) -> float | None:
        """Send what is due, each delivery once. Seconds until the next one is; None: nothing waits.

        Called in a loop by every worker: claim rows with SKIP LOCKED, count the attempt first.
        """


@cache
def adapters() -> dict[str, Adapter]:
    """Channel name -> its adapter."""
    return {name: import_string(path)() for name, path in settings.CHANNELS.items()}
