"""How a conversation stood at each moment of its past, and when a rule would have been asked of it.

Told from its events: status, priority, team, assignee, tags, fields, since when the customer waited, when it was asked
and solved; subject, customer and inbox are as they are.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from answerable.core.calendar import Calendar
from answerable.core.criteria import Fact, Instant, Node, checks
from answerable.core.rules.past import Changed, stands
from answerable.core.rules.step import Step
from answerable.core.rules.trigger import ANSWERED, DUE, UNANSWERED, OnEvent, OnSchedule, OnTime, Trigger
from answerable.desk.actions.changes import STATUS_VERBS
from answerable.desk.models import Clock, Conversation
from answerable.desk.rules.facts import BEFORE, Surroundings, event_facts
from answerable.desk.rules.fields import OWN
from answerable.desk.steps.names import Named
from answerable.events.models import Event

PERIOD = timedelta(days=30)
CHANGING = (*BEFORE, "conversation.tagged", "conversation.detailed", "message.sent", "message.received")
FINISHED = ("solved", "closed")


@dataclass(frozen=True)
class Asking:
    """What is asked, of which time, by whose clock."""

    trigger: Trigger
    node: Node
    steps: Sequence[Step]
    inboxes: Collection[int]
    now: datetime
    zone: ZoneInfo
    calendar: Calendar | None
    named: Named

    @property
    def wanted(self) -> set[str]:
        return {check.field for check in checks(self.node)}

    @property
    def since(self) -> datetime:
        return self.now - PERIOD


class Waits(NamedTuple):
    """Since when the customer waits, when they wrote last, and since when it is solved."""

    since: datetime | None = None
    asked: datetime | None = None
    solved: datetime | None = None


@dataclass(frozen=True)
class Life:
    """A conversation with its events, what each changed, and how it stood before all of them and after each."""

    conversation: Conversation
    events: Sequence[Event]
    changes: Sequence[Changed]
    states: Sequence[Mapping[str, Fact]]
    waits: Sequence[Waits]
    clocks: Sequence[Clock] = ()
    zone: tzinfo = UTC

    def so_far(self, moment: datetime, event: Event | None = None) -> int:
        """How many of its events there were at a moment; of those of one moment, up to the event."""
        if event is not None and event.pk in self._places:
            return self._places[event.pk]
        return sum(1 for each in self.events if each.at <= moment)

    @cached_property
    def _places(self) -> dict[int, int]:
        return {event.pk: number for number, event in enumerate(self.events, 1)}

    def at(
        self, moment: datetime, event: Event | None = None, supposed: Mapping[str, Fact] | None = None
    ) -> dict[str, Fact]:
        """How it stood at a moment, or what is `supposed`; of those of one moment, after the event."""
        number = self.so_far(moment, event)
        since, asked, solved = self.waits[number]
        hours = None if since is None else Decimal(str(round((moment - since) / timedelta(hours=1), 4)))
        known: dict[str, Fact] = {"waiting_hours": hours, "due_hours": None, "due": None}
        times = {"created": self.conversation.created_at, "asked": asked, "solved": solved}
        known |= {name: Instant.of(at, moment, self.zone) for name, at in times.items()}
        return dict(self.states[number] if supposed is None else supposed) | known


def life_of(
    conversation: Conversation, events: Sequence[Event], around: Surroundings, clocks: Sequence[Clock] = ()
) -> Life:
    """How it stood after each of its events."""
    changes = list(_changes(events))
    states = stands(around.facts(conversation), changes)
    return Life(conversation, events, changes, states, _waits(events), clocks, around.zone)


def _changes(events: Sequence[Event]) -> Iterator[Changed]:
    is_assigned = False
    for event in events:
        about = event.particulars
        if event.verb == "conversation.tagged":
            yield Changed(added=about.get("added") or (), removed=about.get("removed") or ())
        elif event.verb == "conversation.detailed":
            yield Changed(
                {
                    f"{OWN}{each['field']}": (texts_of(each["before"]), texts_of(each["to"]))
                    for each in about.get("changes", ())
                }
            )
        elif event.verb == "message.sent" and event.actor_id and not is_assigned:  # who answers first has it
            is_assigned = True
            yield Changed({"assignee": ((), (str(event.actor_id),))})
        elif event.verb in BEFORE:
            name, known = BEFORE[event.verb], event_facts(event)
            is_assigned = is_assigned or name == "assignee"
            yield Changed({name: (known[f"{name}_before"], known[name])})
        else:
            yield Changed()


def _waits(events: Sequence[Event]) -> list[Waits]:
    """Before all events and after each."""
    waits = [Waits()]
    for event in events:
        (since, asked, solved), about = waits[-1], event.particulars
        if event.verb == "message.received" and not about.get("automatic"):
            since, asked = since or event.at, event.at
        elif (event.verb == "message.sent" and not about.get("automatic")) or about.get("to") in FINISHED:
            since = None
        if event.verb in STATUS_VERBS and "to" in about:
            solved = (solved or event.at) if about["to"] in FINISHED else None
        waits.append(Waits(since, asked, solved))
    return waits


def facts_at(
    life: Life,
    around: Surroundings,
    at: datetime,
    event: Event | None,
    supposed: Mapping[str, Fact] | None = None,
) -> dict[str, Fact]:
    """What a rule would have seen of it at a moment, as it stood or as is `supposed`; because of an event, what that
    says, too."""
    facts = life.at(at, event, supposed)
    if event is not None:
        facts |= event_facts(event)
        if "text" in around.wanted:
            facts["text"] = around.text(life.conversation, event)
    return facts


def moments_of(life: Life, asking: Asking) -> Iterator[tuple[datetime, Event | None]]:
    """When the rule would have been asked of it, within the period."""
    since, now, trigger = asking.since, asking.now, asking.trigger
    match trigger:
        case OnEvent():
            for event in life.events:
                if event.verb in trigger.verbs and event.at >= since and not event.particulars.get("automatic"):
                    yield event.at, event
        case OnSchedule() as schedule:
            for moment in schedule.instants(max(since, life.conversation.created_at), now, asking.zone):
                if not is_finished(life.at(moment)):
                    yield moment, None
        case OnTime(since=lasting) as waits:
            found = _due(life, waits, asking) if lasting == DUE else _lasted(life, waits, asking)
            yield from ((moment, None) for moment in found if since <= moment <= now)


def _lasted(life: Life, waits: OnTime, asking: Asking) -> Iterator[datetime]:
    """When what it waits for had lasted long enough, each time it did."""
    begun: datetime | None = life.conversation.created_at if waits.since == "new" else None
    for number, event in enumerate([*life.events, None], 1):
        until = event.at if event is not None else asking.now
        holds_on = event is not None and _goes_on(life, number, event, waits.since, begun is not None)
        if begun is not None and not holds_on:
            moment = waits.span.after(begun, asking.calendar)
            if moment <= until:
                yield moment
            begun = None
        if event is not None and begun is None and holds_on:
            begun = event.at


def _goes_on(life: Life, number: int, event: Event, since: str, lasts: bool) -> bool:
    """Whether what a rule waits for holds after an event: begins with it, or goes on."""
    if since == UNANSWERED:
        return life.waits[number].since is not None
    if since == ANSWERED:
        if event.verb in ("message.sent", "message.received") and not event.particulars.get("automatic"):
            return event.verb == "message.sent"
        return lasts and not is_finished(life.states[number])
    return life.states[number].get("status") == [since]


def _due(life: Life, waits: OnTime, asking: Asking) -> Iterator[datetime]:
    """When each of its promises came within the span of falling due, and was still open."""
    for clock in life.clocks:
        assert clock.due_at is not None
        length = waits.span.after(clock.started_at, asking.calendar) - clock.started_at
        moment = max(clock.started_at, clock.due_at - length)
        if moment < (clock.stopped_at or clock.due_at):
            yield moment


def is_finished(facts: Mapping[str, Fact]) -> bool:
    return bool(set(collected(facts.get("status"))) & set(FINISHED))


def collected(fact: Fact) -> list[str]:
    return [str(each) for each in fact] if isinstance(fact, list | tuple | set) else []


def texts_of(value: object) -> list[str]:
    return [] if value is None or value == "" else [str(value)]
