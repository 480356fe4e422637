"""A promise's clock: open time counted from its start, less the pauses, against a target.

The yardstick is the due time, an instant that was shown to people: what stops at or before it is met, what is
later is breached, even where the hours in between were closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from answerable.core.calendar import Calendar, DayKind, add_business, business_time, intervals, local_midnight


class State(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


class Pause(NamedTuple):
    """Time that does not count, such as waiting for the customer; `to_at` is None while it lasts."""

    from_at: datetime
    to_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether the pause lasts at a moment; not at its very end."""
        return self.from_at <= at and (self.to_at is None or at < self.to_at)


class SpanKind(StrEnum):
    """Why a span of a clock's life did or did not count."""

    COUNTED = "counted"
    PAUSED = "paused"
    OUTSIDE_HOURS = "outside_hours"
    CLOSED_DAY = "closed_day"
    HOLIDAY = "holiday"
    OVERRIDE = "override"


class Span(NamedTuple):
    """A stretch of a clock's life (UTC). `name` is the holiday's; `open_time` is the business time in it."""

    kind: SpanKind
    start: datetime
    end: datetime
    name: str
    open_time: timedelta

    @property
    def length(self) -> timedelta:
        """Its time on the calendar."""
        return self.end - self.start


@dataclass(frozen=True)
class Explanation:
    """Every span from a clock's start to a moment, with nothing between them left out.

    `counted` + `paused` + `closed` is the time that passed on the calendar; `withheld` is the open time that
    the pauses kept from counting.
    """

    spans: tuple[Span, ...]
    counted: timedelta
    paused: timedelta
    closed: timedelta
    withheld: timedelta
    target: timedelta
    due_at: datetime | None
    state: State


@dataclass(frozen=True)
class Clock:
    """One promise being kept: counts open time of `calendar` from `started_at` until `stopped_at`.

    Pauses may come in any order and overlap. Times are aware datetimes, results are UTC. Raises ValueError
    for a target that is not positive and a pause or stop that ends before it begins.
    """

    calendar: Calendar
    target: timedelta
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.target <= timedelta(0):
            raise ValueError("A clock's target is longer than nothing.")
        if self.stopped_at is not None and self.stopped_at < self.started_at:
            raise ValueError("A clock cannot stop before it started.")

    @cached_property
    def _pauses(self) -> tuple[Pause, ...]:
        return tuple(_tidied(self.pauses, self.started_at))

    @cached_property
    def due_at(self) -> datetime | None:
        """When the target is used up; None while an open pause keeps that from being known."""
        return self.reached_at(1)

    def reached_at(self, share: float) -> datetime | None:
        """When this share of the target (0.5, 1, 1.25) has been counted; None if a lasting pause is first."""
        if share < 0:
            raise ValueError("A share of the target is not negative.")
        left, cursor = self.target * share, self.started_at
        for pause in self._pauses:
            counted = business_time(self.calendar, cursor, pause.from_at)
            if left <= counted:
                break
            if pause.to_at is None:
                return None
            left, cursor = left - counted, pause.to_at
        return add_business(self.calendar, cursor, left)

    def elapsed(self, at: datetime) -> timedelta:
        """Open time counted until `at`, or until the clock stopped; nothing before the start."""
        until = at if self.stopped_at is None else min(at, self.stopped_at)
        total, cursor = timedelta(0), self.started_at
        for pause in self._pauses:
            if pause.from_at >= until:
                break
            total += business_time(self.calendar, cursor, pause.from_at)
            if pause.to_at is None:
                return total
            cursor = pause.to_at
        return total + business_time(self.calendar, cursor, until) if cursor < until else total

    def share(self, at: datetime) -> float:
        """The part of the target used up: 0.5 at half, over 1 beyond it."""
        return self.elapsed(at) / self.target

    def state(self, at: datetime) -> State:
        """Where the clock stands at a moment. A stop later than `at` has not happened yet."""
        stopped = self.stopped_at is not None and self.stopped_at <= at
        judged = self.stopped_at if stopped and self.stopped_at is not None else at
        if self.due_at is not None and judged > self.due_at:
            return State.BREACHED
        if stopped:
            return State.MET
        return State.PAUSED if any(pause.covers(at) for pause in self._pauses) else State.RUNNING

    def explain(self, at: datetime) -> Explanation:
        """Account for every second from the start to `at`, or to the stop."""
        until = at if self.stopped_at is None else min(at, self.stopped_at)
        spans = tuple(_spans(self, until.astimezone(UTC)))
        counted = _total(span.length for span in spans if span.kind is SpanKind.COUNTED)
        pauses = [span for span in spans if span.kind is SpanKind.PAUSED]
        paused = _total(span.length for span in pauses)
        return Explanation(
            spans=spans,
            counted=counted,
            paused=paused,
            closed=_total(span.length for span in spans) - counted - paused,
            withheld=_total(span.open_time for span in pauses),
            target=self.target,
            due_at=self.due_at,
            state=self.state(at),
        )


