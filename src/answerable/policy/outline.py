"""A version of the policy in words, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from answerable.core.calendar import Calendar
from answerable.core.opening import Opening, opening_text
from answerable.core.policy import ALWAYS, Do, Objective, Policy, Standard, Step, Whom
from answerable.core.policy.words import conditions_words, within_words
from answerable.policy.models import Version
from answerable.policy.names import Names, hours_name
from answerable.policy.running import compiled

CLOCKS = MappingProxyType(
    {
        "first_response": _("First response"),
        "next_response": _("Next response"),
        "resolution": _("Resolution"),
    }
)
KPIS = MappingProxyType(
    {
        "csat": _("Customer satisfaction"),
        "nps": _("Net promoter score"),
        "first_response": _("First response time"),
        "retention": _("Customer retention"),
        "servqual": _("Service quality (SERVQUAL)"),
        "engagement": _("Employee engagement"),
        "resolution": _("Resolution time"),
        "compliance": _("Promises kept"),
    }
)
RECIPIENTS = MappingProxyType(
    {
        Whom.ASSIGNEE: pgettext_lazy("tell whom", "the assignee"),
        Whom.LEAD: pgettext_lazy("tell whom", "the team lead"),
        Whom.TEAM: pgettext_lazy("tell whom", "the whole team"),
    }
)


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
    """Everything the version says, objective by objective."""
    policy, names = compiled(version.pk), Names()
    return Outline(
        mission=tuple(line for line in policy.mission.splitlines() if line.strip()),
        goals=tuple(_goal(policy, objective, names) for objective in policy.objectives.values()),
        hours=tuple(
            _hours(hours_name(policy, name), calendar) for name, calendar in policy.hours.items() if name != ALWAYS
        ),
    )


def step_words(step: Step, names: Names) -> str:
    """What an escalation step does, in words."""
    if step.do is Do.RAISE_PRIORITY or step.to is None:
        return gettext("raise the priority")
    name = names.teams.get(step.to.name, step.to.name) if step.to.name and step.to.whom is Whom.TEAM else step.to.name
    whom = name or str(RECIPIENTS.get(step.to.whom, step.to.whom))
    if step.do is Do.NOTIFY:
        return gettext("tell %(whom)s") % {"whom": whom}
    return gettext("hand over to %(whom)s") % {"whom": whom}


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
