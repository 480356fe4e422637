"""Mails to customers about what they wrote on our pages."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from answerable.channels.form.links import entrance_url
from answerable.customers.models import Address
from answerable.desk.actions.messages import send_automatically
from answerable.desk.models import Conversation, Kind
from answerable.events.jobs import job
from answerable.people.models import Company
from answerable.web.sender import called


@job
def confirm(conversation_id: int) -> None:
    """Tell the customer that it has arrived and where it can be seen; once. Nothing of their words is repeated, since
    the address may be somebody else's; and what lets them in is not in it, since agents read this letter, too."""
    conversation = Conversation.objects.select_related("contact").get(pk=conversation_id)
    if conversation.messages.filter(kind=Kind.OUTBOUND).exists():
        return
    written_from = conversation.messages.order_by("id").values_list("written_from", flat=True).first()
    if not written_from or conversation.spam_at is not None:
        return
    with translation.override(conversation.language or "en"):
        told = {"link": settings.SITE_URL + reverse("request", args=[conversation.pk])}
        text = render_to_string("form/mail/received.txt", told).strip() + "\n"
    send_automatically(conversation, text=text, recipients=[written_from], particulars="acknowledgement")


@job
def mail_entrance(address: str, language: str) -> None:
    """The link to somebody's requests, if we know the address and mail to it arrives."""
    known = Address.objects.filter(kind=Address.Kind.EMAIL, value=address, bounced_at=None)
    row = known.select_related("contact").first()
    if row is None:
        return
    with translation.override(row.contact.language or language):
        company = Company.objects.first()
        told = {"link": entrance_url(row.contact), "company": company}
        text = render_to_string("form/mail/entrance.txt", told).strip() + "\n"
        send_mail(_("Your requests"), text, called(company.name) if company else None, [row.value])
