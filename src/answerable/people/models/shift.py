"""When people work: shifts, and the weeks they repeat by."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils import timezone

from answerable.core.calendar import Interval
from answerable.core.opening import Opening
from answerable.core.rota import Week, without
from answerable.people.models.team import Team

if TYPE_CHECKING:
    from answerable.people.models.user import User


def span() -> Func:
    """begins_at to ends_at as a range that ends before its end."""
    return Func(F("begins_at"), F("ends_at"), RangeBoundary(), function="TSTZRANGE", output_field=DateTimeRangeField())


class Pattern(models.Model):
    """A week that repeats: who works where on which weekdays, from when to when by the clock on the wall."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="patterns")
    team = models.ForeignKey(Team, models.PROTECT, related_name="patterns")
    weekdays = ArrayField(models.PositiveSmallIntegerField())  # Monday is 0
    begins = models.TimeField()
    ends = models.TimeField()  # not after the beginning: on the next day
    breaks = ArrayField(models.CharField(max_length=11), default=list, blank=True)  # "12:00-12:30"
    time_zone = models.CharField(max_length=60)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)  # the last day; none: until somebody ends it
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["team__path", "user__name", "from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="a_pattern_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M} of {self.user_id}"

    @property
    def week(self) -> Week:
        """As `core.rota` lays it out."""
        return Week(
            weekdays=frozenset(self.weekdays),
            begins=self.begins.hour * 60 + self.begins.minute,
            ends=self.ends.hour * 60 + self.ends.minute,
            breaks=tuple(_break(text) for text in self.breaks),
            zone=ZoneInfo(self.time_zone),
        )


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, user: "User") -> "ShiftQuerySet":
        """One's own, and those of the teams one sees."""
        return self.filter(Q(team__in=user.team_ids) | Q(user=user))

    def standing(self) -> "ShiftQuerySet":
        """Those that were not taken out again."""
        return self.filter(cancelled_at=None)

    def meeting(self, since: datetime, until: datetime) -> "ShiftQuerySet":
        """Those with a moment in [since, until)."""
        return self.filter(begins_at__lt=until, ends_at__gt=since)

    def at(self, at: datetime) -> "ShiftQuerySet":
        """Those that go on at an instant."""
        return self.filter(begins_at__lte=at, ends_at__gt=at)


class Shift(models.Model):
    """Somebody works, from one instant to another. Taken out, it stays, so that calendars and the week know."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="shifts")
    team = models.ForeignKey(Team, models.PROTECT, related_name="shifts")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    breaks = models.JSONField(default=list, blank=True)  # [[from, to], ...] ISO instants in UTC, in order
    note = models.CharField(max_length=200, blank=True)
    pattern = models.ForeignKey(Pattern, models.PROTECT, null=True, blank=True, related_name="shifts")
    pattern_on = models.DateField(null=True, blank=True)  # which of the pattern's days, wherever it was moved to
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)  # what calendars know it by
    revision = models.PositiveIntegerField(default=0)  # how often it was changed
    changed_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["begins_at", "id"]
        indexes = [
            models.Index(fields=["team", "ends_at"], name="shift_of_team", condition=Q(cancelled_at=None)),
            models.Index(fields=["user", "ends_at"], name="shift_of_user"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="a_shift_ends_after_it_begins"),
            models.UniqueConstraint(fields=["pattern", "pattern_on"], name="a_pattern_lays_a_day_once"),
            ExclusionConstraint(
                name="a_person_has_one_shift_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), (span(), RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at=None),
                deferrable=Deferrable.IMMEDIATE,  # looked at after the statement: two may exchange theirs in one
            ),
        ]

    def __str__(self) -> str:
        return f"shift of {self.user_id} from {self.begins_at:%Y-%m-%d %H:%M} UTC"

    @property
    def span(self) -> Interval:
        return Interval(self.begins_at, self.ends_at)

    @property
    def pauses(self) -> tuple[Interval, ...]:
        """Its breaks."""
        return tuple(Interval(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in self.breaks)

    @property
    def worked(self) -> list[Interval]:
        """The shift without its breaks."""
        return without([self.span], self.pauses)


def breaks_of(pauses: Iterable[Interval]) -> list[list[str]]:
    """As a shift keeps them."""
    return [[start.isoformat(), end.isoformat()] for start, end in sorted(pauses)]


def _break(text: str) -> Opening:
    begins, _dash, ends = text.partition("-")
    return _minute(begins), _minute(ends)


def _minute(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