def _total(lengths: Iterable[timedelta]) -> timedelta:
    return sum(lengths, timedelta(0))


def _tidied(pauses: Iterable[Pause], started_at: datetime) -> Iterator[Pause]:
    """Pauses in order, cut to the clock's start, overlapping and touching ones made one."""
    current: Pause | None = None
    for pause in sorted(pauses, key=lambda pause: pause.from_at):
        if pause.to_at is not None and pause.to_at < pause.from_at:
            raise ValueError(f"A pause from {pause.from_at.isoformat()} ends before it begins.")
        if pause.to_at is not None and pause.to_at <= max(pause.from_at, started_at):
            continue
        following = Pause(max(pause.from_at, started_at), pause.to_at)
        if current is None:
            current = following
        elif current.to_at is None:
            break
        elif following.from_at <= current.to_at:
            current = Pause(current.from_at, following.to_at and max(current.to_at, following.to_at))
        else:
            yield current
            current = following
    if current is not None:
        yield current


def _spans(clock: Clock, until: datetime) -> Iterator[Span]:
    cursor = clock.started_at.astimezone(UTC)
    for pause in clock._pauses:
        if pause.from_at >= until:
            break
        start = pause.from_at.astimezone(UTC)
        end = until if pause.to_at is None else min(until, pause.to_at.astimezone(UTC))
        yield from _working(clock.calendar, cursor, start)
        yield Span(SpanKind.PAUSED, start, end, "", business_time(clock.calendar, start, end))
        cursor = end
    yield from _working(clock.calendar, cursor, until)


def _working(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """Open and closed spans of time that was not paused."""
    if start >= end:
        return
    cursor = start
    for opens, closes in intervals(calendar, start, end):
        yield from _closed(calendar, cursor, opens)
        yield Span(SpanKind.COUNTED, opens, closes, "", closes - opens)
        cursor = closes
    yield from _closed(calendar, cursor, end)


def _closed(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    """A closed stretch cut at local midnights, neighbours with the same reason made one."""
    current: Span | None = None
    for span in _closed_days(calendar, start, end):
        if current is not None and (current.kind, current.name) == (span.kind, span.name):
            current = current._replace(end=span.end)
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current


def _closed_days(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Span]:
    cursor = start
    while cursor < end:
        on = cursor.astimezone(calendar.zone).date()
        while (midnight := local_midnight(calendar, on + timedelta(days=1))) <= cursor:
            on += timedelta(days=1)
        until = min(end, midnight)
        kind, name = _reason(calendar, on)
        yield Span(kind, cursor, until, name, timedelta(0))
        cursor = until


def _reason(calendar: Calendar, on: date) -> tuple[SpanKind, str]:
    day = calendar.day(on)
    if day.kind is DayKind.ORDINARY:
        return SpanKind.OUTSIDE_HOURS, ""
    return SpanKind(day.kind.value), day.name
