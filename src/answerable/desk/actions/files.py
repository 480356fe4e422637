"""Files that come with messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from answerable.desk.models import Attachment, File, Message
from answerable.events.inserting import insert_all


@dataclass(frozen=True)
class NewFile:
    """A file that comes with a message. `content_id` names an image within its HTML."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


def attach(message: Message, files: Iterable[NewFile]) -> None:
    """Keep these files with the message."""
    attach_all([(message, list(files))])


def attach_all(come: Sequence[tuple[Message, Sequence[NewFile]]]) -> None:
    """The same for many messages, in a few statements however many files there are."""
    wanted = [(message, file) for message, files in come for file in files]
    if not wanted:
        return
    rows = File.objects.keep_all([file.content for _message, file in wanted])
    insert_all(
        Attachment(
            message=message,
            file=row,
            name=file.name[:255],
            content_type=file.content_type[:127],
            size=len(file.content),
            content_id=file.content_id[:255],
        )
        for (message, file), row in zip(wanted, rows, strict=True)
    )
