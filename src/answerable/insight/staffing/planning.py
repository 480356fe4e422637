"""A week of a team put together: what is forecast, promised and assumed, against who is rostered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from answerable.core.calendar import Interval, instant, intervals
from answerable.core.rota import joined
from answerable.core.staffing.volumes import HOURS, WEEK
from answerable.core.staffing.week import Demand, Expected, Week
from answerable.core.staffing.week import Team as Terms
from answerable.insight.models import Forecast
from answerable.insight.promised import worked
from answerable.insight.staffing.assumed import AT_ONCE, Taken, taken_for, usual_handling
from answerable.insight.staffing.promises import Promises, promises_of
from answerable.insight.staffing.result import Result
from answerable.people.models import Team

STALE = timedelta(days=28)
"""A file that ends longer ago is held against the rota of the coming weeks, weekday for weekday."""
HOUR_SECONDS = 3600.0
_NOTICED = 0.05


@dataclass(frozen=True)
class Plan:
    """`monday` begins the week that is forecast, `rota_monday` the week of shifts it is held against: mostly the
    same, later where a file is old. Hours are of `zone`, 168 from Monday's midnight on."""

    team: Team
    forecast: Forecast
    result: Result
    monday: date
    rota_monday: date
    zone: ZoneInfo
    promises: Promises
    taken: Taken
    week: Week

    @cached_property
    def expected(self) -> Mapping[str, Expected]:
        return self.week.expected()

    @cached_property
    def one_fewer(self) -> Mapping[str, Expected]:
        return self.week.expected(-1)

    @cached_property
    def one_more(self) -> Mapping[str, Expected]:
        return self.week.expected(1)

    @property
    def is_old(self) -> bool:
        return self.monday != self.rota_monday

    def shown(self) -> list[int]:
        """The hours worth a line: somebody is needed or rostered."""
        return [
            place
            for place, (need, there) in enumerate(zip(self.week.required, self.week.rostered, strict=True))
            if need or there > _NOTICED
        ]

    def contacts(self, place: int) -> float:
        return sum(each.contacts[place] for each in self.week.demands.values())


def mondays(result: Result, today: date) -> list[tuple[date, date]]:
    """The weeks that can be looked at: each as forecast, and as the rota has it."""
    found = result.mondays
    coming = today + timedelta(days=-today.weekday() % WEEK)
    if today - result.last <= STALE:
        ahead = [each for each in found if each + timedelta(days=WEEK) > today]
        return [(each, each) for each in ahead]
    later = coming - found[0]
    return [(each, each + later) for each in found]


def plan_of(
    team: Team, forecast: Forecast, result: Result, week: tuple[date, date], zone: ZoneInfo, taken: Taken | None = None
) -> Plan:
    """Seven queries at most."""
    monday, rota_monday = week
    taken = taken or taken_for(team)
    promises = promises_of(team, result.channels)
    cells = _cells(rota_monday, zone)
    demands = {key: _demand(key, result, monday, promises, taken, cells) for key in served(result.channels)}
    terms = Terms(taken.shrinkage, taken.occupancy)
    return Plan(
        team, forecast, result, monday, rota_monday, zone, promises, taken,
        Week(demands, tuple(_rostered(team, cells)), terms),
    )  # fmt: skip


def served(channels: Iterable[str]) -> list[str]:
    """In the order in which they are served: those at once first."""
    return sorted(channels, key=lambda key: AT_ONCE.index(key) if key in AT_ONCE else len(AT_ONCE))


def _demand(
    key: str, result: Result, monday: date, promises: Promises, taken: Taken, cells: Sequence[Interval]
) -> Demand:
    channel, assumed, promise = result.channels[key], taken.of(key), promises.by_channel[key]
    first = (monday - result.last).days - 1
    contacts = [each for day in range(WEEK) for each in channel.hours(first + day, day)]
    open_spans = joined(
        span for calendar in promise.calendars for span in intervals(calendar, cells[0].start, cells[-1].end)
    )
    limit = promise.limit_seconds if promise.limit_seconds is not None else assumed.limit_seconds
    return Demand(
        contacts=tuple(contacts),
        opened=tuple(_overlaps(open_spans, cells)),
        handling_seconds=assumed.handling_seconds or channel.handling_seconds or usual_handling(key),
        limit_seconds=limit,
        in_time=promise.in_time if promise.in_time is not None else assumed.in_time,
        waits=key not in AT_ONCE,
        at_once=assumed.at_once,
        patience_seconds=assumed.patience_seconds,
    )


def _rostered(team: Team, cells: Sequence[Interval]) -> list[float]:
    """Heads on a shift in the team or below it, by hour: an hour's half that somebody works is half a head."""
    frame = Interval(cells[0].start, cells[-1].end)
    below = Team.objects.filter(path__startswith=team.path).values_list("path", flat=True)
    heads = [0.0] * len(cells)
    for _shift, stretches in worked(below, frame, above=team.lineage):
        for place, seconds in enumerate(_overlaps(stretches, cells)):
            heads[place] += seconds / HOUR_SECONDS
    return [round(each, 4) for each in heads]


def _overlaps(spans: Sequence[Interval], cells: Sequence[Interval]) -> Iterator[float]:
    """Seconds of each hour that lie in the spans, which are in order."""
    place = 0
    for cell in cells:
        while place < len(spans) and spans[place].end <= cell.start:
            place += 1
        at, seconds = place, 0.0
        while at < len(spans) and spans[at].start < cell.end:
            seconds += (min(spans[at].end, cell.end) - max(spans[at].start, cell.start)).total_seconds()
            at += 1
        yield seconds


def _cells(monday: date, zone: ZoneInfo) -> list[Interval]:
    """The 168 local hours of a week as instants. One that the clocks skip is empty, one that comes twice long."""
    days = [monday + timedelta(days=number) for number in range(WEEK + 1)]
    begins: list[datetime] = [instant(zone, day, hour * 60) for day in days[:-1] for hour in range(HOURS)]
    return [Interval(*pair) for pair in zip(begins, [*begins[1:], instant(zone, days[-1], 0)], strict=True)]
