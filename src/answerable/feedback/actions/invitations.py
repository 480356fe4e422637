"""Asking a customer how it was: once a conversation, and not more than once in two weeks."""

from datetime import datetime, timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from answerable.customers.models import Address, Contact
from answerable.desk.actions.messages import send_automatically
from answerable.desk.models import Conversation, Delivery, Kind, Status
from answerable.events.record import record
from answerable.feedback.links import rating_url, token_of
from answerable.feedback.models import Invitation, Score
from answerable.people.models import Company, User

NOT_AGAIN_WITHIN = timedelta(days=14)


def invite(conversation: Conversation) -> Invitation | None:
    """Ask the contact to rate a solved conversation; none where it would be wrong or too often to ask.

    Nobody is asked who got no answer from a person, who can't be reached, or who was asked a few days ago.
    """
    with transaction.atomic():
        # Not the key: who writes a message of this contact meanwhile holds the conversation and must not wait for us.
        contact = Contact.objects.select_for_update(no_key=True).get(pk=conversation.contact_id)
        conversation.refresh_from_db()
        recipient = (
            Address.objects.filter(contact=contact, kind=Address.Kind.EMAIL, bounced_at=None)
            .order_by("id")
            .values_list("value", flat=True)
            .first()
        )
        if conversation.status != Status.SOLVED or recipient is None or not may_ask(conversation, contact):
            return None
        invitation = Invitation.objects.create(
            conversation=conversation,
            contact=contact,
            agent=who_served(conversation),
            team=conversation.team,
            channel=conversation.channel,
            language=conversation.language or contact.language or company_language(),
        )
        text, html = words_of(invitation)
        invitation.message = send_automatically(
            conversation, text=text, html=html, recipients=[recipient], particulars="invitation"
        )
        invitation.save(update_fields=["message"])
        record(
            "rating.invited",
            subject=invitation,
            root=conversation,
            by=None,
            team_id=conversation.team_id,
        )
    return invitation


def asked_on_page(conversation: Conversation, *, at: datetime) -> Invitation | None:
    """They were asked where they talked with us, so no mail asks again. None where no person had answered them."""
    with transaction.atomic():
        row = (
            Conversation.objects.select_for_update(of=("self",))
            .select_related("contact", "team")
            .get(pk=conversation.pk)
        )
        earlier = Invitation.objects.filter(conversation=row).first()
        served = who_served(row)
        if earlier is not None or served is None:
            return earlier
        invitation = Invitation.objects.create(
            conversation=row,
            contact=row.contact,
            agent=served,
            team=row.team,
            channel=row.channel,
            language=row.language or row.contact.language or company_language(),
            asked_at=at,
        )
        record("rating.invited", subject=invitation, root=row, by=None, team_id=row.team_id)
    return invitation


def may_ask(conversation: Conversation, contact: Contact) -> bool:
    """Once a conversation, not more than once in two weeks a person, and only after a person's answer."""
    if Invitation.objects.filter(conversation=conversation).exists():
        return False
    if Invitation.objects.filter(contact=contact, asked_at__gt=timezone.now() - NOT_AGAIN_WITHIN).exists():
        return False
    return who_served(conversation) is not None


def who_served(conversation: Conversation) -> User | None:
    """Who answered last."""
    answer = (
        conversation.messages.filter(kind=Kind.OUTBOUND, automatic=False)
        .exclude(delivery__state=Delivery.State.UNDONE)
        .select_related("user")
        .order_by("-id")
        .first()
    )
    return answer.user if answer else None


def words_of(invitation: Invitation) -> tuple[str, str]:
    """The mail as text and as HTML, in the customer's language."""
    token = token_of(invitation)
    with translation.override(invitation.language):
        context = {
            "invitation": invitation,
            "conversation": invitation.conversation,
            "contact": invitation.contact,
            "company": Company.objects.first(),
            "url": rating_url(invitation, token=token),
            "scores": [
                (score.value, score.label, rating_url(invitation, score.value, token=token))
                for score in reversed(Score)
            ],
        }
        return (
            render_to_string("mail/rating.txt", context).strip() + "\n",
            render_to_string("mail/rating.html", context),
        )


def company_language() -> str:
    company = Company.objects.first()
    return company.language if company else "en"
