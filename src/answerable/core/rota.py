"""A rota's arithmetic: where shifts lie in time, who is on, and which promised time nobody covers.

Stretches are `Interval`s: aware instants, the start within and the end without. None of this asks what time it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from answerable.core.calendar import Interval, instant
from answerable.core.opening import DAY_MINUTES, Opening

LONGEST_SHIFT = timedelta(hours=24)
"""Whoever works longer has two shifts."""


@dataclass(frozen=True)
class Week:
    """What repeats: on these weekdays (Monday 0), from and to in minutes from local midnight, with its breaks.

    An end that is not after the beginning lies on the next day; a break earlier than the beginning does, too.
    """

    weekdays: frozenset[int]
    begins: int
    ends: int
    breaks: tuple[Opening, ...]
    zone: ZoneInfo


@dataclass(frozen=True)
class Laid:
    """One day of a week laid out."""

    on: date
    span: Interval
    breaks: tuple[Interval, ...]


def lay_out(week: Week, first: date, last: date) -> Iterator[Laid]:
    """The week's days from `first` to `last`, both included, as instants: 9:00 stays 9:00 when the clocks change.

    A day whose hours the clocks skip has no shift.
    """
    for number in range(first.toordinal(), last.toordinal() + 1):
        on = date.fromordinal(number)
        if on.weekday() in week.weekdays:
            span = span_on(week.zone, on, week.begins, week.ends)
            if span.start < span.end:
                yield Laid(on, span, tuple(within(breaks_on(week, on), span)))


def span_on(zone: ZoneInfo, on: date, begins: int, ends: int) -> Interval:
    """From and to (minutes from midnight of a local date) as instants; an end not after the beginning is tomorrow's."""
    later = 0 if ends > begins else DAY_MINUTES
    return Interval(instant(zone, on, begins), instant(zone, on, ends + later))


def breaks_on(week: Week, on: date) -> tuple[Interval, ...]:
    """The week's breaks of one date."""
    found = []
    for begins, ends in week.breaks:
        later = 0 if begins >= week.begins else DAY_MINUTES
        over = 0 if ends > begins else DAY_MINUTES
        found.append(Interval(instant(week.zone, on, begins + later), instant(week.zone, on, ends + later + over)))
    return tuple(found)


def joined(spans: Iterable[Interval]) -> list[Interval]:
    """The same time in order, without empty stretches, none touching the next."""
    found: list[Interval] = []
    for start, end in sorted(span for span in spans if span.start < span.end):
        if found and start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, end))
        else:
            found.append(Interval(start, end))
    return found


def without(spans: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What is left of `spans` where none of `taken` is, joined. O(n log n)."""
    found: list[Interval] = []
    rest = joined(taken)
    place = 0
    for start, end in joined(spans):
        while place < len(rest) and rest[place].end <= start:
            place += 1
        at = place
        while at < len(rest) and rest[at].start < end:
            if start < rest[at].start:
                found.append(Interval(start, rest[at].start))
            start = max(start, rest[at].end)
            at += 1
        if start < end:
            found.append(Interval(start, end))
    return found


def within(spans: Iterable[Interval], frame: Interval) -> list[Interval]:
    """The parts of the stretches that lie in the frame, joined."""
    return joined(Interval(max(start, frame.start), min(end, frame.end)) for start, end in spans)


def uncovered(promised: Iterable[Interval], present: Iterable[Interval]) -> list[Interval]:
    """Promised time in which nobody is on: the gaps of a rota."""
    return without(promised, present)


def length(spans: Iterable[Interval]) -> timedelta:
    """How long they are together; what lies in several counts once."""
    return sum((end - start for start, end in joined(spans)), timedelta())


def fault_of(span: Interval, breaks: Sequence[Interval]) -> str | None:
    """What is wrong with a shift, by name, or None: end, long, break_end, break_outside, breaks_overlap."""
    if span.end <= span.start:
        return "end"
    if span.end - span.start > LONGEST_SHIFT:
        return "long"
    for pause in breaks:
        if pause.end <= pause.start:
            return "break_end"
        if pause.start < span.start or pause.end > span.end:
            return "break_outside"
    ordered = sorted(breaks)
    if any(later.start < earlier.end for earlier, later in pairwise(ordered)):
        return "breaks_overlap"
    return None
