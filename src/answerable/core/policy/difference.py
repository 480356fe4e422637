"""What one policy says that another doesn't: by part, by key and by setting, with both values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from answerable.core.calendar import WEEKDAYS, Calendar
from answerable.core.policy.hours import ALWAYS, PublicHolidays
from answerable.core.policy.policy import Policy
from answerable.core.policy.touched import Kind, Part

DERIVED = {"key", "language", "own", "target", "is_regional"}
"""Attributes that aren't settings of their own: an objective's target and a region's language are, see below."""
OWN = {Part.OBJECTIVE: {"target"}, Part.REGION: {"language"}, Part.STANDARD: {"is_regional"}}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `field` is empty where a whole element came or went; it is then `before` or `after`.

    A field's values are as the compiled policy has them; of hours: ``time_zone``, ``monday`` and so on (openings),
    ``holidays`` (places), ``extra_holidays`` and ``dates`` (by date), ``title``. ``order`` of the standards: their
    keys, where those that stayed come in another order.
    """

    kind: Kind
    part: Part
    key: str
    field: str
    before: Any
    after: Any


def differences(before: Policy | None, after: Policy) -> tuple[Difference, ...]:
    """Everything that differs, in the order of `Part`. Against None every element is added."""
    return tuple(_all(before, after))


def _all(before: Policy | None, after: Policy) -> Iterator[Difference]:
    if before is not None:
        for part, was, now in (
            (Part.TITLE, before.title, after.title),
            (Part.MISSION, before.mission, after.mission),
            (Part.LANGUAGE, before.language, after.language),
        ):
            if was != now:
                yield Difference(Kind.CHANGED, part, "", str(part), was, now)
    for part in (Part.HOURS, Part.OBJECTIVE, Part.PROCEDURE, Part.REGION, Part.STANDARD, Part.ESCALATION):
        old = _elements(before, part) if before is not None else {}
        new = _elements(after, part)
        yield from _of_part(part, old, new)
    if before is not None:
        yield from _order(list(before.standards), list(after.standards))


def _elements(policy: Policy, part: Part) -> Mapping[str, Any]:
    match part:
        case Part.HOURS:
            return {key: calendar for key, calendar in policy.hours.items() if key != ALWAYS}
        case Part.OBJECTIVE:
            return policy.objectives
        case Part.STANDARD:
            return policy.standards
        case Part.PROCEDURE:
            return policy.procedures
        case Part.REGION:
            return policy.regions
    return policy.chains


def _of_part(part: Part, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for key, now in new.items():
        if key not in old:
            yield Difference(Kind.ADDED, part, key, "", None, now)
            continue
        was_of, now_of = _settings(part, old[key]), _settings(part, now)
        for name, value in now_of.items():
            if was_of[name] != value:
                yield Difference(Kind.CHANGED, part, key, name, was_of[name], value)
    for key, was in old.items():
        if key not in new:
            yield Difference(Kind.REMOVED, part, key, "", was, None)


def _settings(part: Part, element: Any) -> dict[str, Any]:
    if isinstance(element, Calendar):
        return _hours(element)
    left_out = DERIVED - OWN.get(part, set())
    return {field.name: getattr(element, field.name) for field in fields(element) if field.name not in left_out}


def _hours(calendar: Calendar) -> dict[str, Any]:
    holidays = calendar.holidays
    places, own = (holidays.places, holidays.own) if isinstance(holidays, PublicHolidays) else ([], {})
    return {
        "title": dict(calendar.title),
        "time_zone": calendar.time_zone,
        **dict(zip(WEEKDAYS, calendar.week, strict=True)),
        "holidays": tuple("-".join(filter(None, place)) for place in places),
        "extra_holidays": dict(own),
        "dates": dict(calendar.dates),
    }


def _order(before: list[str], after: list[str]) -> Iterator[Difference]:
    """Of standards that fit equally well the first applies, so their order says something."""
    was, now = [key for key in before if key in after], [key for key in after if key in before]
    if was != now:
        yield Difference(Kind.CHANGED, Part.STANDARD, "", "order", tuple(was), tuple(now))
