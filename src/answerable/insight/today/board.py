"""Whose board it is, and which days it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from answerable.core.calendar import Calendar, Interval, instant, intervals
from answerable.desk.hours import usual_calendar
from answerable.events.models import Event
from answerable.insight.promised import promised_hours

if TYPE_CHECKING:
    from answerable.people.models import Team, User

WEEKS = 8
"""How many earlier days of the same weekday a day is held against."""
LOOKED_BACK_WEEKS = 10
LOOKED_BACK_DAYS = 14


@dataclass(frozen=True)
class Day:
    """A local date, and the instants between which it lies."""

    on: date
    span: Interval

    @classmethod
    def of(cls, on: date, zone: ZoneInfo) -> Day:
        return cls(on, Interval(instant(zone, on, 0), instant(zone, on + timedelta(days=1), 0)))


@dataclass(frozen=True)
class Board:
    """A team and those below it that the reader sees, at an instant; days are days of the company's zone."""

    reader: User
    team: Team
    teams: tuple[Team, ...]
    now: datetime
    zone: ZoneInfo
    promised: Mapping[int, Sequence[Calendar]]  # the hours promised by each team
    calendars: Sequence[Calendar]  # by which a day is a working day
    began_at: datetime | None  # when the first conversation of all came; none: not yet

    @classmethod
    def of(cls, reader: User, team: Team, teams: Sequence[Team], *, now: datetime, zone: ZoneInfo) -> Board:
        """`teams` are all that the reader sees. The hours are those promised by the board's teams, else the policy's
        usual ones; none without a policy. Four queries at most."""
        below = tuple(each for each in teams if each.path.startswith(team.path))
        promised = promised_hours(below)
        known = [calendar for calendars in promised.values() for calendar in calendars]
        if not known and (usual := usual_calendar()) is not None:
            known.append(usual)
        opened = Event.objects.filter(verb="conversation.opened").order_by("at").values_list("at", flat=True)
        return cls(reader, team, below, now, zone, promised, known, opened.first())

    @property
    def team_ids(self) -> list[int]:
        return [team.pk for team in self.teams]

    @cached_property
    def today(self) -> Day:
        return Day.of(self.now.astimezone(self.zone).date(), self.zone)

    @cached_property
    def yesterday(self) -> Day:
        """The last working day before today; simply the day before where there was none for two weeks."""
        days = [Day.of(self.today.on - timedelta(days=back), self.zone) for back in range(1, LOOKED_BACK_DAYS + 1)]
        return next((day for day in days if self.is_working(day)), days[0])

    def is_working(self, day: Day) -> bool:
        """Whether any promised hours lie in it. Without a policy every day counts alike."""
        return not self.calendars or any(intervals(calendar, *day.span) for calendar in self.calendars)

    def like(self, day: Day) -> list[Day]:
        """The last WEEKS days of the same weekday that were working days, as this is, or none, as this is not, the
        newest first; so holidays are skipped. The time before anybody wrote is left out."""
        if self.began_at is None:
            return []
        before = (Day.of(day.on - timedelta(weeks=back), self.zone) for back in range(1, LOOKED_BACK_WEEKS + 1))
        same = (each for each in before if self.is_working(each) == self.is_working(day))
        return [each for each in same if each.span.end > self.began_at][:WEEKS]
