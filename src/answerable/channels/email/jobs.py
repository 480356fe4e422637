"""What mail does later."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.channels.email.models import Mailbox
from answerable.desk.models import Clock, Notice
from answerable.events.jobs import job
from answerable.people.models import User

AT_MOST_EVERY = timedelta(minutes=10)
TOO_LATE = timedelta(hours=1)
"""A mail about what was urgent then helps nobody now."""


@job
def tell(person_id: int, clock_id: int, since: str) -> None:
    """Mail somebody that a clock was escalated to them, at `since` (ISO 8601): at most once in AT_MOST_EVERY for a
    conversation, and only while they see it. Tried again until it is too late.
    """
    if timezone.now() - datetime.fromisoformat(since) > TOO_LATE:
        return
    person = User.objects.active().filter(pk=person_id, escalation_mail=True).first()
    clock = Clock.objects.select_related("conversation__contact").get(pk=clock_id)
    if person is None or clock.stopped_at or clock.conversation.team_id not in person.team_ids:
        return
    _send(person, clock)


@job
def mail_failure(person_id: int, mailbox_id: int) -> None:
    """Tell an administrator that a mailbox can't be read, for as long as that is so: what keeps mail from coming in may
    keep this one from leaving for a while, too."""
    person = User.objects.active().filter(pk=person_id).first()
    failing = Mailbox.objects.filter(pk=mailbox_id, retired_at=None, failing_since__isnull=False)
    mailbox = failing.select_related("inbox").first()
    if person is None or mailbox is None:
        return
    with translation.override(person.language):
        told = {
            "mailbox": mailbox,
            "inbox": mailbox.inbox,
            "reason": mailbox.error,
            "url": settings.SITE_URL + reverse("settings-inboxes"),
        }
        text = _(
            "Answerable has not been able to fetch the mail of %(inbox)s for a quarter of an hour:\n\n"
            "%(reason)s\n\nSee %(url)s"
        )
        send_mail(_("No mail from %(mailbox)s") % told, text % told, None, [person.email])


def _send(person: User, clock: Clock) -> None:
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
            told["instead_of"] = notices[0].particulars.get("instead_of")
            subject = _("A promise needs you: %(subject)s") % {"subject": " ".join(conversation.subject.split())}
            send_mail(subject[:200], render_to_string("email/mail/escalation.txt", told), None, [person.email])
