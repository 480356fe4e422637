"""A version of the policy in words, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext, ngettext

from answerable.core.calendar import Calendar
from answerable.core.opening import Opening, opening_text
from answerable.core.policy import ALWAYS, Objective, Policy, Standard
from answerable.core.policy.words import conditions_words, within_words
from answerable.policy.models import Version
from answerable.policy.names import CLOCKS, KPIS, Names, hours_name, step_words
from answerable.policy.running import policy_of


@dataclass(frozen=True)
class Promise:
    """A standard as a reader sees it. `when` is empty where it holds for every conversation."""

    standard: Standard
    sentence: str
    clock: str
    within: str
    when: str
    hours: str
    steps: tuple[tuple[int, str], ...]  # percent of the target, what happens


@dataclass(frozen=True)
class Day:
    name: str
    openings: str  # "09:00-13:00, 14:00-18:00", or that it is closed


@dataclass(frozen=True)
class Hours:
    name: str
    time_zone: str
    days: tuple[Day, ...]
    dates: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Goal:
    objective: Objective
    kpi: str
    promises: tuple[Promise, ...]


@dataclass(frozen=True)
class Outline:
    mission: tuple[str, ...]
    goals: tuple[Goal, ...]
    hours: tuple[Hours, ...]


def outline_of(version: Version) -> Outline:
    """Everything the version says, objective by objective. Raises PolicyErrors for a draft that isn't right yet."""
    policy, names = policy_of(version), Names()
    return Outline(
        mission=tuple(line for line in policy.mission.splitlines() if line.strip()),
        goals=tuple(_goal(policy, objective, names) for objective in policy.objectives.values()),
        hours=tuple(
            _hours(hours_name(policy, name), calendar) for name, calendar in policy.hours.items() if name != ALWAYS
        ),
    )


def _goal(policy: Policy, objective: Objective, names: Names) -> Goal:
    return Goal(
        objective=objective,
        kpi=str(KPIS.get(objective.kpi, objective.kpi)),
        promises=tuple(
            _promise(policy, standard, names)
            for standard in policy.standards.values()
            if standard.objective == objective.key
        ),
    )


def _promise(policy: Policy, standard: Standard, names: Names) -> Promise:
    return Promise(
        standard=standard,
        sentence=standard.promise_in(get_language() or policy.language),
        clock=str(CLOCKS[standard.clock]),
        within=within_words(standard.within, ngettext=ngettext),
        when=conditions_words(standard.when, gettext=gettext, say=names.say),
        hours=hours_name(policy, standard.hours),
        steps=tuple((step.percent, step_words(step, names)) for step in policy.escalations(standard)),
    )


def _hours(name: str, calendar: Calendar) -> Hours:
    return Hours(
        name=name,
        time_zone=calendar.time_zone,
        days=tuple(Day(str(WEEKDAYS[number]), _openings(spans)) for number, spans in enumerate(calendar.week)),
        dates=tuple(sorted((day, _openings(spans)) for day, spans in calendar.dates.items())),
    )


def _openings(spans: Iterable[Opening]) -> str:
    return ", ".join(opening_text(span).replace("-", "–") for span in spans) or gettext("closed")
