"""What webhooks do later."""

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from answerable.api.webhooks.models import Webhook
from answerable.events.jobs import job
from answerable.people.models import User


@job
def mail_stop(person_id: int, webhook_id: int) -> None:
    """Tell an administrator that a webhook was switched off by itself, if it still is."""
    person = User.objects.active().filter(pk=person_id).first()
    webhook = Webhook.objects.filter(pk=webhook_id, removed_at=None).exclude(stopped_because="").first()
    if person is None or webhook is None:
        return
    with translation.override(person.language):
        told = {
            "webhook": webhook,
            "url": webhook.url,
            "reason": webhook.stopped_because,
            "page": settings.SITE_URL + reverse("settings-webhook", args=[webhook.pk]),
        }
        text = _(
            "Answerable could not deliver to %(url)s any more:\n\n%(reason)s\n\n"
            "Nothing is sent there until somebody switches it on again:\n%(page)s"
        )
        send_mail(_("The webhook %(webhook)s was switched off") % told, text % told, None, [person.email])
