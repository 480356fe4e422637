"""Saying something of the policy, and answering it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.models import Contact
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import Lesson, Role, User
from answerable.policy.models import Comment, Version
from answerable.policy.parts import sentence_in

LONGEST_COMMENT = 2000


def add_comment(
    *,
    version: Version,
    part: str,
    text: str,
    key: str = "",
    by: User | None = None,
    contact: Contact | None = None,
    address: str = "",
    language: str = "",
    at: datetime | None = None,
    lesson: Lesson | None = None,
) -> Comment:
    """Words on an objective, on a promise (a `Comment.Part` and its key) or on the whole policy.

    `by` is a colleague, `contact` a customer; neither is somebody we don't know; they may
    have left an `address`. `lesson` is what a team has learned, where it comes of that. Raises Refused.
    """
    text = text.strip()
    if not text:
        raise Refused(_("Write what you think of it."))
    if len(text) > LONGEST_COMMENT:
        raise Refused(_("Say it in %(count)d characters.") % {"count": LONGEST_COMMENT})
    check_part(version, part, key)
    with transaction.atomic():
        comment = Comment.objects.create(
            version=version,
            part=part,
            key=key,
            text=text,
            by=by,
            contact=contact,
            address=address,
            language=language,
            at=at or timezone.now(),
        )
        record(
            "comment.added",
            subject=comment,
            root=version,
            by=by,
            at=comment.at,
            part=part,
            key=key,
            contact=contact.pk if contact else None,
        )
        if lesson is not None:
            record("lesson.suggested", subject=lesson, by=by, at=comment.at, team_id=lesson.team_id, comment=comment.pk)
    return comment


def check_part(version: Version, part: str, key: str) -> None:
    """Raises Refused for what the version does not have."""
    if sentence_in(version, part, key) is None:
        raise Refused(_("That is not part of the policy any more."))


def answer_comment(comment: Comment, *, text: str, by: User) -> Comment:
    """What a lead or an administrator says to it, once. Raises Refused when somebody was faster, PermissionDenied."""
    check_may_answer(by)
    text = text.strip()
    if not text:
        raise Refused(_("Write an answer."))
    if len(text) > LONGEST_COMMENT:
        raise Refused(_("Say it in %(count)d characters.") % {"count": LONGEST_COMMENT})
    with transaction.atomic():
        comment = Comment.objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=comment.pk)
        if comment.answered_at is not None:
            raise Refused(
                _("%(name)s has answered meanwhile: “%(answer)s”")
                % {"name": comment.answered_by, "answer": comment.answer}
            )
        comment.answer, comment.answered_at, comment.answered_by = text, timezone.now(), by
        comment.save(update_fields=["answer", "answered_at", "answered_by"])
        record("comment.answered", subject=comment, root=comment.version, by=by, part=comment.part, key=comment.key)
    return comment


def may_answer(user: User) -> bool:
    return user.holds(Role.ADMINISTRATOR, Role.LEAD)


def check_may_answer(user: User) -> None:
    """Raises PermissionDenied with the reason."""
    if not may_answer(user):
        raise PermissionDenied(_("Team leads and administrators answer comments."))
