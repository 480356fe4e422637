"""Tickets as conversations: whole, as they were, and without moving anything else.

Nothing of the desk's actions runs: no clock begins, no mail and no notice leaves, nobody is asked for a rating. What
is frozen for reports is what the export itself tells: when the first person answered, and when it was solved.
"""

from collections.abc import Mapping as Words
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from answerable.channels.email.plaintext import html_to_text
from answerable.customers.models import Contact
from answerable.desk.actions.files import NewFile, attach_all
from answerable.desk.actions.receiving import preview_of
from answerable.desk.actions.search import add_words_to_all, introductions
from answerable.desk.models import Conversation, Inbox, Kind, Message, Priority, Status
from answerable.desk.models.conversation import UNSOLVED
from answerable.events.inserting import insert_all
from answerable.events.record import event_of
from answerable.imports.mapping import LEAVE_OUT, Mapping
from answerable.imports.models import Origin, System
from answerable.imports.origins import Origins
from answerable.imports.people import contact_without_address, user_for
from answerable.imports.records import Entry, File, Person, Ticket
from answerable.imports.stage import Remarks, Stage

LARGEST_FILE = 50 << 20
CHANNELS = {"email": "email", "mail": "email", "web": "form", "portal": "form", "chat": "chat", "phone": "phone"}
"""Theirs -> ours; others are kept as mail, by which they are answered here."""


@dataclass
class Made:
    """A conversation that is to be, and what is written in it."""

    ticket: Ticket
    conversation: Conversation
    messages: list[tuple[Message, list[NewFile]]]


