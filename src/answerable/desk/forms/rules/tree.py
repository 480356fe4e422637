"""Conditions as a form: groups within groups. What is added, moved and taken out is done by the server, which draws the
form again with all that was typed; so it works without scripts, by keyboard and on a telephone.

Fields are named by their place: `c` is the outermost group, `c-0` its first part, `c-0-1` the second part of that. A
group has `-mode` and `-parts` (how many); a check has `-field`, `-operator` and `-value`, for a span of time `-unit`.
"""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import ChoiceField
from django.http import QueryDict
from django.utils.translation import gettext as _

from answerable.core.criteria import (
    DATES,
    DEEPEST,
    MOST_CHECKS,
    NUMBERS,
    OF_SPANS,
    SPANS,
    All,
    Check,
    Node,
    Not,
    Some,
    Unreadable,
    group_of,
    read,
)
from answerable.desk.rules.fields import OPERATORS, Asked, Kind, asked
from answerable.desk.rules.words import MODES
from answerable.desk.steps.names import Named
from answerable.desk.steps.words import UNITS

ROOT = "c"
UNKNOWN = "?"
SEPARATOR = re.compile(r"\s*,\s*")
_TURN = re.compile(r"(check|group|remove|up|down|look):(c(?:-\d{1,3}){0,8})")


@dataclass
class Part:
    """A check, or a group of parts, as it was typed."""

    at: str = ROOT
    mode: str = ""  # of a group: all, any, none
    parts: list["Part"] = dataclasses.field(default_factory=list)
    field: str = ""
    operator: str = ""
    values: list[str] = dataclasses.field(default_factory=list)
    error: str = ""
    is_new: bool = False


def typed(data: QueryDict) -> Part:
    """The tree out of what was sent, complete or not."""
    return _typed(data, ROOT, 0) if f"{ROOT}-mode" in data else Part(mode="all")


def shown(node: Node) -> Part:
    """A tree as it is written down."""
    part = _shown(node)
    return _placed(part if part.mode else Part(mode="all", parts=[part]), ROOT)


def turned(tree: Part, turn: str) -> bool:
    """Do what a pressed button says; whether it was one of ours."""
    match = _TURN.fullmatch(turn)
    if match is None:
        return False
    verb, at = match[1], match[2]
    if verb in ("check", "group"):
        place = _find(tree, at)
        if place is not None and place.mode and at.count("-") < DEEPEST - 1:
            new = Part(is_new=True) if verb == "check" else Part(mode="any", parts=[Part(is_new=True)])
            place.parts.append(new)
    elif verb != "look":
        _moved(tree, verb, at)
    _placed(tree, ROOT)
    return True


def node_of(tree: Part, named: Named) -> Node | None:
    """What it comes to; None where something is wrong, which stands at the part. Checks left empty are none."""
    count = sum(1 for each in every(tree) if not each.mode)
    if count > MOST_CHECKS:
        tree.error = _("There are too many conditions; %(most)s at most.") % {"most": MOST_CHECKS}
        return None
    _mark_too_deep(tree, 0)
    node = _node(tree, named)
    return None if any(each.error for each in every(tree)) else node or All()


def every(tree: Part) -> Iterator[Part]:
    """It and all within it."""
    yield tree
    for part in tree.parts:
        yield from every(part)


@dataclass(frozen=True)
class Drawn:
    """A part as the page shows it."""

    part: Part
    named: Named
    fields: Sequence[tuple[str, Asked]]
    of_events: bool
    number: int = 1
    last: int = 1

    @property
    def parts(self) -> list["Drawn"]:
        rows, count = self.part.parts, len(self.part.parts)
        return [Drawn(each, self.named, self.fields, self.of_events, n, count) for n, each in enumerate(rows, 1)]

    @property
    def is_root(self) -> bool:
        return self.part.at == ROOT

    @property
    def may_nest(self) -> bool:
        return self.part.at.count("-") < 3

    @property
    def modes(self) -> list[tuple[str, Any, bool]]:
        return [(key, label, key == self.part.mode) for key, label in MODES.items()]

    @property
    def asked(self) -> Asked | None:
        return asked(self.part.field, self.named)

    @property
    def field_choices(self) -> list[tuple[str, Any, bool]]:
        known = [(name, each) for name, each in self.fields if self.of_events or not each.of_events]
        found = [(name, each.label, name == self.part.field) for name, each in known]
        is_gone = self.part.field and self.part.field not in dict(known)
        return [*found, (self.part.field, _("%s (not known here)") % self.part.field, True)] if is_gone else found

    @property
    def operators(self) -> list[tuple[str, Any, bool]]:
        of = OPERATORS[self.asked.kind] if self.asked else {}
        return [(name, label, name == self.part.operator) for name, label in of.items()]

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        """What it can be, where that is known."""
        known = list(self.asked.choices(self.named)) if self.asked and self.asked.choices else []
        gone = [(value, value) for value in self.part.values if known and value not in dict(known)]
        return [(value, label, value in self.part.values) for value, label in [*known, *gone]]

    @property
    def is_number(self) -> bool:
        return self.asked is not None and self.asked.kind is Kind.NUMBER

    @property
    def is_time(self) -> bool:
        return self.asked is not None and self.asked.kind in (Kind.TIME, Kind.DUE)

    @property
    def operator(self) -> str:
        """What is chosen, else what stands first."""
        return next((name for name, _label, chosen in self.operators if chosen), self.operators[0][0])

    @property
    def is_date(self) -> bool:
        return self.operator in DATES

    @property
    def units(self) -> list[tuple[str, Any, bool]]:
        chosen = self.value.partition(" ")[2] or OF_SPANS[1]
        return [(unit.value, UNITS[unit], unit == chosen) for unit in OF_SPANS]

    @property
    def amount(self) -> str:
        """How many of the unit."""
        amount = self.value.partition(" ")[0]
        return amount if amount.isdecimal() else ""

    @property
    def value(self) -> str:
        return ", ".join(self.part.values)


