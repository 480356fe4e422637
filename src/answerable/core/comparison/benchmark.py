"""Our figure beside a published one: only where both measure the same, and saying how old it is."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from answerable.core.estimates import Estimate

STALE_MONTHS = 24


class Refusal(StrEnum):
    """Why two figures are not compared."""

    STATISTIC = "another statistic"
    UNIT = "another unit"
    SCOPE = "another scope"


class Standing(StrEnum):
    """Where our figure stands. Whether above is good depends on the measure."""

    ABOVE = "above"
    BELOW = "below"
    ALIKE = "not distinguishable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Published:
    """A figure somebody published, in our units (shares 0 to 1, seconds).

    `statistic` is the name of a Definition: `csat.top_two_box` is not `csat.thumbs` nor an index, and a mean
    of responders is not a censored median. `scope` is whom it is about; `until` the last day it covers.
    """

    value: float
    unit: str
    statistic: str
    scope: str
    until: date
    source: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours against a published figure: refused for `refusals`, or with a standing and the difference."""

    published: Published
    refusals: tuple[Refusal, ...]
    standing: Standing | None
    difference: float | None
    months_old: int
    stale: bool


def compare(ours: Estimate, published: Published, scopes: Collection[str], on: date) -> Comparison:
    """`ours` less `published`, on a day.

    Refused unless the statistic is our definition's, the unit ours, and the published scope one of `scopes`,
    those that we belong to. The published figure is taken as known: when it lies inside our interval, or
    on a side that our data do not bound, the two are not distinguishable. Older than 24 months is stale.
    Raises ValueError when the published period ends after `on`.
    """
    months = _months(published.until, on)
    stale = on > _later(published.until, STALE_MONTHS)
    refusals = tuple(
        refusal
        for refusal, alike in (
            (Refusal.STATISTIC, published.statistic == ours.definition.name),
            (Refusal.UNIT, published.unit == ours.unit),
            (Refusal.SCOPE, published.scope in scopes),
        )
        if not alike
    )
    if refusals:
        return Comparison(published, refusals, None, None, months, stale)
    difference = None if ours.value is None else ours.value - published.value
    return Comparison(published, (), _standing(ours, published.value), difference, months, stale)


def compare_all(
    ours: Estimate, published: Iterable[Published], scopes: Collection[str], on: date
) -> tuple[tuple[Comparison, ...], tuple[Comparison, ...]]:
    """The comparisons that hold, newest first, and those refused, nearest to fitting first."""
    found = [compare(ours, each, scopes, on) for each in published]
    held = sorted((each for each in found if not each.refusals), key=lambda each: each.months_old)
    refused = sorted((each for each in found if each.refusals), key=lambda each: (len(each.refusals), each.months_old))
    return tuple(held), tuple(refused)


def _standing(ours: Estimate, value: float) -> Standing:
    if ours.low is not None and value < ours.low:
        return Standing.ABOVE
    if ours.high is not None and value > ours.high:
        return Standing.BELOW
    return Standing.UNKNOWN if ours.value is None else Standing.ALIKE


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months(start: date, end: date) -> int:
    """Whole months from a day to another."""
    if end < start:
        raise ValueError(f"A figure published until {start} lies ahead of {end}.")
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if _later(start, months) <= end else months - 1
