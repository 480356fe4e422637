"""An escalation also tells by e-mail whom it tells in the product: who is not looking there finds out, too."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.channels.email.relays import relay_of
from answerable.desk.models import Clock, Notice
from answerable.events.models import Event
from answerable.people.models import User

AT_MOST_EVERY = timedelta(minutes=10)
TOO_LATE = timedelta(hours=1)
"""A mail about what was urgent then helps nobody now."""


def mail_escalation(event: Event) -> None:
    """Reaction to clock.escalated: a mail to each person it told, at most one in AT_MOST_EVERY for a conversation.

    Nobody is written to without a relay, or against their wish. Raises what the relay says; then it is tried again,
    for those who have not been told yet.
    """
    outcome = event.particulars.get("outcome") or {}
    numbers = {*outcome.get("told", ()), outcome.get("assignee")} - {None}
    if not numbers or timezone.now() - event.at > TOO_LATE or relay_of(None) is None:
        return
    clock = Clock.objects.select_related("conversation__contact").get(pk=int(event.subject.rpartition("-")[2]))
    if clock.stopped_at:
        return
    for person in User.objects.active().filter(pk__in=numbers, escalation_mail=True).exclude(email=""):
        _tell(person, clock)


def _tell(person: User, clock: Clock) -> None:
    """The notice is held while the mail leaves: two workers never tell the same twice."""
    conversation = clock.conversation
    with transaction.atomic():
        notices = list(
            Notice.objects.select_for_update().filter(user=person, conversation=conversation).order_by("-pk")
        )
        now = timezone.now()
        if not notices or any(each.mailed_at and now - each.mailed_at < AT_MOST_EVERY for each in notices):
            return
        Notice.objects.filter(pk=notices[0].pk).update(mailed_at=now)
        with translation.override(person.language), timezone.override(person.time_zone):
            link = settings.SITE_URL + reverse("conversation", args=[conversation.pk])
            told = {"clock": clock, "conversation": conversation, "link": link}
            subject = _("A promise needs you: %(subject)s") % {"subject": " ".join(conversation.subject.split())}
            send_mail(subject[:200], render_to_string("email/mail/escalation.txt", told), None, [person.email])
