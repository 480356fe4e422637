"""What becomes of an arrival. Who knows what one kind of happening means stands in the files beside this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch

from answerable.channels.instant.models import Arrival, Chat
from answerable.desk.actions.files import NewFile
from answerable.desk.models import Message

Outcome = Arrival.Outcome


@dataclass(frozen=True)
class Filed:
    """What became of an arrival."""

    outcome: Arrival.Outcome
    reason: str = ""
    chat: Chat | None = None
    message: Message | None = None


NO_INBOX = Filed(Outcome.QUARANTINED, "No inbox has that account yet.")
"""It is tried again as soon as one has (see setup.add_line)."""
UNKNOWN = Filed(Outcome.QUARANTINED, "We are in no such chat.")


@singledispatch
def file(one: object, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """Write down what happened. `files` came with it; `without` says which did not. Raises messenger.Later where it
    can't be known yet."""
    raise TypeError(f"Nobody knows what {one} means.")
