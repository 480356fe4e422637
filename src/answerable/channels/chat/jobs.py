"""Mails to visitors."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from answerable.events.jobs import job
from answerable.web.sender import called


@job
def mail_code(address: str, code: str, language: str, company: str) -> None:
    """The code by which they go on in another browser."""
    with translation.override(language or "en"):
        text = render_to_string("chat/mail/code.txt", {"code": code, "company": company}).strip() + "\n"
        subject = _("%(code)s is your code for the chat") % {"code": code}
    send_mail(subject, text, called(company), [address])
