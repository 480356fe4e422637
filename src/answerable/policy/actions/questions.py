"""What an author asks of everybody who reads a version."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.policy.models import Question, Version

MOST_CHOICES = 6


class Stale(Refused):
    """Somebody else has saved the question since. `question` is as it is now."""

    def __init__(self, question: Question) -> None:
        self.question = question
        about = {"name": question.by, "text": question.text}
        super().__init__(_("%(name)s has changed it meanwhile: “%(text)s” Save again to replace that.") % about)


def add_question(
    version: Version, *, text: str, choices: Sequence[str], right: Sequence[int], explanation: str, by: User
) -> Question:
    """Ask one more thing; `right` are places in `choices`. Raises Refused once somebody has answered."""
    check_may_write(by)
    with transaction.atomic():
        version = _held(version)
        last = version.questions.aggregate(last=Max("place"))["last"]
        question = Question.objects.create(
            version=version,
            place=(last or 0) + 1,
            text=text,
            choices=list(choices),
            right=sorted(right),
            explanation=explanation,
            by=by,
        )
        record("question.added", subject=question, root=version, by=by, text=text)
    return question


def change_question(question: Question, *, revision: int, by: User, **changes: Any) -> Question:
    """Raises Stale when somebody else was faster, Refused once somebody has answered."""
    check_may_write(by)
    with transaction.atomic():
        version = _held(question.version)
        question = Question.objects.select_for_update(of=("self",)).select_related("by").get(pk=question.pk)
        if question.revision != revision:
            raise Stale(question)
        for name, value in changes.items():
            setattr(question, name, value)
        question.revision += 1
        question.by, question.changed_at = by, timezone.now()
        question.save()
        record("question.changed", subject=question, root=version, by=by, text=question.text)
    return question


def remove_question(question: Question, *, by: User) -> None:
    """Raises Refused once somebody has answered."""
    check_may_write(by)
    with transaction.atomic():
        version = _held(question.version)
        record("question.removed", subject=question, root=version, by=by, text=question.text)
        question.delete()


def check_may_write(user: User) -> None:
    """Raises PermissionDenied with the reason."""
    if not user.is_administrator:
        raise PermissionDenied(_("Only administrators change the policy."))


def is_frozen(version: Version) -> bool:
    """Whether somebody has answered, so that all have to be asked the same; or nobody is asked any more."""
    if version.state not in (Version.State.DRAFT, Version.State.PILOT, Version.State.IN_FORCE):
        return True
    done = Q(attempts__isnull=False) | Q(acknowledged_at__gt=F("assigned_at"))
    return version.acknowledgements.filter(done).exists()


def _held(version: Version) -> Version:
    version = Version.objects.select_for_update().get(pk=version.pk)
    if is_frozen(version):
        raise Refused(_("People have answered these questions already, so they stay as they are."))
    return version
