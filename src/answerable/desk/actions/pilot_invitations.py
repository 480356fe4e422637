"""Mails that ask customers to take part in a test of the policy."""

from django.db import transaction
from django.utils import timezone

from answerable.customers.models import Address, Contact
from answerable.desk.actions.conversations import new_conversation, note_opened
from answerable.desk.actions.held import Held
from answerable.desk.actions.messages import send_automatically
from answerable.desk.actions.search import add_words, introduction
from answerable.desk.models import Conversation, Inbox, Status
from answerable.events.models import Event
from answerable.policy.letters import invitation, language_of
from answerable.policy.models import PilotCustomer

CHANNEL = "email"


def mail_pilot_invitation(event: Event) -> None:
    """Reaction to pilot.customer_invited: a conversation of its own, which waits for nobody unless they answer it.

    Nobody is written to twice, nor who has answered already, nor for a pilot that is over.
    """
    number = int(event.subject.rpartition("-")[2])
    with transaction.atomic():
        row = PilotCustomer.objects.select_for_update(of=("self",)).select_related("pilot", "contact").get(pk=number)
        recipient = _recipient(row.contact)
        inbox = _inbox(row.contact)
        if not _is_wanted(row) or recipient is None or inbox is None:
            return
        subject, text, html = invitation(row)
        at = timezone.now()
        conversation = new_conversation(
            inbox=inbox, contact=row.contact, subject=subject, by=event.actor, at=at, language=language_of(row)
        )
        conversation.pilot_customer = row
        conversation.status, conversation.solved_at = Status.SOLVED, at
        held = Held(conversation)
        note_opened(held, by=event.actor)
        held.insert()
        add_words(conversation, *introduction(conversation))
        held.keep()
        send_automatically(conversation, text=text, html=html, recipients=[recipient], particulars="pilot_invitation")


def _is_wanted(row: PilotCustomer) -> bool:
    has_answered = row.agreed_at or row.declined_at
    return row.pilot.is_open and not has_answered and not Conversation.objects.filter(pilot_customer=row).exists()


def _recipient(contact: Contact) -> str | None:
    addresses = contact.addresses.filter(kind=Address.Kind.EMAIL, bounced_at=None)
    return addresses.order_by("id").values_list("value", flat=True).first()


def _inbox(contact: Contact) -> Inbox | None:
    """Where they have written last; else one in their language, else any."""
    inboxes = Inbox.objects.filter(channel=CHANNEL, retired_at=None)
    last = inboxes.filter(conversations__contact=contact).order_by("-conversations__last_message_at").first()
    return last or inboxes.filter(language=contact.language).order_by("id").first() or inboxes.order_by("id").first()
