"""A rule as it was written, ready to be asked. What can't be read makes it broken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from answerable.core.criteria import Node, Unreadable, checks, read
from answerable.core.rules.deciding import Rule as Asked
from answerable.core.rules.span import Span
from answerable.core.rules.step import TAKES, Do, Step, Takes, steps_of
from answerable.core.rules.trigger import Trigger, trigger_of
from answerable.desk.models import Rule
from answerable.desk.rules.fields import is_field
from answerable.desk.steps import Broken


@dataclass(frozen=True)
class Compiled:
    """A row with what it says."""

    row: Rule
    trigger: Trigger
    asked: Asked
    steps: Sequence[Step]

    @property
    def conditions(self) -> Node:
        return self.asked.conditions

    @property
    def fields(self) -> frozenset[str]:
        """What its conditions ask about."""
        return frozenset(check.field for check in checks(self.conditions))


def compile_rule(row: Rule) -> Compiled:
    """Raises Broken, with the reason, where it can't be read."""
    trigger, conditions, steps = read_content(
        {"trigger": row.trigger, "conditions": row.conditions, "steps": row.steps}
    )
    asked = Asked(row.pk or 0, conditions, stops=row.stops, inboxes=frozenset(row.inboxes))
    return Compiled(row, trigger, asked, steps)


def read_content(content: Mapping[str, Any]) -> tuple[Trigger, Node, Sequence[Step]]:
    """What a rule says. Raises Broken."""
    try:
        trigger = trigger_of(content["trigger"])
        conditions = read(content["conditions"] or {"all": []}, is_field)
        steps = steps_of(content["steps"])
        for step in steps:
            _check(step)
    except (Unreadable, ValueError, KeyError, TypeError) as error:
        raise Broken(str(error)) from error
    return trigger, conditions, steps


def _check(step: Step) -> None:
    if step.do not in TAKES:
        raise ValueError(f"{step.do} is no step of a rule")
    if TAKES[step.do][0] is Takes.SPAN:
        Span.of(step.to)
    if step.do is Do.SET_FIELD and not step.to.isdecimal():
        raise ValueError(f"{step.to} is no field")
