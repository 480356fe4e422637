"""When people are away, and who acts for them."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.calendar import Interval, instant
from answerable.people.models.shift import span

if TYPE_CHECKING:
    from answerable.people.models.user import User


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: "User") -> "AbsenceQuerySet":
        """That somebody is away is known to those who see a team of theirs; why, only to leads and oneself."""
        return self.filter(Q(user__memberships__team__in=user.team_ids) | Q(user=user)).distinct()

    def standing(self) -> "AbsenceQuerySet":
        """Asked for or approved: what nobody else may be planned against."""
        return self.filter(state__in=STANDING)

    def approved(self) -> "AbsenceQuerySet":
        return self.filter(state=Absence.State.APPROVED)

    def meeting(self, since: datetime, until: datetime) -> "AbsenceQuerySet":
        """Those with a moment in [since, until)."""
        return self.filter(begins_at__lt=until, ends_at__gt=since)

    def at(self, at: datetime) -> "AbsenceQuerySet":
        """Those that go on at an instant."""
        return self.filter(begins_at__lte=at, ends_at__gt=at)


class Absence(models.Model):
    """Somebody is away, from one instant to another: asked for, then approved or declined by a lead."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", pgettext_lazy("absence", "Holiday")
        ILLNESS = "illness", pgettext_lazy("absence", "Illness")
        TRAINING = "training", pgettext_lazy("absence", "Training")
        OTHER = "other", pgettext_lazy("absence", "Other")

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("absence", "Asked for")
        APPROVED = "approved", pgettext_lazy("absence", "Approved")
        DECLINED = "declined", pgettext_lazy("absence", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("absence", "Withdrawn")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences")
    kind = models.CharField(_("why"), max_length=20, choices=Kind.choices)  # known to leads and oneself only
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60, blank=True)  # whole days are days of this zone; empty: by the hour
    note = models.CharField(max_length=500, blank=True)  # known to leads and oneself only
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="stands_in"
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.REQUESTED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)  # what the lead said: known to leads and oneself only
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)  # what calendars know it by
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["begins_at", "id"]
        indexes = [
            models.Index(fields=["ends_at", "begins_at"], name="absence_approved", condition=Q(state="approved")),
            models.Index(fields=["user", "ends_at"], name="absence_of_user"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="an_absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("user")), name="nobody_stands_in_for_oneself"
            ),
            ExclusionConstraint(
                name="a_person_is_away_once_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), (span(), RangeOperators.OVERLAPS)],
                condition=Q(state__in=["requested", "approved"]),
            ),
        ]

    def __str__(self) -> str:
        return f"absence of {self.user_id} from {self.begins_at:%Y-%m-%d %H:%M} UTC"

    @property
    def span(self) -> Interval:
        return Interval(self.begins_at, self.ends_at)

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day, in the zone they were told in; None for one by the hour."""
        if not self.time_zone:
            return None
        zone = ZoneInfo(self.time_zone)
        last = self.ends_at.astimezone(zone) - timedelta(microseconds=1)
        return self.begins_at.astimezone(zone).date(), last.date()


STANDING = (Absence.State.REQUESTED, Absence.State.APPROVED)


def whole_days(first: date, last: date, zone: ZoneInfo) -> Interval:
    """From the first day's midnight to the end of the last, both included."""
    return Interval(instant(zone, first, 0), instant(zone, last + timedelta(days=1), 0))
