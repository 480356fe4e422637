"""What messengers do later."""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from answerable.channels.instant.models import Gateway
from answerable.events.jobs import job
from answerable.people.models import User


@job
def mail_failure(person_id: int, gateway_id: int) -> None:
    """Tell an administrator that a messenger can't be reached, if that is still so."""
    person = User.objects.active().filter(pk=person_id).first()
    gateway = Gateway.objects.current().filter(pk=gateway_id).exclude(failing_since=None).first()
    if person is None or gateway is None:
        return
    with translation.override(person.language):
        told = {
            "messenger": gateway,
            "reason": gateway.error,
            "url": settings.SITE_URL + reverse("settings-messengers"),
        }
        subject = _("%(messenger)s can't be reached") % told
        text = _(
            "Answerable has not been able to reach %(messenger)s for a quarter of an hour:\n\n%(reason)s\n\nSee %(url)s"
        )
        send_mail(subject, text % told, None, [person.email])
