"""What the policy in force wants of each indicator, in the indicator's own unit."""

from dataclasses import dataclass, field

from django.utils.translation import ngettext

from answerable.core.policy import Kpi, Objective, Unit, Within
from answerable.core.policy.words import within_words
from answerable.desk.hours import usual_calendar
from answerable.measure.words import number
from answerable.policy.running import compiled, in_force_id
from answerable.web.words import reader_locale

SECONDS = {"minutes": 60, "hours": 3_600, "days": 86_400}
COMPLIANCES = ("first_response_compliance", "next_response_compliance", "resolution_compliance")


@dataclass(frozen=True)
class Targets:
    """Shares, and seconds by the clock they are meant by: working hours are business time, plain ones are not.

    `said` is the value in the policy's own unit, `sentences` the objectives' own words, by indicator.
    """

    business: dict[str, float] = field(default_factory=dict)
    calendar: dict[str, float] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)


def targets_in_force() -> Targets:
    """From the objectives of the policy in force; of two for one measure the first."""
    version_id = in_force_id()
    found = Targets()
    if version_id is None:
        return found
    calendar = usual_calendar()
    working_day = calendar.usual_day().total_seconds() if calendar is not None else 86_400.0
    for objective in compiled(version_id).objectives.values():
        for name in _indicators(objective):
            if name not in found.sentences:
                found.sentences[name] = objective.sentence
                found.said[name] = target_words(objective)
                _set(found, name, objective, working_day)
    return found


def _indicators(objective: Objective) -> tuple[str, ...]:
    """The indicators an objective speaks of; none where this report does not measure it."""
    if objective.kpi is Kpi.COMPLIANCE:
        return COMPLIANCES
    return (str(objective.kpi),) if objective.kpi in (Kpi.CSAT, Kpi.FIRST_RESPONSE, Kpi.RESOLUTION) else ()


def target_words(objective: Objective) -> str:
    """Such as 4 working hours; percentages by the reader's locale."""
    value, unit = objective.target.value, objective.target.unit
    if unit == "percent":
        return number(value / 100, "share", str(reader_locale()), 0 if value == round(value) else 1)
    if value != round(value):
        return f"{value:g} {unit}"
    working, _space, plain = unit.rpartition(" ")
    return within_words(Within(int(value), Unit(plain), bool(working)), ngettext=ngettext)


def _set(found: Targets, name: str, objective: Objective, working_day: float) -> None:
    value, unit = objective.target.value, objective.target.unit
    if unit == "percent":
        found.business[name] = value / 100
    elif unit == "working days":
        found.business[name] = value * working_day
    elif unit.startswith("working "):
        found.business[name] = value * SECONDS[unit.removeprefix("working ")]
    else:
        found.calendar[name] = value * SECONDS[unit]
