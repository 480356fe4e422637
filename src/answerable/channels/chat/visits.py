"""What a visitor may see: the only door to conversations from the pages of others.

A browser sees what was begun with its secret. Where it is confirmed whose it is (a signature, a mailed code), it also
sees what the same contact has begun in other browsers that were confirmed; never what somebody wrote who only says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from answerable.channels.chat.identity import digest_of
from answerable.channels.chat.models import Visit, Visitor
from answerable.customers.models import Contact
from answerable.desk.models import Attachment, Delivery, Kind, Message
from answerable.web.standing import Given, Standing

CHANNEL = "chat"
AT_ONCE = 100
MOST_CONVERSATIONS = 20
FILE_SHOWN = ("message_id", "name", "content_type", "size")


@dataclass(frozen=True)
class Known:
    """A browser that has written before, and who that is by now."""

    visitor: Visitor
    contact: Contact

    @property
    def is_confirmed(self) -> bool:
        return self.visitor.confirmed_at is not None


def known_by(key: str, secret: str) -> Known | None:
    """Whose secret it is, of the chat with this key while it is open. One query."""
    found = KNOWN.first(secret=digest_of(secret), key=key)
    return Known(found, current(found.contact)) if found else None


KNOWN = Standing(
    lambda: Visitor.objects.select_related("widget__inbox__team", "contact__merged_into").filter(
        secret_digest=Given("secret"), widget__key=Given("key"), widget__closed_at=None, widget__inbox__retired_at=None
    )
)


def current(contact: Contact) -> Contact:
    """Who that is by now: they may have been found to be somebody else we know."""
    while contact.merged_into is not None:
        contact = contact.merged_into
    return contact


def visits_of(known: Known) -> QuerySet[Visit]:
    """Their conversations, the newest first."""
    theirs = Q(visitor=known.visitor)
    if known.is_confirmed:
        elsewhere = Q(visitor__widget=known.visitor.widget_id, visitor__confirmed_at__isnull=False)
        theirs |= elsewhere & Q(conversation__contact=known.contact)
    return Visit.objects.filter(theirs, conversation__spam_at=None).order_by("-conversation_id")


def messages_of(known: Known) -> QuerySet[Message]:
    """What stands in their conversations for them: their own words, and what people of ours have sent. No notes.

    What came by mail is shown where it is confirmed that the address is theirs; what came to somebody else's
    conversation is not theirs, wherever it stands by now.
    """
    visits = visits_of(known)
    theirs = Q(kind=Kind.INBOUND, automatic=False)
    if not known.is_confirmed:
        theirs &= Q(written_from="")
    ours = Q(kind=Kind.OUTBOUND, delivery__isnull=False) & (Q(automatic=False) | Q(delivery__channel=CHANNEL))
    ours &= ~Q(delivery__state=Delivery.State.UNDONE)
    came_here = Q(origin=None) | Q(origin__visit__in=visits)
    return Message.objects.filter(theirs | ours, came_here, conversation__visit__in=visits)


def messages_in(known: Known, conversation: int, *, after: int) -> Sequence[Message]:
    """The last AT_ONCE of one conversation, in order, that are newer than message `after`. Two queries."""
    files = Attachment.objects.only(*FILE_SHOWN)
    rows: Any = messages_of(known).filter(conversation=conversation, id__gt=after).select_related("user")
    rows = rows.defer("html").annotate(has_files=Exists(Attachment.objects.filter(message=OuterRef("pk"))))
    found = list(rows.prefetch_related(Prefetch("attachments", files)).order_by("-id")[:AT_ONCE])
    return found[::-1]


def files_of(known: Known) -> QuerySet[Attachment]:
    """Files in their conversations, that stand in messages they see."""
    return Attachment.objects.filter(message__in=messages_of(known)).select_related("file")
