"""What somebody wrote in a ticket, as a message of ours."""

from collections.abc import Mapping as Words
from collections.abc import Sequence
from dataclasses import dataclass

from answerable.channels.email.plaintext import html_to_text
from answerable.desk.actions.files import NewFile
from answerable.desk.models import Conversation, Kind, Message
from answerable.imports.freezing import Written, instant
from answerable.imports.records import Entry, File
from answerable.imports.stage import Remarks, Stage

LARGEST_FILE = 50 << 20


@dataclass(frozen=True)
class Authors:
    """Keys of the export -> numbers of our contacts, and of our members of staff."""

    contacts: Words[str, int]
    users: Words[str, int]


@dataclass(frozen=True)
class Writing:
    """`stage` has the bytes of files; what does not come goes to `remarks`."""

    stage: Stage
    remarks: Remarks

    def messages(self, row: Conversation, entries: Sequence[Entry], authors: Authors, about: str) -> list[Written]:
        """Those that say something, with the files that are there; none of them saved."""
        made = (self._message(row, entry, authors, about) for entry in entries)
        return [one for one in made if one is not None]

    def _message(self, row: Conversation, entry: Entry, authors: Authors, about: str) -> Written | None:
        text = entry.text.replace("\x00", "\ufffd") or html_to_text(entry.html)
        files = [new for file in entry.files if (new := self._file(file, about)) is not None]
        if not text.strip() and not files:
            self.remarks.add(about, "empty_message")
            return None
        at = instant(entry.at)
        if at is None:
            self.remarks.add(about, "message_without_time")
        kind = _kind(entry, authors.users)
        user = authors.users.get(entry.author) if kind != Kind.INBOUND else None
        if user is None and kind != Kind.INBOUND and not entry.is_automatic:
            self.remarks.add(about, "no_author")
            text = f"{entry.author_name}:\n\n{text}" if entry.author_name else text
        message = Message(
            conversation=row,
            kind=kind,
            contact_id=authors.contacts.get(entry.author, row.contact_id) if kind == Kind.INBOUND else None,
            user_id=user,
            automatic=entry.is_automatic,
            text=text,
            html=entry.html.replace("\x00", "\ufffd"),
            external_id=entry.message_id,
            sent_at=at,
            created_at=at or row.created_at,
        )
        return message, files

    def _file(self, file: File, about: str) -> NewFile | None:
        content = self.stage.bytes_of(file.at) if file.at else None
        if content is None:
            self.remarks.add(about, "file_not_there", name=file.name)
            return None
        if len(content) > LARGEST_FILE:
            self.remarks.add(about, "file_too_large", name=file.name, megabytes=LARGEST_FILE >> 20)
            return None
        kind = file.content_type or "application/octet-stream"
        return NewFile(file.name or "file", kind, content, file.content_id if file.is_inline else "")


def _kind(entry: Entry, users: Words[str, int]) -> str:
    if not entry.is_public:
        return Kind.NOTE
    inbound = entry.author not in users if entry.inbound is None else entry.inbound
    return Kind.INBOUND if inbound else Kind.OUTBOUND
