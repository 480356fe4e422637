"""A week's staffing in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from babel.dates import get_day_names
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, ngettext

from answerable.core.said import Said
from answerable.core.staffing.volumes import HOURS, WEEK
from answerable.core.staffing.week import Achieved, Demand, Expected
from answerable.insight.staffing.assumed import HOUR, MINUTE
from answerable.insight.staffing.believed import Believed
from answerable.insight.staffing.planning import Plan
from answerable.measure.words import day, percent
from answerable.web.channels import channel_name
from answerable.web.words import duration, reader_locale

SHORT = 0.01
"""Heads fewer than this are not missing."""
_NONE = "\N{EN DASH}"


def said_by(told: Mapping[str, Any]) -> str:
    """A text that was kept as a template and its facts, in the reader's language."""
    return Said.of(told).by(gettext, lambda number: format_decimal(number, locale=str(reader_locale())))


@dataclass(frozen=True)
class Line:
    """A channel's week: what is promised, what comes, and what so many people make of it."""

    name: str
    promise: str
    contacts: str
    fewer: str
    now: str
    more: str
    tone: str
    busy: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Hour:
    """One hour: when, what comes, who is needed and who is there; and per channel with one fewer, as it is, and with
    one more."""

    label: str
    contacts: str
    required: int
    rostered: str
    missing: str
    sides: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Day:
    name: str
    contacts: str
    required: str
    rostered: str
    missing: str
    holiday: str
    is_worst: bool
    hours: tuple[Hour, ...]


