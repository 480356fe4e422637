"""One forecast from beginning to end, its progress and its result kept in its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from answerable.core.calendar import Calendar
from answerable.core.said import Said, Wrong, gettext_noop
from answerable.core.staffing.forecast import LEAST_DAYS, forecast
from answerable.core.staffing.volumes import WEEK, Volumes, counted
from answerable.insight.models import Forecast
from answerable.insight.promised import promised_hours
from answerable.insight.staffing.result import AHEAD_DAYS, SHOWN_DAYS, Channel, Result
from answerable.measure.forecasting import structural
from answerable.people.middleware import company_zone
from answerable.people.models import Team
from answerable.web.channels import channel_name

LONGEST_DAYS = 156 * WEEK
"""Three years: what is older says nothing of next week."""
NOTHING = gettext_noop("Nothing came in, so nothing can be forecast. Upload a file of volumes instead.")
TOO_SHORT = gettext_noop(
    "The history has {days} days. Two whole weeks are the least that a forecast can be made of: upload a file of "
    "volumes, or come back later."
)
LEFT_OUT = gettext_noop("Left out, since they have fewer than two weeks of history: {channels}.")
COUNTED = """
SELECT channel, floor(extract(epoch FROM created_at) / 900)::bigint, count(*) FROM desk_conversation
WHERE team_id = ANY(%s) AND created_at >= %s AND created_at < %s AND spam_at IS NULL AND opened_by_id IS NULL
    AND status NOT IN ('merged', 'beside')
GROUP BY 1, 2
"""


class Stopped(Exception):
    """Somebody has cancelled it, or the one who started it has ended."""


class NothingToForecast(Wrong):
    """There is too little history."""


def run(pk: int, *, is_orphan: Callable[[], bool] = lambda: False) -> None:
    """Make what was asked for. What is wrong is kept in words; nothing happens to one that has ended."""
    if not Forecast.objects.going_on().filter(pk=pk).update(state=Forecast.State.RUNNING, begun_at=timezone.now()):
        return
    asked = Forecast.objects.select_related("team").get(pk=pk)

    def say(share: float) -> None:
        if is_orphan() or not Forecast.objects.going_on().filter(pk=pk).update(progress=share):
            raise Stopped

    try:
        result = _Making(asked, say).result()
    except Stopped:
        return
    except NothingToForecast as error:
        _end(pk, state=Forecast.State.FAILED, error=error.said.plain)
        return
    _end(pk, state=Forecast.State.DONE, result=result.as_dict(), progress=1.0)


def _end(pk: int, **what: Any) -> None:
    Forecast.objects.going_on().filter(pk=pk).update(ended_at=timezone.now(), volumes=None, **what)


class _Making:
    def __init__(self, asked: Forecast, say: Callable[[float], None]) -> None:
        self.asked, self.say, self.zone = asked, say, company_zone()
        self.teams = list(Team.objects.filter(path__startswith=asked.team.path))
        self.calendars = calendars_of(self.teams)

    def result(self) -> Result:
        """Of all channels with two weeks of history at least. Raises NothingToForecast, Stopped."""
        volumes, handling, notes = self._of_file() if self.asked.file_name else (self._of_desk(), {}, [])
        long = {key: each for key, each in volumes.items() if len(each) >= LEAST_DAYS}
        if not long:
            longest = max((len(each) for each in volumes.values()), default=0)
            raise NothingToForecast(Said(TOO_SHORT, days=longest) if longest else NOTHING)
        if short := sorted(set(volumes) - set(long)):
            notes = [*notes, Said(LEFT_OUT, channels=_named(short)).plain]
        channels = {}
        for number, (key, each) in enumerate(long.items()):
            self.say(number / len(long))
            recent = each.from_to(max(0, len(each) - LONGEST_DAYS), len(each))
            found = forecast(recent, AHEAD_DAYS, structural, self.holiday)
            channels[key] = Channel.of(recent, found, handling.get(key))
        first = min(each.first for each in long.values())
        last = max(each.last for each in long.values())
        return Result(first, last, channels, bool(self.calendars), notes)

    def holiday(self, on: date) -> float:
        """The share of the team's calendars that have a holiday on a date."""
        closed = sum(calendar.holidays.get(on) is not None for calendar in self.calendars)
        return closed / len(self.calendars) if self.calendars else 0.0

    def _of_desk(self) -> dict[str, Volumes]:
        """What customers began, by channel, up to yesterday; spam, and what agents began, left out."""
        today = timezone.localdate(timezone=self.zone)
        since = _midnight(today - timedelta(days=LONGEST_DAYS), self.zone)
        with connection.cursor() as cursor:
            cursor.execute(COUNTED, [[team.pk for team in self.teams], since, _midnight(today, self.zone)])
            rows = cursor.fetchall()
        return self._volumes(rows, today - timedelta(days=1))

    def _of_file(self) -> tuple[dict[str, Volumes], Mapping[str, float], list[dict[str, Any]]]:
        told = self.asked.volumes or {"quarters": {}, "handling": {}, "notes": []}
        rows = [
            (channel, int(quarter), number)
            for channel, quarters in told["quarters"].items()
            for quarter, number in quarters.items()
        ]
        last = max((_local(quarter, self.zone) for _channel, quarter, _number in rows), default=date.min)
        return self._volumes(rows, last), told["handling"], told["notes"]

    def _volumes(self, rows: Iterable[tuple[str, int, float]], last: date) -> dict[str, Volumes]:
        """By channel, the busiest first; all end on the same day, each begins when its first contact came.
        One that nobody has used for eight weeks is none any more."""
        quarters: dict[str, dict[int, float]] = {}
        for channel, quarter, number in rows:
            quarters.setdefault(channel, {})[quarter] = number
        busiest = sorted(quarters, key=lambda key: -sum(quarters[key].values()))
        found = {key: counted(quarters[key], self.zone, last=last) for key in busiest if any(quarters[key].values())}
        return {key: each for key, each in found.items() if each.days[-SHOWN_DAYS:].any()}


def calendars_of(teams: Iterable[Team]) -> list[Calendar]:
    """The different hours that these teams promise, in the order of their numbers."""
    found = promised_hours(teams)
    return list(dict.fromkeys(calendar for pk in sorted(found) for calendar in found[pk]))


def _named(channels: Sequence[str]) -> Said:
    """Their names, to be said in any language."""
    names = {f"channel_{place}": Said(channel_name(key)) for place, key in enumerate(channels)}
    return Said(", ".join(f"{{{name}}}" for name in names), **names)


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), zone)


def _local(quarter: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(quarter * 900, zone).date()
