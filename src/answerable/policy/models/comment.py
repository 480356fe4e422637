"""What customers and colleagues say of the policy itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.customers.models import Contact
from answerable.policy.models.version import Version

if TYPE_CHECKING:
    from answerable.people.models import User


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: "User") -> "CommentQuerySet":
        """The policy is the company's: every member of staff reads what is said of it."""
        return self if user.is_active else self.none()

    def about(self, part: str, key: str) -> "CommentQuerySet":
        return self.filter(part=part, key=key)

    def about_objective(self, objective: str, standards: Iterable[str]) -> "CommentQuerySet":
        """On the objective, or on one of its standards, by their keys."""
        standard = Q(part=Comment.Part.STANDARD, key__in=list(standards))
        return self.filter(Q(part=Comment.Part.OBJECTIVE, key=objective) | standard)

    def since(self, at: datetime) -> "CommentQuerySet":
        return self.filter(at__gte=at)

    def unanswered(self) -> "CommentQuerySet":
        return self.filter(answered_at=None)


class Comment(models.Model):
    """Words on a part of a version. By a colleague (`by`), a customer we know (`contact`), or neither: a passer-by."""

    class Part(models.TextChoices):
        POLICY = "policy", pgettext_lazy("part of the policy", "The whole policy")
        OBJECTIVE = "objective", pgettext_lazy("part of the policy", "Objective")
        STANDARD = "standard", pgettext_lazy("part of the policy", "Promise")

    version = models.ForeignKey(Version, models.PROTECT, related_name="comments")
    part = models.CharField(max_length=20, choices=Part.choices)
    key = models.CharField(max_length=63, blank=True)  # the objective's or the standard's; none for the whole policy
    text = models.TextField(_("comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    address = models.EmailField(blank=True)  # where they may be written to, as they said; nobody has checked it
    language = models.CharField(max_length=8, blank=True)  # of the page it was written on
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    mailed_at = models.DateTimeField(null=True, blank=True)  # when the answer was sent to the customer

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["part", "key", "-at"], name="comment_of_part")]
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None) | Q(contact=None), name="a_comment_is_a_colleagues_or_a_customers"
            ),
            models.CheckConstraint(
                condition=Q(part="policy", key="") | (~Q(part="policy") & ~Q(key="")), name="a_comment_is_on_one_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.key}: {self.text[:60]}"

    @property
    def is_customers(self) -> bool:
        return self.by_id is None

    @property
    def may_be_mailed(self) -> bool:
        """Whether we know where to write an answer to."""
        return self.by_id is None and bool(self.address or self.contact_id)