class Shown:
    """One plan, said to one reader."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.locale = plan, str(reader_locale())
        self.week = plan.week

    @property
    def notes(self) -> list[str]:
        """What is to be said of the history."""
        return [said_by(note) for note in self.plan.result.notes]

    @property
    def required_hours(self) -> str:
        return self._whole(self.week.required_hours)

    @property
    def rostered_hours(self) -> str:
        return self._one(self.week.rostered_hours)

    @cached_property
    def short_places(self) -> list[int]:
        return [place for place, gap in enumerate(self.week.gaps) if gap > SHORT]

    @cached_property
    def worst(self) -> int | None:
        """The hour in which most are missing."""
        return max(self.short_places, key=lambda place: self.week.gaps[place], default=None)

    @property
    def short_hours(self) -> str:
        """Person-hours that are missing."""
        return self._one(sum(self.week.gaps[place] for place in self.short_places))

    @property
    def summary(self) -> str:
        """Where people are missing, in a sentence."""
        if not self.week.required_hours:
            return gettext("Nothing is expected in this week, so nobody is needed.")
        if not self.short_places:
            return gettext("In every hour of this week as many people are rostered as are needed.")
        worst = self.worst or 0
        return ngettext(
            "In %(number)s hour of this week people are missing; most on %(when)s: %(rostered)s rostered, "
            "%(required)s needed.",
            "In %(number)s hours of this week people are missing; most on %(when)s: %(rostered)s rostered, "
            "%(required)s needed.",
            len(self.short_places),
        ) % {
            "number": len(self.short_places),
            "when": f"{self.day_names[worst // HOURS]}, {_clock(worst % HOURS)}",
            "rostered": self._one(self.week.rostered[worst]),
            "required": self.week.required[worst],
        }

    @cached_property
    def day_names(self) -> list[str]:
        names = get_day_names("wide", context="stand-alone", locale=self.locale)
        return [str(names[number]) for number in range(WEEK)]

    def lines(self) -> list[Line]:
        """Each channel's week."""
        return [self._line(key, demand) for key, demand in self.week.demands.items()]

    def _line(self, key: str, demand: Demand) -> Line:
        now = self.plan.expected[key]
        kept = now.in_time is None or now.in_time >= demand.in_time
        return Line(
            name=channel_name(key),
            promise=self._promise(key, demand),
            contacts=self._whole(sum(demand.contacts)),
            fewer=self._share(self.plan.one_fewer[key]),
            now=self._share(now),
            more=self._share(self.plan.one_more[key]),
            tone="" if kept else "bad",
            busy=percent(now.occupancy, self.locale) if now.in_time is not None else _NONE,
            notes=tuple(self._notes(key, demand, now)),
        )

    def _promise(self, key: str, demand: Demand) -> str:
        """Such as 80 % within 20 s."""
        words = {"share": percent(demand.in_time, self.locale), "time": self._time(demand.limit_seconds)}
        if demand.waits:
            return gettext("%(share)s within %(time)s of open time") % words
        return gettext("%(share)s within %(time)s") % words

    def source(self, key: str) -> str:
        """Whose words the promise is."""
        promise, policy = self.plan.promises.by_channel[key], self.plan.promises.policy
        if promise.standard and policy is not None:
            return policy.standards[promise.standard].promise_in(get_language() or policy.language)
        return gettext("assumed: the policy promises nothing for it")

    def _notes(self, key: str, demand: Demand, now: Expected) -> Iterator[str]:
        yield self.source(key)
        if now.growth >= 1:
            number = round(now.growth)
            yield ngettext(
                "More comes than can be done: %(number)s contact more waits at the end of the week.",
                "More comes than can be done: %(number)s contacts more wait at the end of the week.",
                number,
            ) % {"number": self._whole(number)}
        if now.outside >= 1:
            number = round(now.outside)
            yield ngettext(
                "%(number)s comes while it is closed and nobody is needed.",
                "%(number)s come while it is closed and nobody is needed.",
                number,
            ) % {"number": self._whole(number)}

    def _share(self, found: Expected) -> str:
        return _NONE if found.in_time is None else percent(found.in_time, self.locale)

    def days(self) -> list[Day]:
        """The week day by day, hours in which somebody is needed or rostered."""
        shown = self.plan.shown()
        return [self._day(number, [place for place in shown if place // HOURS == number]) for number in range(WEEK)]

    def _day(self, number: int, places: list[int]) -> Day:
        on = self.plan.rota_monday + timedelta(days=number)
        missing = sum(max(0.0, self.week.gaps[place]) for place in places)
        every = range(number * HOURS, (number + 1) * HOURS)
        return Day(
            name=f"{self.day_names[number]}, {day(on, self.locale)}",
            contacts=self._whole(sum(self.plan.contacts(place) for place in every)),
            required=self._whole(sum(self.week.required[place] for place in places)),
            rostered=self._one(sum(self.week.rostered[place] for place in places)),
            missing=self._one(missing) if missing > SHORT else "",
            holiday=self._holiday(on),
            is_worst=self.worst is not None and self.worst // HOURS == number,
            hours=tuple(self._hour(place) for place in places),
        )

    def _holiday(self, on: date) -> str:
        found = (calendar.holidays.get(on) for calendar in self.plan.promises.calendars)
        return ", ".join(dict.fromkeys(filter(None, found)))

    def _hour(self, place: int) -> Hour:
        gap = self.week.gaps[place]
        return Hour(
            label=f"{_clock(place % HOURS)}\N{EN DASH}{_clock(place % HOURS + 1)}",
            contacts=self._one(self.plan.contacts(place)),
            required=self.week.required[place],
            rostered=self._one(self.week.rostered[place]),
            missing=self._one(gap) if gap > SHORT else "",
            sides=(self._side(place, -1), self._side(place, 0), self._side(place, 1)),
        )

    def _side(self, place: int, more: int) -> tuple[str, ...]:
        """What so many people do in one hour: the share in time of calls and chats, contacts worked off of mail."""
        found = self.week.interval(place, more)
        several = len(found) > 1
        said = [
            f"{channel_name(key)} {words}" if several else words
            for key, each in found.items()
            if (words := self._achieved(key, place, each))
        ]
        return tuple(said) or (_NONE,)

    def _achieved(self, key: str, place: int, found: Achieved) -> str:
        demand = self.week.demands[key]
        if found.in_time is None:
            return gettext("%(number)s done") % {"number": self._one(found.done)} if demand.opened[place] else ""
        return percent(found.in_time, self.locale) if demand.served(place) > SHORT else ""

    def errors(self) -> list[Believed]:
        """How far to believe each channel's forecast."""
        result = self.plan.result
        return [Believed(key, result.channels[key], result.holidays_known, self.locale) for key in self.week.demands]

    def assumptions(self) -> list[tuple[str, str]]:
        """What is taken for granted, and where it comes from."""
        taken = self.plan.taken
        found = [
            (gettext("Shrinkage"), percent(taken.shrinkage, self.locale)),
            (gettext("Busy at most"), percent(taken.occupancy, self.locale)),
        ]
        return found + [(channel_name(key), self._assumed(key, demand)) for key, demand in self.week.demands.items()]

    def _assumed(self, key: str, demand: Demand) -> str:
        told, assumed = self.plan.result.channels[key].handling_seconds, self.plan.taken.of(key)
        source = (
            gettext("assumed")
            if assumed.handling_seconds
            else gettext("as the file says")
            if told
            else gettext("usual, not measured")
        )
        parts = [
            gettext("%(time)s to handle one (%(source)s)")
            % {"time": self._time(demand.handling_seconds), "source": source}
        ]
        if demand.at_once > 1:
            parts.append(
                ngettext("%(number)s at once", "%(number)s at once", demand.at_once) % {"number": demand.at_once}
            )
        if not demand.waits:
            parts.append(
                gettext("patience of %(time)s (Erlang A)") % {"time": self._time(demand.patience_seconds)}
                if demand.patience_seconds
                else gettext("nobody gives up (Erlang C)")
            )
        return ", ".join(parts)

    def _time(self, seconds: float) -> str:
        """20 sec, 4 hr, 7 min 30 sec."""
        whole = round(seconds)
        if whole >= HOUR or whole < MINUTE or whole % 60 == 0:
            return duration(timedelta(seconds=whole)) if whole >= MINUTE else self._seconds(whole)
        return f"{duration(timedelta(seconds=whole))} {self._seconds(whole % 60)}"

    def _seconds(self, seconds: int) -> str:
        return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}

    def _whole(self, value: float) -> str:
        return format_decimal(round(value), locale=self.locale)

    def _one(self, value: float) -> str:
        return format_decimal(round(value, 1), locale=self.locale)


def _clock(hour: int) -> str:
    return f"{hour:02d}:00"
