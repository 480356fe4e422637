"""Tickets as conversations: whole, as they were, and without moving anything else.

Nothing of the desk's actions runs: no clock begins, no mail and no notice leaves, nobody is asked for a rating. What
is frozen for reports is what the export itself tells: when the first person answered, and when it was solved.
"""

from collections.abc import Mapping as Words
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from answerable.customers.models import Contact
from answerable.desk.actions.files import attach_all
from answerable.desk.actions.search import add_words_to_all, introductions
from answerable.desk.models import Conversation, Inbox, Priority, Status
from answerable.events.inserting import insert_all
from answerable.events.record import event_of
from answerable.imports.freezing import Written, freeze, instant
from answerable.imports.mapping import LEAVE_OUT, Mapping
from answerable.imports.messages import Authors, Writing
from answerable.imports.models import Origin, System
from answerable.imports.origins import Origins
from answerable.imports.people import contact_without_address, users_for
from answerable.imports.records import Entry, Person, Ticket
from answerable.imports.stage import Remarks, Stage

CHANNELS = {"email": "email", "mail": "email", "web": "form", "portal": "form", "chat": "chat", "phone": "phone"}
"""Theirs -> ours; others are kept as mail, by which they are answered here."""
Read = tuple[Ticket, list[Entry]]
"""A ticket of the export, and what was written in it, the oldest first."""


@dataclass
class Made:
    """A conversation, and what is to be written in it."""

    ticket: Ticket
    conversation: Conversation
    messages: list[Written]


@dataclass(frozen=True)
class Taking:
    """What is the same for all tickets of a run."""

    stage: Stage
    origins: Origins
    mapping: Mapping
    inboxes: Words[int, Inbox]
    inbox: Inbox
    remarks: Remarks
    at: datetime = field(default_factory=timezone.now)

    def take(self, rows: Sequence[Read]) -> tuple[int, int]:
        """Those of them that come over, in the caller's transaction; none is here yet. How many conversations and
        messages are new."""
        wanted = [one for one in rows if self._is_wanted(*one)]
        authors = self.authors(wanted)
        made = [one for row in wanted if (one := self._made(*row, authors)) is not None]
        people = Contact.objects.in_bulk({one.conversation.contact_id for one in made})
        for one in made:
            one.conversation.contact = people[one.conversation.contact_id]
        insert_all(one.conversation for one in made)
        self.write(made)
        keys = {ticket.key: [entry.key for entry in entries] for ticket, entries in wanted}
        self.origins.note_tickets((one.ticket, one.conversation.pk, keys[one.ticket.key]) for one in made)
        self.record("conversation.imported", made)
        return len(made), sum(len(one.messages) for one in made)

    def write(self, made: Sequence[Made]) -> None:
        """The messages of conversations that are here, with their files and the words they are found by."""
        written = [pair for one in made for pair in one.messages]
        insert_all(message for message, _files in written)
        attach_all(written)
        words = introductions([one.conversation for one in made]) if made else {}
        add_words_to_all(
            (one.conversation, [*words[one.conversation.pk], *(message.text for message, _files in one.messages)])
            for one in made
        )

    def record(self, verb: str, made: Sequence[Made]) -> None:
        """An event of each."""
        insert_all(
            event_of(
                verb,
                subject=one.conversation,
                by=self.origins.by,
                team_id=one.conversation.team_id,
                system=System(self.origins.system).label,
                number=one.ticket.number or one.ticket.key,
            )
            for one in made
        )

    def authors(self, rows: Sequence[Read]) -> Authors:
        """All who asked, wrote or were assigned; those nobody knows are made. Who writes to a customer and is nobody
        the export knows is one of their staff, too."""
        named = {ticket.assignee: "" for ticket, _entries in rows}
        for ticket, entries in rows:
            named |= {
                one.author: one.author_name for one in entries if one.author != ticket.requester or not one.is_public
            }
        people = {key: self.stage.person_of(key) or Person(key, named[key], is_agent=True) for key in named if key}
        staff = [person for _key, person in sorted(people.items()) if person.is_agent]
        return Authors(self._contacts(rows), users_for(staff, self.origins, self.mapping.people))

    def _contacts(self, rows: Sequence[Read]) -> dict[str, int]:
        authors = {entry.author for _ticket, entries in rows for entry in entries if entry.author}
        found = self.origins.known(Origin.Kind.CONTACT, authors | {requester_of(ticket) for ticket, _entries in rows})
        for ticket, _entries in rows:
            key = requester_of(ticket)
            if key not in found:
                person = self.stage.person_of(key)
                if person is None:
                    self.remarks.add(about(ticket), "no_requester")
                found[key] = contact_without_address(key, person.name if person else "", self.origins)
        return found

    def _is_wanted(self, ticket: Ticket, entries: Sequence[Entry]) -> bool:
        if ticket.is_deleted:
            self.remarks.add(about(ticket), "deleted")
        elif self.is_left_out(ticket):
            self.remarks.add(about(ticket), "left_out", value=ticket.status)
        elif ticket.created_at is None and not any(entry.at for entry in entries):
            self.remarks.add(about(ticket), "no_time")
        elif not entries:
            self.remarks.add(about(ticket), "nothing_written")
        else:
            return True
        return False

    def is_left_out(self, ticket: Ticket) -> bool:
        """Deleted there, or not wanted here."""
        return ticket.is_deleted or self.mapping.status(ticket.status) == LEAVE_OUT

    def _made(self, ticket: Ticket, entries: Sequence[Entry], authors: Authors) -> Made | None:
        inbox = self.inboxes.get(self.mapping.inboxes.get(ticket.group, 0), self.inbox)
        began = instant(ticket.created_at or min((entry.at for entry in entries if entry.at), default=0.0))
        assert began is not None
        row = Conversation(
            inbox=inbox,
            channel=CHANNELS.get(ticket.channel, "email"),
            team=inbox.team,
            contact_id=authors.contacts[requester_of(ticket)],
            region=inbox.region,
            language=inbox.language,
            created_at=began,
            imported_at=self.at,
        )
        self.describe(row, ticket, authors)
        messages = Writing(self.stage, self.remarks).messages(row, entries, authors, about(ticket))
        if not messages:
            self.remarks.add(about(ticket), "nothing_written")
            return None
        freeze(row, ticket, messages, self.remarks, about(ticket))
        return Made(ticket, row, messages)

    def describe(self, row: Conversation, ticket: Ticket, authors: Authors) -> None:
        """How it stands there."""
        row.assignee_id = authors.users.get(ticket.assignee)
        row.subject = " ".join(ticket.subject.split())[:500]
        row.status, row.priority = self._status(ticket), self._priority(ticket)
        row.tags, row.copied, row.reopen_count = ticket.tags, ticket.copied[:100], ticket.reopened

    def _status(self, ticket: Ticket) -> str:
        found = self.mapping.status(ticket.status)
        if found is None:
            self.remarks.add(about(ticket), "unknown_status", value=ticket.status)
        return Status.CLOSED if ticket.is_spam else found or Status.OPEN

    def _priority(self, ticket: Ticket) -> int:
        found = self.mapping.priority(ticket.priority)
        if found is None and ticket.priority:
            self.remarks.add(about(ticket), "unknown_priority", value=ticket.priority)
        return found or Priority.NORMAL


def about(ticket: Ticket) -> str:
    """How remarks name it."""
    return f"ticket {ticket.number or ticket.key}"


def requester_of(ticket: Ticket) -> str:
    """The key of who asked; of somebody nobody knows where the export does not say."""
    return ticket.requester or f"of-{ticket.key}"