def _typed(data: QueryDict, at: str, depth: int) -> Part:
    # What is too deep, too many or of no known mode is kept so far that it is shown and refused, and not left out.
    mode = str(data.get(f"{at}-mode", "")) or (UNKNOWN if at == ROOT else "")
    if mode and depth <= DEEPEST:
        sent = data.get(f"{at}-parts", "0") if depth < DEEPEST else "0"
        count = min(int(sent), MOST_CHECKS + 1) if sent.isdecimal() and len(sent) < 4 else MOST_CHECKS + 1
        parts = [_typed(data, f"{at}-{n}", depth + 1) for n in range(count)]
        return Part(at, mode, parts)
    kind = str(data.get(f"{at}-kind", ""))
    values = [value for each in data.getlist(f"{at}-value") for value in _values(str(each), kind)]
    name, operator = str(data.get(f"{at}-field", "")), str(data.get(f"{at}-operator", ""))
    if operator in SPANS and values:
        values = [f"{values[0].partition(' ')[0]} {data.get(f'{at}-unit') or OF_SPANS[1]}"]
    return Part(at, field=name, operator=operator, values=values)


def _values(sent: str, kind: str) -> list[str]:
    return [sent] if kind == "choice" else [value for value in SEPARATOR.split(sent.strip()) if value]


def _shown(node: Node) -> Part:
    if isinstance(node, Check):
        return Part(field=node.field, operator=node.operator, values=list(node.values))
    mode, parts = group_of(node)
    return Part(mode=mode, parts=[_shown(part) for part in parts])


def _placed(part: Part, at: str) -> Part:
    part.at = at
    for number, each in enumerate(part.parts):
        _placed(each, f"{at}-{number}")
    return part


def _find(tree: Part, at: str) -> Part | None:
    return next((part for part in every(tree) if part.at == at), None)


def _moved(tree: Part, verb: str, at: str) -> None:
    above, _dash, number = at.rpartition("-")
    group, place = _find(tree, above), int(number or 0)
    if group is None or place >= len(group.parts):
        return
    part = group.parts.pop(place)
    if verb != "remove":
        group.parts.insert(max(0, place - 1) if verb == "up" else place + 1, part)


def _mark_too_deep(part: Part, depth: int) -> None:
    """Say so at each group whose parts would stand deeper than `read` reads. `none` is written as two: not any."""
    below = depth + (2 if part.mode == "none" else 1)
    if part.mode and below > DEEPEST:
        part.error = _(
            "Conditions may be nested %(deepest)s levels deep, and a group of which none may hold counts as two levels."
        ) % {"deepest": DEEPEST}
    for each in part.parts:
        _mark_too_deep(each, below)


def _node(part: Part, named: Named) -> Node | None:
    if part.mode:
        if part.mode not in MODES:
            part.error = ChoiceField.default_error_messages["invalid_choice"] % {"value": part.mode}
        parts = tuple(node for each in part.parts if (node := _node(each, named)) is not None)
        if not parts:
            return None
        return All(parts) if part.mode == "all" else Some(parts) if part.mode == "any" else Not(Some(parts))
    if not part.field:
        return None
    found = asked(part.field, named)
    if found is None:
        part.error = _("What it asks about is gone.")
    elif part.operator not in OPERATORS[found.kind]:
        part.error = _("Choose how it is compared.")
    elif not part.values:
        part.error = _("Say with what it is compared.")
    elif part.operator in NUMBERS and not re.fullmatch(r"-?\d{1,9}([.]\d{1,4})?", part.values[0]):
        part.error = _("Give a number.")
    elif part.operator in (*DATES, *SPANS) and not _is_time(part):
        part.error = _("Give a date.") if part.operator in DATES else _("Give a number.")
    else:
        return Check(part.field, part.operator, tuple(part.values))
    return None


def _is_time(part: Part) -> bool:
    try:
        read({"field": part.field, part.operator: part.values[0]})
    except Unreadable:
        return False
    return True
