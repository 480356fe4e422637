"""Mails that ask customers to take part in a test of the policy."""

from django.db import transaction
from django.utils import timezone

from answerable.desk.actions.writing_first import address_of, inbox_for, write_first
from answerable.desk.models import Conversation
from answerable.events.models import Event
from answerable.policy.letters import invitation, language_of
from answerable.policy.models import PilotCustomer


def mail_pilot_invitation(event: Event) -> None:
    """Reaction to pilot.customer_invited: a conversation of its own, which waits for nobody unless they answer it.

    Nobody is written to twice, nor who has answered already, nor for a pilot that is over.
    """
    number = int(event.subject.rpartition("-")[2])
    with transaction.atomic():
        row = PilotCustomer.objects.select_for_update(of=("self",)).select_related("pilot", "contact").get(pk=number)
        recipient, inbox = address_of(row.contact), inbox_for(row.contact)
        if not _is_wanted(row) or recipient is None or inbox is None:
            return
        subject, text, html = invitation(row)
        write_first(
            row.contact,
            inbox=inbox,
            recipient=recipient,
            subject=subject,
            text=text,
            html=html,
            language=language_of(row),
            about="pilot_invitation",
            by=event.actor,
            at=timezone.now(),
            pilot_customer=row,
        )


def _is_wanted(row: PilotCustomer) -> bool:
    has_answered = row.agreed_at or row.declined_at
    return row.pilot.is_open and not has_answered and not Conversation.objects.filter(pilot_customer=row).exists()
