"""What happened on a messenger, as the desk keeps it: each in the transaction that decides its arrival."""

from answerable.channels.instant.filing import chats, ours, theirs
from answerable.channels.instant.filing.outcome import Filed, file

__all__ = ["Filed", "chats", "file", "ours", "theirs"]
