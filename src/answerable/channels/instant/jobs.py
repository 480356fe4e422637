"""What messengers do later."""

from contextlib import suppress

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from answerable.channels.instant.messenger import messengers
from answerable.channels.instant.models import Arrival, Gateway
from answerable.desk.models import Kind
from answerable.events.jobs import Later, Never, job
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


@job
def note_read(conversation_id: int) -> None:
    """Tell them that what they wrote last has been read. Where the messenger is away, it is tried again."""
    if (last := _last(conversation_id)) is not None and last.chat and last.message:
        with suppress(Never):  # it is gone by now
            messengers()[last.chat.gateway.channel].note_read(last.chat, last.message.external_id)


@job
def note_typing(conversation_id: int) -> None:
    """Tell them that somebody is writing to them."""
    if (last := _last(conversation_id)) is not None and last.chat:
        with suppress(Never, Later):  # a moment later it is true no more
            messengers()[last.chat.gateway.channel].note_typing(last.chat)


def _last(conversation_id: int) -> Arrival | None:
    """What they wrote last, in a chat that we are in."""
    wrote = Arrival.objects.filter(message__conversation=conversation_id, message__kind=Kind.INBOUND)
    there = wrote.filter(chat__parted_at=None, chat__gateway__retired_at=None)
    return there.select_related("chat__gateway", "chat__line", "message").order_by("-id").first()
