"""What the demo company lets happen by itself, and what came of it in the last weeks."""

from datetime import datetime, timedelta
from typing import Any

from answerable.core.rules.deciding import looked_at
from answerable.core.rules.step import ASSIGNEE, LEAD, Do, Step
from answerable.desk.actions.rules import switch_rule, write_rule
from answerable.desk.models import Conversation, Firing, Rule, RuleVersion
from answerable.desk.rules.compiled import compile_rule
from answerable.desk.rules.facts import event_facts
from answerable.desk.rules.starters import STARTERS
from answerable.events.models import Event
from answerable.people.leads import leads_above
from answerable.people.models import User

WEEKS = timedelta(days=28)
MOST = 60
# name, what happens, conditions, step, whether it is switched on
RULES: tuple[tuple[str, str, dict[str, Any], Step, bool], ...] = (
    ("A bad rating", "rated", {"field": "score", "at_most": "2"}, Step(Do.NOTIFY, LEAD, "A customer is unhappy"), True),
    (
        "Made urgent",
        "priority",
        {"all": [{"field": "priority", "in": ["urgent"]}, {"field": "priority_before", "not_in": ["urgent"]}]},
        Step(Do.NOTIFY, LEAD, "Please see that somebody takes it"),
        True,
    ),
    ("A promise is broken", "breached", {"all": []}, Step(Do.NOTIFY, ASSIGNEE, "The customer waits for you"), False),
)


def add_rules(*, by: User, now: datetime) -> None:
    """Three with a history, and one that nobody has switched on yet."""
    for name, event, conditions, step, is_on in RULES:
        content = {
            "name": name,
            "trigger": {"on": "event", "events": [event]},
            "conditions": conditions,
            "steps": [step.plain],
            "stops": False,
            "inboxes": [],
        }
        row = write_rule(content=content, by=by)
        if is_on:
            row = switch_rule(row, on=True, by=by)
            Rule.objects.filter(pk=row.pk).update(enabled_at=now - WEEKS)
        _remember(row, now)
    write_rule(content=STARTERS["remind"].content, by=by)
    RuleVersion.objects.update(at=now - WEEKS)


def _remember(row: Rule, now: datetime) -> None:
    """What it told whom, of what happened in these weeks."""
    rule = compile_rule(row)
    events = Event.objects.filter(verb__in=row.verbs, at__gte=now - WEEKS, root__startswith="conversation-")
    found = {event: int(event.root.removeprefix("conversation-")) for event in events.order_by("-id")[: MOST * 4]}
    known = Conversation.objects.select_related("team").in_bulk(found.values())
    ranks = leads_above({row.team for row in known.values()})
    firings, fired = [], 0
    for event, number in found.items():
        conversation = known.get(number)
        seen = looked_at(rule.conditions, event_facts(event))
        if conversation is None or fired >= MOST or not all(each["ok"] for each in seen):
            continue
        leads = next(iter(ranks[conversation.team_id]), ())
        assignee = [conversation.assignee_id] if conversation.assignee_id else [lead.pk for lead in leads]
        told = assignee if rule.steps[0].to == ASSIGNEE else [lead.pk for lead in leads]
        firings.append(
            Firing(
                rule=row,
                version=row.number,
                conversation=conversation,
                event=event.pk,
                cause=f"event-{event.pk}",
                seen=list(seen),
                outcomes=[{"do": "notify", "told": told}],
                at=event.at,
            )
        )
        fired += 1
    Firing.objects.bulk_create(sorted(firings, key=lambda firing: firing.at))
