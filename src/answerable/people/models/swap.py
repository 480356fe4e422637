"""Handing a shift to a colleague, or exchanging it for one of theirs."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from answerable.people.models.shift import Shift

if TYPE_CHECKING:
    from answerable.people.models.user import User


class SwapRequestQuerySet(models.QuerySet["SwapRequest"]):
    def visible_to(self, user: "User") -> "SwapRequestQuerySet":
        """Those about shifts of teams one sees, and one's own."""
        return self.filter(Q(shift__team__in=user.team_ids) | Q(offered_by=user) | Q(offered_to=user))

    def going_on(self) -> "SwapRequestQuerySet":
        """Not decided yet."""
        return self.filter(state__in=GOING_ON)


class SwapRequest(models.Model):
    """Somebody offers a shift of theirs, to the team or to one colleague, maybe for one of theirs; a lead confirms."""

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("swap of shifts", "Offered")
        TAKEN = "taken", pgettext_lazy("swap of shifts", "Waits for a lead")
        CONFIRMED = "confirmed", pgettext_lazy("swap of shifts", "Confirmed")
        DECLINED = "declined", pgettext_lazy("swap of shifts", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("swap of shifts", "Withdrawn")

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="swap_requests")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(  # nobody in particular: anybody in the team
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_return = models.ForeignKey(  # a shift of the colleague's that the owner would work instead
        Shift, models.PROTECT, null=True, blank=True, related_name="asked_for_in"
    )
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SwapRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shift"], condition=Q(state__in=["offered", "taken"]), name="a_shift_is_offered_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"swap of shift {self.shift_id}: {self.state}"


GOING_ON = (SwapRequest.State.OFFERED, SwapRequest.State.TAKEN)
