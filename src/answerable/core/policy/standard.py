"""``[[standard]]``: a promise to customers and the clock that holds the company to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from answerable.core.calendar import Calendar
from answerable.core.conditions import FIELDS, Conditions
from answerable.core.policy.document import Table
from answerable.core.policy.errors import shown, suggestion
from answerable.core.policy.hours import ALWAYS
from answerable.core.policy.known import Known
from answerable.core.policy.spoken import read_spoken, spoken
from answerable.core.policy.within import Within, promised

PAUSING = ("pending", "on_hold")
"""Statuses in which a clock may rest: the customer's turn, and a third party's."""


class ClockKind(StrEnum):
    """What a clock waits for."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Standard:
    """A promise in the language of each reader, compiled: `target` is open time of the hours `hours`."""

    key: str
    promise: Mapping[str, str]
    language: str
    objective: str
    clock: ClockKind
    within: Within
    target: timedelta
    hours: str
    when: Conditions
    escalation: str | None
    pauses: tuple[str, ...]

    def promise_in(self, language: str) -> str:
        """The promise in a language (``pt-BR``, then ``pt``), or in the policy's own."""
        return spoken(self.promise, language, self.language)


@dataclass(frozen=True)
class References:
    """What a standard may refer to."""

    language: str
    hours: Mapping[str, Calendar | None]
    objectives: Mapping[str, object]
    chains: Mapping[str, object]
    known: Known


def read_standards(root: Table, references: References) -> list[Standard]:
    """Every standard in the document's order."""
    found: list[Standard] = []
    keys: set[str] = set()
    for table in root.tables("standard", required=True):
        key = table.key()
        standard = _read_standard(table, key or "", references)
        table.finish()
        if key in keys:
            table.refuse("key", f"There are two standards “{key}”.", "Give each its own key.")
        elif standard is not None:
            _refuse_shadowed(table, standard, found)
            found.append(standard)
        keys.add(key or "")
    return found


def _read_standard(table: Table, key: str, references: References) -> Standard | None:
    promise = read_spoken(table, "promise", references.language)
    objective = _read_reference(table, "objective", references.objectives)
    clock = table.choice("clock", list(ClockKind))
    hours = _read_reference(table, "hours", references.hours)
    calendar = references.hours.get(hours) if hours else None
    within = _read_within(table, calendar, around_the_clock=hours == ALWAYS)
    when = _read_conditions(table, references.known)
    escalation = _read_reference(table, "escalation", references.chains, required=False)
    pauses = _read_pauses(table, clock)
    if not (key and promise and objective and clock and hours and calendar and within):
        return None
    return Standard(
        key=key,
        promise=MappingProxyType(promise),
        language=references.language,
        objective=objective,
        clock=ClockKind(clock),
        within=within,
        target=within.length(calendar),
        hours=hours,
        when=when,
        escalation=escalation,
        pauses=pauses,
    )


def _read_reference(table: Table, key: str, named: Mapping[str, object], *, required: bool = True) -> str | None:
    name = table.string(key, required=required)
    if name is not None and name not in named:
        table.refuse(key, f"There is no {key} {shown(name)} in this document.", suggestion(name, list(named)))
        return None
    return name


def _read_within(table: Table, calendar: Calendar | None, *, around_the_clock: bool) -> Within | None:
    text = table.string("within")
    if text is None or calendar is None:
        return None
    try:
        return promised(text, calendar, around_the_clock=around_the_clock)
    except ValueError as error:
        table.refuse("within", str(error))
        return None


def _read_conditions(table: Table, known: Known) -> Conditions:
    when = table.table("when")
    if when is None:
        return Conditions()
    accepted: dict[str, tuple[str, ...]] = {}
    for field in FIELDS:
        named = when.strings(field)
        if named is None:
            continue
        if when.values[field] == []:
            when.refuse(field, "accepts nothing, so the standard would never apply.", "Name a value, or take it out.")
        for path, name in named:
            if not known.has(field, name):
                problem = f"There is no {field} {shown(name)}."
                when.document.refuse((*when.path, *path), problem, known.suggestion(field, name))
        accepted[field] = tuple(name for _, name in named)
    when.finish()
    return Conditions(**accepted)


def _read_pauses(table: Table, clock: str | None) -> tuple[str, ...]:
    named = table.strings("pauses")
    if named is None:
        return PAUSING if clock == ClockKind.RESOLUTION else ()
    for path, name in named:
        if name not in PAUSING:
            problem = f"A clock cannot rest while {shown(name)}."
            table.document.refuse((*table.path, *path), problem, suggestion(name, PAUSING))
    return tuple(dict.fromkeys(name for _, name in named))


def _refuse_shadowed(table: Table, standard: Standard, earlier: list[Standard]) -> None:
    for other in earlier:
        if other.clock == standard.clock and other.when.same_as(standard.when):
            problem = f"applies to the same conversations as “{other.key}”, which comes first, so it never would."
            table.document.refuse(table.path, problem, "Give one of them another condition.")
