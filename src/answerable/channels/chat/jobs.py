"""Mails to visitors."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.channels.chat.models import CODE_IS_GOOD_FOR, Code
from answerable.events.jobs import job
from answerable.web.sender import called


@job
def mail_code(code_id: int, code: str, language: str, company: str) -> None:
    """The code by which they go on in another browser, while it is good: one asked for later makes it void."""
    good = Code.objects.filter(pk=code_id, used_at=None, created_at__gte=timezone.now() - CODE_IS_GOOD_FOR)
    address = good.values_list("address", flat=True).first()
    if address is None:
        return
    with translation.override(language or "en"):
        text = render_to_string("chat/mail/code.txt", {"code": code, "company": company}).strip() + "\n"
        subject = _("%(code)s is your code for the chat") % {"code": code}
    send_mail(subject, text, called(company), [address])