@dataclass(frozen=True)
class Taking:
    """What is the same for all tickets of a run."""

    stage: Stage
    origins: Origins
    mapping: Mapping
    inboxes: Words[int, Inbox]
    inbox: Inbox
    remarks: Remarks

    def take(self, rows: Sequence[tuple[Ticket, list[Entry]]]) -> tuple[int, int]:
        """Those that are not here yet, in the caller's transaction. How many conversations and messages are new."""
        known = self.origins.known(Origin.Kind.CONVERSATION, [ticket.key for ticket, _entries in rows])
        wanted = [(ticket, entries) for ticket, entries in rows if ticket.key not in known]
        wanted = [one for one in wanted if self._is_wanted(*one)]
        contacts = self._contacts(wanted)
        people = Contact.objects.in_bulk(set(contacts.values()))
        users = self._users(wanted)
        made = [one for row in wanted if (one := self._made(*row, contacts, users)) is not None]
        for one in made:
            one.conversation.contact = people[one.conversation.contact_id]
        insert_all(one.conversation for one in made)
        written = [pair for one in made for pair in one.messages]
        insert_all(message for message, _files in written)
        attach_all(written)
        words = introductions([one.conversation for one in made]) if made else {}
        add_words_to_all(
            (one.conversation, [*words[one.conversation.pk], *(message.text for message, _files in one.messages)])
            for one in made
        )
        self.origins.note(Origin.Kind.CONVERSATION, {one.ticket.key: one.conversation.pk for one in made})
        insert_all(
            event_of(
                "conversation.imported",
                subject=one.conversation,
                by=self.origins.by,
                team_id=one.conversation.team_id,
                system=System(self.origins.system).label,
                number=one.ticket.number or one.ticket.key,
            )
            for one in made
        )
        return len(made), len(written)

    def _is_wanted(self, ticket: Ticket, entries: Sequence[Entry]) -> bool:
        about = f"ticket {ticket.number or ticket.key}"
        if ticket.is_deleted or self.mapping.status(ticket.status) == LEAVE_OUT:
            self.remarks.add(about, "deleted")
        elif ticket.created_at is None and not any(entry.at for entry in entries):
            self.remarks.add(about, "no_time")
        elif not entries:
            self.remarks.add(about, "nothing_written")
        else:
            return True
        return False

    def _contacts(self, rows: Sequence[tuple[Ticket, list[Entry]]]) -> dict[str, int]:
        """Key -> our contact, of all who asked or wrote; those nobody knows are made."""
        keys = {ticket.requester or f"of-{ticket.key}" for ticket, _entries in rows}
        authors = {entry.author for _ticket, entries in rows for entry in entries if entry.author}
        found = self.origins.known(Origin.Kind.CONTACT, keys | authors)
        for ticket, _entries in rows:
            key = ticket.requester or f"of-{ticket.key}"
            if key not in found:
                person = self.stage.person_of(key)
                if person is None:
                    self.remarks.add(f"ticket {ticket.number or ticket.key}", "no_requester")
                found[key] = contact_without_address(key, person.name if person else "", self.origins)
        return found

    def _users(self, rows: Sequence[tuple[Ticket, list[Entry]]]) -> dict[str, int]:
        """Key -> member of our staff, of all who answered or were assigned. Who writes to a customer and is nobody the
        export knows is one of theirs, too."""
        named = {ticket.assignee: "" for ticket, _entries in rows}
        for ticket, entries in rows:
            named |= {
                one.author: one.author_name for one in entries if one.author != ticket.requester or not one.is_public
            }
        found = {}
        for key in sorted(named.keys() - {""}):
            person = self.stage.person_of(key) or Person(key, named[key], is_agent=True)
            if person.is_agent:
                found[key] = user_for(person, self.origins, dict(self.mapping.people))
        return found

    def _made(
        self, ticket: Ticket, entries: Sequence[Entry], contacts: Words[str, int], users: Words[str, int]
    ) -> Made | None:
        about = f"ticket {ticket.number or ticket.key}"
        inbox = self.inboxes.get(self.mapping.inboxes.get(ticket.group, 0), self.inbox)
        first = min(entry.at for entry in entries if entry.at) if any(entry.at for entry in entries) else None
        began = _instant(ticket.created_at or first)
        assert began is not None
        customer = contacts[ticket.requester or f"of-{ticket.key}"]
        row = Conversation(
            inbox=inbox,
            channel=CHANNELS.get(ticket.channel, "email"),
            team=inbox.team,
            assignee_id=users.get(ticket.assignee),
            contact_id=customer,
            subject=" ".join(ticket.subject.split())[:500],
            status=self._status(ticket, about),
            priority=self._priority(ticket, about),
            tags=ticket.tags,
            region=inbox.region,
            language=inbox.language,
            copied=ticket.copied[:100],
            reopen_count=ticket.reopened,
            created_at=began,
        )
        messages = [
            made
            for entry in entries
            if (made := self._message(row, entry, began, customer, contacts, users, about)) is not None
        ]
        if not messages:
            self.remarks.add(about, "nothing_written")
            return None
        _freeze(row, ticket, [message for message, _files in messages], self.remarks, about)
        return Made(ticket, row, messages)

    def _status(self, ticket: Ticket, about: str) -> str:
        found = self.mapping.status(ticket.status)
        if found is None:
            self.remarks.add(about, "unknown_status", value=ticket.status)
        return Status.CLOSED if ticket.is_spam else found or Status.OPEN

    def _priority(self, ticket: Ticket, about: str) -> int:
        found = self.mapping.priority(ticket.priority)
        if found is None and ticket.priority:
            self.remarks.add(about, "unknown_priority", value=ticket.priority)
        return found or Priority.NORMAL

    def _message(
        self,
        row: Conversation,
        entry: Entry,
        began: datetime,
        customer: int,
        contacts: Words[str, int],
        users: Words[str, int],
        about: str,
    ) -> tuple[Message, list[NewFile]] | None:
        text = entry.text.replace("\x00", "\ufffd") or html_to_text(entry.html)
        files = [new for file in entry.files if (new := self._file(file, about)) is not None]
        if not text.strip() and not files:
            self.remarks.add(about, "empty_message")
            return None
        at = _instant(entry.at)
        if at is None:
            self.remarks.add(about, "message_without_time")
        kind = _kind(entry, users)
        user = users.get(entry.author) if kind != Kind.INBOUND else None
        if user is None and kind != Kind.INBOUND and not entry.is_automatic:
            self.remarks.add(about, "no_author")
            text = f"{entry.author_name}:\n\n{text}" if entry.author_name else text
        message = Message(
            conversation=row,
            kind=kind,
            contact_id=contacts.get(entry.author, customer) if kind == Kind.INBOUND else None,
            user_id=user,
            automatic=entry.is_automatic,
            text=text,
            html=entry.html.replace("\x00", "\ufffd"),
            external_id=entry.message_id,
            sent_at=at,
            created_at=at or began,
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


def _freeze(row: Conversation, ticket: Ticket, messages: Sequence[Message], remarks: Remarks, about: str) -> None:
    """What lists show and reports ask for, out of what was written (docs/measures.md)."""
    last = messages[-1]
    row.last_message_at, row.preview, row.message_count = last.created_at, preview_of(last.text), len(messages)
    public = [one for one in messages if one.kind != Kind.NOTE and not one.automatic]
    begun_by_us = bool(public) and public[0].kind == Kind.OUTBOUND
    if begun_by_us:
        row.opened_by_id = public[0].user_id
    asked = next((place for place, one in enumerate(public) if one.kind == Kind.INBOUND), None)
    answered = next((one for one in public[asked:] if one.kind == Kind.OUTBOUND), None) if asked is not None else None
    if answered is not None and not begun_by_us:
        if answered.created_at >= row.created_at:
            row.first_answered_at = answered.created_at
        else:
            remarks.add(about, "answered_before")
    if row.status in UNSOLVED:
        since = [one for one in _after_last_answer(public) if one.kind == Kind.INBOUND]
        row.unanswered_since = since[0].created_at if since else None
    else:
        _freeze_end(row, ticket, remarks, about)


def _freeze_end(row: Conversation, ticket: Ticket, remarks: Remarks, about: str) -> None:
    solved = _instant(ticket.solved_at)
    if solved is None:
        solved = _instant(ticket.closed_at or ticket.updated_at) or row.last_message_at
        if not ticket.closed_at:
            remarks.add(about, "solved_when")
    row.solved_at = max(solved, row.created_at)
    if row.status == Status.CLOSED:
        row.closed_at = max(_instant(ticket.closed_at) or row.solved_at, row.solved_at)
    if ticket.is_spam:
        row.spam_at = row.closed_at


def _after_last_answer(public: Sequence[Message]) -> Sequence[Message]:
    places = [place for place, one in enumerate(public) if one.kind == Kind.OUTBOUND]
    return public[places[-1] + 1 :] if places else public


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
