"""What a customer may see of what they have asked: their own conversations, and what went between them and us."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from answerable.customers.models import Contact
from answerable.desk.entries import Part, parts
from answerable.desk.models import Attachment, Conversation, Delivery, Kind, Message, Status

MOST_SHOWN = 200
HIDDEN = (Delivery.State.UNDONE, Delivery.State.WAITING)
"""What has not left yet may still be taken back."""


@dataclass(frozen=True)
class Shown:
    """A message as its customer sees it."""

    message: Message
    parts: Sequence[Part]
    files: Sequence[Attachment]
    customer: int

    @property
    def is_ours(self) -> bool:
        return self.message.kind == Kind.OUTBOUND

    @property
    def is_theirs(self) -> bool:
        """The customer's own; somebody on copy writes in a name of their own."""
        return self.message.kind == Kind.INBOUND and self.message.contact_id in (self.customer, None)


def requests_of(contact: Contact) -> QuerySet[Conversation]:
    """But for what we took for spam, and for what is part of another of theirs by now."""
    rows = Conversation.objects.filter(contact=contact, spam_at=None, beside=None)
    return rows.exclude(status=Status.MERGED, merged_into__contact=contact)


def messages_of(contact: Contact) -> QuerySet[Message]:
    """What was written to their conversations and from them. What came to somebody else's is not theirs, wherever it
    stands by now."""
    theirs = Q(origin=None, conversation__contact=contact, conversation__beside=None)
    return message_shown().filter(theirs | Q(origin__contact=contact, origin__beside=None))


def message_shown() -> QuerySet[Message]:
    """Of any conversation: what the customer wrote, and what a person of ours has sent. Never a note."""
    theirs = Q(kind=Kind.INBOUND, automatic=False)
    ours = Q(kind=Kind.OUTBOUND, automatic=False, delivery__isnull=False) & ~Q(delivery__state__in=HIDDEN)
    return Message.objects.filter(theirs | ours)


def shown(conversation: Conversation) -> list[Shown]:
    """The last MOST_SHOWN, in order."""
    files = Attachment.objects.only("message_id", "name", "size", "content_type", "content_id")
    here = Q(conversation=conversation)
    went = Q(origin=conversation) & ~Q(conversation__contact=conversation.contact_id)  # into somebody else's
    rows = messages_of(conversation.contact).filter(here | went).select_related("user", "contact").defer("html")
    found = rows.prefetch_related(Prefetch("attachments", files)).order_by("-id")[:MOST_SHOWN]
    own = conversation.contact_id
    return [Shown(row, parts(row.text, row.folds), list(row.attachments.all()), own) for row in reversed(found)]
