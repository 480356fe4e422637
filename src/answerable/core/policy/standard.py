"""``[[standard]]``: a promise to customers and the clock that holds the company to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from answerable.core.calendar import Calendar
from answerable.core.conditions import Conditions
from answerable.core.policy.document import OWN_KEY, TAKE_OUT, Table
from answerable.core.policy.errors import shown, suggestion
from answerable.core.policy.hours import ALWAYS, REGIONAL
from answerable.core.policy.references import NO_BUSINESS_HOURS, References, read_reference
from answerable.core.policy.region import Region
from answerable.core.policy.spoken import read_spoken, spoken
from answerable.core.policy.when import read_conditions
from answerable.core.policy.within import Within, promised
from answerable.core.said import Said, gettext_noop, said_of

PAUSING = ("pending", "on_hold")
"""Statuses in which a clock may rest: the customer's turn, and a third party's."""


class ClockKind(StrEnum):
    """What a clock waits for."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Standard:
    """A promise in the language of each reader, compiled: `target` is open time of the hours `hours`.

    Where `is_regional`, both are those of regions without hours of their own; `Policy.standard` gives it as it
    holds for a conversation.
    """

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
    is_regional: bool = False

    def promise_in(self, language: str) -> str:
        """The promise in a language (``pt-BR``, then ``pt``), or in the policy's own."""
        return spoken(self.promise, language, self.language)

    def counted_in(self, hours: str, calendar: Calendar) -> Standard:
        """The same promise in other hours."""
        return replace(self, hours=hours, target=self.within.length(calendar))


def read_standards(root: Table, references: References, regions: Collection[Region]) -> list[Standard]:
    """Every standard in the document's order."""
    found: list[Standard] = []
    keys: set[str] = set()
    for table in root.tables("standard", required=True):
        key = table.key()
        standard = _read_standard(table, key or "", references, regions)
        table.finish()
        if key in keys:
            table.refuse("key", Said(gettext_noop("There are two standards “{key}”."), key=str(key)), OWN_KEY)
        elif standard is not None:
            _refuse_shadowed(table, standard, found)
            found.append(standard)
        keys.add(key or "")
    return found


def _read_standard(table: Table, key: str, references: References, regions: Collection[Region]) -> Standard | None:
    promise = read_spoken(table, "promise", references.language)
    objective = read_reference(table, "objective", references.objectives)
    clock = table.choice("clock", list(ClockKind))
    is_regional = table.values.get("hours") == REGIONAL
    hours = _read_hours(table, references, is_regional=is_regional)
    names = {hours, *(region.hours for region in regions if is_regional)} - {None}
    calendars = [calendar for name in names if name and (calendar := references.hours.get(name))]
    within = _read_within(table, calendars, around_the_clock=hours == ALWAYS)
    when = read_conditions(table, references.known)
    escalation = _read_escalation(table, references)
    pauses = _read_pauses(table, clock)
    calendar = references.hours.get(hours) if hours else None
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
        is_regional=is_regional,
    )


def _read_hours(table: Table, references: References, *, is_regional: bool) -> str | None:
    """The hours, or those of regions that have none of their own."""
    if is_regional:
        table.get("hours")
        business = {name: calendar for name, calendar in references.hours.items() if name != ALWAYS}
        return read_reference(table, "otherwise", business, absent=NO_BUSINESS_HOURS)
    if table.has("otherwise"):
        table.get("otherwise")
        plain = gettext_noop("is for regions without hours, and these hours are not regional.")
        table.refuse("otherwise", plain, TAKE_OUT)
    return read_reference(table, "hours", {**references.hours, REGIONAL: None})


def _read_escalation(table: Table, references: References) -> str | None:
    if table.has("escalation"):
        return read_reference(table, "escalation", references.chains)
    table.get("escalation", required=False)
    return None


def _read_within(table: Table, calendars: Collection[Calendar], *, around_the_clock: bool) -> Within | None:
    text = table.string("within")
    if text is None or not calendars:
        return None
    try:
        return promised(text, calendars, around_the_clock=around_the_clock)
    except ValueError as error:
        table.refuse("within", said_of(error))
        return None


def _read_pauses(table: Table, clock: str | None) -> tuple[str, ...]:
    named = table.strings("pauses")
    if named is None:
        return PAUSING if clock == ClockKind.RESOLUTION else ()
    for path, name in named:
        if name not in PAUSING:
            problem = Said(gettext_noop("A clock cannot rest while {name}."), name=shown(name))
            table.document.refuse((*table.path, *path), problem, suggestion(name, PAUSING))
    return tuple(dict.fromkeys(name for _, name in named))


def _refuse_shadowed(table: Table, standard: Standard, earlier: list[Standard]) -> None:
    for other in earlier:
        if other.clock == standard.clock and other.when.same_as(standard.when):
            same = gettext_noop("applies to the same conversations as “{other}”, which comes first, so it never would.")
            remedy = gettext_noop("Give one of them another condition.")
            table.document.refuse(table.path, Said(same, other=other.key), remedy)
