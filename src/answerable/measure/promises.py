"""Business hours and targets out of a policy document, for a report without a desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from answerable.core.calendar import Calendar
from answerable.core.policy import ALWAYS, Kpi, Objective, Policy, PolicyErrors, compile_policy
from answerable.core.said import Said, Wrong, gettext_noop, in_lines, of_system

SECONDS = {"minutes": 60, "hours": 3_600, "days": 86_400}
COMPLIANCES = ("first_response_compliance", "next_response_compliance", "resolution_compliance")


class NoPolicy(Wrong):
    """A policy file that cannot be opened, or has mistakes: a line for each."""


@dataclass(frozen=True, slots=True)
class Promises:
    """The hours to count by, and what is wanted of each indicator.

    `shares` are targets that no clock is needed for, in the indicator's unit; `business` and `calendar` seconds by
    either clock. `sentences` are the objectives' own words, by indicator.
    """

    calendar: Calendar | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    business: Mapping[str, float] = field(default_factory=dict)
    by_calendar: Mapping[str, float] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> str | None:
        """The time zone of the hours."""
        return self.calendar.time_zone if self.calendar else None

    def targets(self, clock: str) -> dict[str, float]:
        """What figures by this clock are held to."""
        return {**self.shares, **(self.business if clock == "business" else self.by_calendar)}

    def other_clock(self, clock: str) -> tuple[str, ...]:
        """The indicators whose target is meant by the other clock, and so is not held against these figures."""
        here, there = (self.business, self.by_calendar) if clock == "business" else (self.by_calendar, self.business)
        return tuple(name for name in there if name not in here)


def read_promises(hours: Path | None, targets: Path | None) -> Promises:
    """The first hours of one policy document and the objectives of another (or the same).

    Raises NoPolicy for one that cannot be opened, and with all that is wrong in it.
    """
    calendar = None
    if hours is not None:
        known = _policy(hours).hours
        calendar = next((each for name, each in known.items() if name != ALWAYS), known[ALWAYS])
    if targets is None:
        return Promises(calendar)
    policy = _policy(targets)
    own = next((each for name, each in policy.hours.items() if name != ALWAYS), policy.hours[ALWAYS])
    working_day = (calendar or own).usual_day().total_seconds()
    found: dict[str, dict[str, float]] = {"shares": {}, "business": {}, "by_calendar": {}}
    sentences: dict[str, str] = {}
    for objective in policy.objectives.values():
        for name in COMPLIANCES if objective.kpi is Kpi.COMPLIANCE else (str(objective.kpi),):
            if name not in sentences:
                sentences[name] = objective.sentence
                kind, value = _value(objective, working_day)
                found[kind][name] = value
    return Promises(calendar, found["shares"], found["business"], found["by_calendar"], sentences)


def _value(objective: Objective, working_day: float) -> tuple[str, float]:
    """Of which kind a target is, and its value in the indicator's unit."""
    value, unit = objective.target.value, objective.target.unit
    if unit == "percent":
        return "shares", value / 100
    if unit == "points":
        return "shares", value
    if unit == "working days":
        return "business", value * working_day
    if unit.startswith("working "):
        return "business", value * SECONDS[unit.removeprefix("working ")]
    return "by_calendar", value * SECONDS[unit]


@lru_cache(maxsize=4)
def _policy(path: Path) -> Policy:
    from answerable.measure.public_holidays import holidays_of

    try:
        text = path.read_bytes()
    except OSError as error:
        raise NoPolicy(
            Said(gettext_noop("{path}: It cannot be opened ({error})."), path=str(path), error=of_system(error))
        ) from error
    try:
        return compile_policy(text, holidays=holidays_of)
    except PolicyErrors as errors:
        raise NoPolicy(
            in_lines(Said("{path}, {wrong}", path=str(path), wrong=error.said) for error in errors.errors)
        ) from errors
