"""What the policy does later: mails to colleagues."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.events.jobs import job
from answerable.people.models import User
from answerable.policy.models import Acknowledgement, Review
from answerable.policy.running import compiled


@job
def mail_lesson(acknowledgement_id: int, times: int) -> None:
    """Remind somebody of what they have to read, unless they have by now."""
    row = Acknowledgement.objects.open().select_related("user", "version").filter(pk=acknowledgement_id).first()
    if row is None or not row.user.is_active:
        return
    with translation.override(row.user.language), timezone.override(row.user.time_zone):
        link = settings.SITE_URL + reverse("policy_lesson", args=[row.version.number])
        _mail(
            row.user,
            _("Please read what changed in “%(title)s”") % {"title": row.version.title},
            render_to_string("policy/mail/lesson.txt", {"row": row, "link": link}),
            name=f"lesson-{row.pk}-{times}",
        )


@job
def mail_review(review_id: int, times: int) -> None:
    """Remind whoever answers for an objective of its review, unless it is decided by now."""
    row = Review.objects.open().select_related("owner", "version").filter(pk=review_id).first()
    if row is None:
        return
    objective = compiled(row.version_id).objectives.get(row.objective)
    sentence = objective.sentence if objective else row.objective
    for person in reminded(row):
        with translation.override(person.language), timezone.override(person.time_zone):
            told = {
                "row": row,
                "sentence": sentence,
                "is_owner": person == row.owner,
                "days": (row.due_on - timezone.localdate()).days,
                "link": settings.SITE_URL + reverse("policy_review", args=[row.objective]),
            }
            _mail(
                person,
                _("To be reviewed: %(objective)s") % {"objective": sentence},
                render_to_string("policy/mail/review.txt", told),
                name=f"review-{row.pk}-{times}-{person.pk}",
            )


def reminded(row: Review) -> Sequence[User]:
    """The owner; the administrators stand in for one who has left, or where there is none."""
    if row.owner is not None and row.owner.is_active:
        return [row.owner]
    return list(User.objects.administrators())


def _mail(person: User, subject: str, text: str, *, name: str) -> None:
    """A job may run twice when a worker is killed; the same mail then has the same Message-ID."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<policy-{name}@{domain}>"}
    EmailMessage(" ".join(subject.split())[:200], text, None, [person.email], headers=headers).send()
