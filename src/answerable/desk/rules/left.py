"""Rules that were asked of a conversation and did nothing there: what they saw when they were asked last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from answerable.core.criteria import holds
from answerable.core.rules.deciding import looked_at
from answerable.core.rules.trigger import DUE, OnTime
from answerable.desk.actions.changes import STATUS_VERBS
from answerable.desk.hours import company_zone, usual_calendar
from answerable.desk.models import Conversation, Firing, Rule
from answerable.desk.rules.compiled import Compiled, compile_rule
from answerable.desk.rules.facts import Surroundings
from answerable.desk.rules.lives import CHANGING, Asking, Life, facts_at, life_of, moments_of
from answerable.desk.steps import Broken
from answerable.desk.steps.names import Named
from answerable.events.models import Event, noun


@dataclass(frozen=True)
class Left:
    """A rule, when it was asked last, because of what, and each check with what it saw; `fits`: all of it held, and
    a rule above it said stop, or nothing was left to do. Without `at` it was never asked, or is for other inboxes."""

    rule: Rule
    is_elsewhere: bool = False
    at: datetime | None = None
    event: Event | None = None
    seen: Sequence[dict[str, Any]] = ()
    fits: bool = False


def left_alone(conversation: Conversation, *, now: datetime) -> list[Left]:
    """Of the rules that are switched on, those that did not fire when they were asked last, in their order. However
    many rules there are, as many queries as one takes."""
    rules = [rule for row in Rule.objects.enabled() if (rule := _readable(row)) is not None]
    if not rules:
        return []
    verbs = {*CHANGING, *STATUS_VERBS, *(verb for rule in rules for verb in rule.trigger.verbs)}
    events = list(Event.objects.filter(root=noun(conversation), verb__in=verbs, at__lte=now).order_by("id"))
    wanted = frozenset().union(*(rule.fields for rule in rules))
    around = Surroundings.of([conversation], events, wanted, now)
    waits_for_promises = any(isinstance(rule.trigger, OnTime) and rule.trigger.since == DUE for rule in rules)
    clocks = list(conversation.clocks.filter(due_at__isnull=False)) if waits_for_promises else []
    life = life_of(conversation, events, around, clocks)
    fired: dict[int, list[Firing]] = {}
    for firing in Firing.objects.filter(conversation=conversation, rule__in=[rule.row.pk for rule in rules]):
        fired.setdefault(firing.rule_id, []).append(firing)
    usual = usual_calendar() if any(isinstance(rule.trigger, OnTime) for rule in rules) else None
    zone, named = company_zone(), Named()
    found = []
    for rule in rules:
        calendar = usual if isinstance(rule.trigger, OnTime) and rule.trigger.span.is_business else None
        asking = Asking(rule.trigger, rule.conditions, rule.steps, (), now, zone, calendar, named)
        left = _last(rule, life, around, asking)
        if not any(_is_of(firing, left) for firing in fired.get(rule.row.pk, ())):
            found.append(left)
    return found


def _is_of(firing: Firing, left: Left) -> bool:
    """Whether it fired, or was cut, when it was asked last."""
    if left.at is None or left.event is not None:
        return left.event is not None and firing.event == left.event.pk
    return firing.event is None and firing.at >= left.at


def _readable(row: Rule) -> Compiled | None:
    try:
        return compile_rule(row)
    except Broken:
        return None


def _last(rule: Compiled, life: Life, around: Surroundings, asking: Asking) -> Left:
    if rule.asked.inboxes and life.conversation.inbox_id not in rule.asked.inboxes:
        return Left(rule.row, is_elsewhere=True)
    begun = rule.row.enabled_at or asking.since
    moments = [moment for moment in moments_of(life, asking) if moment[0] >= begun]
    if not moments:
        return Left(rule.row)
    at, event = max(moments, key=lambda moment: moment[0])
    facts = facts_at(life, around, at, event)
    return Left(rule.row, False, at, event, looked_at(rule.conditions, facts), holds(rule.conditions, facts))
