"""Mails that begin a conversation by themselves: it waits for nobody unless the customer answers."""

from datetime import datetime

from answerable.customers.models import Address, Contact
from answerable.desk.actions.conversations import new_conversation, note_opened
from answerable.desk.actions.held import Held
from answerable.desk.actions.messages import send_automatically
from answerable.desk.actions.search import add_words, introduction
from answerable.desk.models import Conversation, Inbox, Status
from answerable.people.models import User
from answerable.policy.models import PilotCustomer

CHANNEL = "email"


def write_first(
    contact: Contact,
    *,
    inbox: Inbox,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    language: str,
    about: str,
    by: User | None,
    at: datetime,
    pilot_customer: PilotCustomer | None = None,
) -> Conversation:
    """A conversation of this mail alone, solved as it is opened. Call it in a transaction that knows it is the first.

    `about` is kept with the message's event: what it was for.
    """
    conversation = new_conversation(
        inbox=inbox, contact=contact, subject=subject, by=by, at=at, language=language or None
    )
    conversation.pilot_customer = pilot_customer
    conversation.status, conversation.solved_at = Status.SOLVED, at
    held = Held(conversation)
    note_opened(held, by=by)
    held.insert()
    add_words(conversation, *introduction(conversation))
    held.keep()
    send_automatically(conversation, text=text, html=html, recipients=[recipient], particulars=about)
    return conversation


def address_of(contact: Contact) -> str | None:
    """Where they are written to: their first address that nothing came back from."""
    addresses = contact.addresses.filter(kind=Address.Kind.EMAIL, bounced_at=None)
    return addresses.order_by("id").values_list("value", flat=True).first()


def inbox_for(contact: Contact, language: str = "") -> Inbox | None:
    """Where they have written last; else one in their language, else any; None where there is no mail."""
    inboxes = Inbox.objects.filter(channel=CHANNEL, retired_at=None)
    last = inboxes.filter(conversations__contact=contact).order_by("-conversations__last_message_at").first()
    spoken = inboxes.filter(language=contact.language or language).order_by("id")
    return last or spoken.first() or inboxes.order_by("id").first()
