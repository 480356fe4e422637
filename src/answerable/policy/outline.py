"""A version of the policy in words, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext, ngettext

from answerable.core.calendar import Calendar
from answerable.core.opening import Opening, opening_text
from answerable.core.policy import ALWAYS, Objective, Policy, Procedure, Region, Standard
from answerable.core.policy.words import conditions_words, every_words, within_words
from answerable.policy.escalations import Line, line_of
from answerable.policy.models import Version
from answerable.policy.names import CLOCKS, KPIS, Names, hours_name, language_name, target_words
from answerable.policy.running import policy_of


@dataclass(frozen=True)
class Promise:
    """A standard as a reader sees it. `when` is empty where it holds for every conversation.

    `otherwise` are the hours of regions without any, empty where all are counted in the same.
    """

    standard: Standard
    sentence: str
    clock: str
    within: str
    when: str
    hours: str
    otherwise: str
    line: Line | None  # its escalations


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
class Profile:
    """A region: its hours, language and tone, empty where nothing is said of them; objectives and their targets."""

    title: str
    hours: str
    language: str
    tone: str
    targets: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Steps:
    """A procedure. `when` is empty where it is for every conversation."""

    title: str
    when: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Goal:
    """An objective with what serves it. `owner` and `review` are empty where nobody and nothing is named."""

    objective: Objective
    kpi: str
    target: str
    owner: str
    review: str
    procedures: tuple[Steps, ...]
    promises: tuple[Promise, ...]


@dataclass(frozen=True)
class Outline:
    mission: tuple[str, ...]
    goals: tuple[Goal, ...]
    profiles: tuple[Profile, ...]
    hours: tuple[Hours, ...]


def outline_of(version: Version) -> Outline:
    """Everything the version says, objective by objective. Raises PolicyErrors for a draft that isn't right yet."""
    policy, names = policy_of(version), Names()
    return Outline(
        mission=tuple(line for line in policy.mission.splitlines() if line.strip()),
        goals=tuple(_goal(policy, objective, names) for objective in policy.objectives.values()),
        profiles=tuple(_profile(policy, region) for region in policy.regions.values()),
        hours=tuple(
            _hours(hours_name(policy, name), calendar) for name, calendar in policy.hours.items() if name != ALWAYS
        ),
    )


def _goal(policy: Policy, objective: Objective, names: Names) -> Goal:
    return Goal(
        objective=objective,
        kpi=str(KPIS.get(objective.kpi, objective.kpi)),
        target=target_words(objective.target),
        owner=names.person(objective.owner) if objective.owner else "",
        review=every_words(objective.review, ngettext=ngettext) if objective.review else "",
        procedures=tuple(
            _steps(procedure, policy, names)
            for procedure in policy.procedures.values()
            if procedure.objective == objective.key
        ),
        promises=tuple(
            _promise(policy, standard, names)
            for standard in policy.standards.values()
            if standard.objective == objective.key
        ),
    )


def _steps(procedure: Procedure, policy: Policy, names: Names) -> Steps:
    language = get_language() or policy.language
    return Steps(
        title=procedure.title_in(language),
        when=conditions_words(procedure.when, gettext=gettext, say=names.say),
        steps=procedure.steps_in(language),
    )


def _promise(policy: Policy, standard: Standard, names: Names) -> Promise:
    hours = hours_name(policy, standard.hours)
    return Promise(
        standard=standard,
        sentence=standard.promise_in(get_language() or policy.language),
        clock=str(CLOCKS[standard.clock]),
        within=within_words(standard.within, ngettext=ngettext),
        when=conditions_words(standard.when, gettext=gettext, say=names.say),
        hours=gettext("hours of each region") if standard.is_regional else hours,
        otherwise=hours if standard.is_regional else "",
        line=line_of(policy, standard, names) if standard.escalation else None,
    )


def _profile(policy: Policy, region: Region) -> Profile:
    language = get_language() or policy.language
    return Profile(
        title=region.title_in(language),
        hours=hours_name(policy, region.hours) if region.hours else "",
        language=language_name(region.language) if region.language else "",
        tone=region.tone_in(language),
        targets=tuple(
            (policy.objectives[key].sentence, target_words(target)) for key, target in region.targets.items()
        ),
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
