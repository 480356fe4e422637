"""What a rule would have done in the last thirty days: asked of what happened then, with what was known then.

Nothing is changed. How a conversation stood is told from its events: status, priority, team, assignee, tags, fields and
since when the customer waited; subject, customer and inbox are as they are. What the rule would have done itself is not
carried on into later events. The conversations that moved last come first; after BUDGET seconds it stops, and says how
far back it has come.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Max

from answerable.core.calendar import Calendar
from answerable.core.criteria import Fact, Instant, Node, checks, holds
from answerable.core.rules.past import Changed, stands
from answerable.core.rules.step import NOBODY, Do, Step, words_of
from answerable.core.rules.trigger import ANSWERED, DUE, UNANSWERED, OnEvent, OnSchedule, OnTime, Trigger
from answerable.desk.actions.changes import STATUS_VERBS
from answerable.desk.hours import company_zone, usual_calendar
from answerable.desk.models import Clock, Conversation
from answerable.desk.models.conversation import UNSOLVED
from answerable.desk.rules.compiled import read_content
from answerable.desk.rules.facts import BEFORE, Surroundings, event_facts
from answerable.desk.rules.fields import OWN
from answerable.desk.steps.names import Named
from answerable.events.models import Event

PERIOD = timedelta(days=30)
BUDGET = 45.0
AT_ONCE = 500
MOST_SHOWN = 50
MOST_SCHEDULED = 20_000
CHANGING = (*BEFORE, "conversation.tagged", "conversation.detailed", "message.sent", "message.received")
FINISHED = ("solved", "closed")


@dataclass
class Trial:
    """What came of it so far. `steps`: how often each of the rule's steps would have changed something."""

    asked: int = 0
    fired: int = 0
    conversations: int = 0
    steps: list[int] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    back_to: datetime | None = None

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON keeps it; `back_to` where it was cut short."""
        return {
            "asked": self.asked,
            "fired": self.fired,
            "conversations": self.conversations,
            "steps": self.steps,
            "shown": self.shown,
            "back_to": self.back_to.isoformat() if self.back_to else None,
            "is_cut": self.back_to is not None,
        }


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
    """A conversation with its events, and how it stood before all of them and after each."""

    conversation: Conversation
    events: Sequence[Event]
    states: Sequence[Mapping[str, Fact]]
    waits: Sequence[Waits]
    clocks: Sequence[Clock] = ()
    zone: tzinfo = UTC

    def at(self, moment: datetime, event: Event | None = None) -> dict[str, Fact]:
        """How it stood at a moment; of those of one moment, after the event."""
        number = sum(1 for each in self.events if each.at <= moment)
        if event is not None:
            number = next((n for n, each in enumerate(self.events, 1) if each.pk == event.pk), number)
        since, asked, solved = self.waits[number]
        hours = None if since is None else Decimal(str(round((moment - since) / timedelta(hours=1), 4)))
        known: dict[str, Fact] = {"waiting_hours": hours, "due_hours": None, "due": None}
        times = {"created": self.conversation.created_at, "asked": asked, "solved": solved}
        known |= {name: Instant.of(at, moment, self.zone) for name, at in times.items()}
        return dict(self.states[number]) | known


def try_rule(
    content: Mapping[str, Any],
    *,
    now: datetime,
    budget: float = BUDGET,
    tell: Callable[[int], None] = lambda _done: None,
) -> Trial:
    """Ask a rule of the last thirty days. `tell` hears how much is done, in percent. Raises Broken."""
    trigger, node, steps = read_content(content)
    calendar = usual_calendar() if isinstance(trigger, OnTime) and trigger.span.is_business else None
    inboxes = frozenset(content.get("inboxes") or ())
    asking = Asking(trigger, node, steps, inboxes, now, company_zone(), calendar, Named())
    trial = Trial(steps=[0] * len(steps))
    numbers = _concerned(asking)
    ends = time.monotonic() + budget
    for start in range(0, len(numbers), AT_ONCE):
        tell(100 * start // len(numbers))
        chunk = [pk for pk, _at in numbers[start : start + AT_ONCE]]
        for life, around in _lives(chunk, asking):
            _ask(trial, life, around, asking)
        if time.monotonic() > ends and start + AT_ONCE < len(numbers):
            trial.back_to = numbers[start + len(chunk) - 1][1]
            break
    return trial


def _concerned(asking: Asking) -> list[tuple[int, datetime]]:
    """Conversations that the rule may be asked of, with when they last moved, those that moved last first."""
    verbs: Sequence[str] = asking.trigger.verbs or (*STATUS_VERBS, "message.received", "message.sent")
    events = Event.objects.filter(verb__in=verbs, at__gte=asking.since, at__lte=asking.now)
    moved = events.filter(root__startswith="conversation-").order_by().values_list("root").annotate(last=Max("at"))
    found = {int(root.removeprefix("conversation-")): last for root, last in moved.order_by("-last")}
    if not isinstance(asking.trigger, OnEvent):  # what has not moved for long may have lasted
        rows = Conversation.objects.filter(
            status__in=(*UNSOLVED, "solved"), last_message_at__gte=asking.since - PERIOD
        ).order_by("-last_message_at")
        for pk, last in rows.values_list("pk", "last_message_at")[:MOST_SCHEDULED]:
            found.setdefault(pk, last)
    return list(found.items())


def _lives(numbers: Sequence[int], asking: Asking) -> Iterator[tuple[Life, Surroundings]]:
    """A handful of queries for all of them."""
    rows, trigger = Conversation.objects.select_related("team").filter(pk__in=numbers, beside=None), asking.trigger
    known = {row.pk: row for row in (rows.filter(inbox__in=asking.inboxes) if asking.inboxes else rows)}
    verbs = {*CHANGING, *STATUS_VERBS, *trigger.verbs}
    happened: dict[int, list[Event]] = {pk: [] for pk in known}
    roots = [f"conversation-{pk}" for pk in known]
    for event in Event.objects.filter(root__in=roots, verb__in=verbs, at__lte=asking.now).order_by("id"):
        happened[int(event.root.removeprefix("conversation-"))].append(event)
    clocks: dict[int, list[Clock]] = {}
    if isinstance(trigger, OnTime) and trigger.since == DUE:
        for clock in Clock.objects.filter(conversation__in=known, due_at__isnull=False):
            clocks.setdefault(clock.conversation_id, []).append(clock)
    asked = [event for events in happened.values() for event in events if event.verb in trigger.verbs]
    around = Surroundings.of(known.values(), asked, asking.wanted, asking.now)
    for pk in numbers:
        if pk in known:
            yield life_of(known[pk], happened[pk], around, clocks.get(pk, ())), around


def life_of(
    conversation: Conversation, events: Sequence[Event], around: Surroundings, clocks: Sequence[Clock] = ()
) -> Life:
    """How it stood after each of its events."""
    changes = list(_changes(events))
    states = stands(around.facts(conversation), changes)
    return Life(conversation, events, states, _waits(events), clocks, around.zone)


def _changes(events: Sequence[Event]) -> Iterator[Changed]:
    is_assigned = False
    for event in events:
        about = event.particulars
        if event.verb == "conversation.tagged":
            yield Changed(added=about.get("added") or (), removed=about.get("removed") or ())
        elif event.verb == "conversation.detailed":
            yield Changed(
                {
                    f"{OWN}{each['field']}": (_texts(each["before"]), _texts(each["to"]))
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


def _ask(trial: Trial, life: Life, around: Surroundings, asking: Asking) -> None:
    fired = False
    for at, event in _moments(life, asking):
        trial.asked += 1
        facts = life.at(at, event)
        if event is not None:
            facts |= event_facts(event)
            if "text" in around.wanted:
                facts["text"] = around.text(life.conversation, event)
        if not holds(asking.node, facts):
            continue
        trial.fired += 1
        doing = [number for number, step in enumerate(asking.steps) if would_change(step, facts, asking.named)]
        for number in doing:
            trial.steps[number] += 1
        if not fired and len(trial.shown) < MOST_SHOWN:
            about = {"pk": life.conversation.pk, "subject": life.conversation.subject, "at": at.isoformat()}
            trial.shown.append(about | {"steps": doing})
        fired = True
    trial.conversations += fired


def _moments(life: Life, asking: Asking) -> Iterator[tuple[datetime, Event | None]]:
    """When the rule would have been asked of it, within the period."""
    since, now, trigger = asking.since, asking.now, asking.trigger
    match trigger:
        case OnEvent():
            for event in life.events:
                if event.verb in trigger.verbs and event.at >= since and not event.particulars.get("automatic"):
                    yield event.at, event
        case OnSchedule() as schedule:
            for moment in schedule.instants(max(since, life.conversation.created_at), now, asking.zone):
                if not _is_finished(life.at(moment)):
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
        return lasts and not _is_finished(life.states[number])
    return life.states[number].get("status") == [since]


def _due(life: Life, waits: OnTime, asking: Asking) -> Iterator[datetime]:
    """When each of its promises came within the span of falling due, and was still open."""
    for clock in life.clocks:
        assert clock.due_at is not None
        length = waits.span.after(clock.started_at, asking.calendar) - clock.started_at
        moment = max(clock.started_at, clock.due_at - length)
        if moment < (clock.stopped_at or clock.due_at):
            yield moment


def would_change(step: Step, facts: Mapping[str, Fact], named: Named) -> bool:
    """Whether a step would have changed anything of what stood so."""
    tags = set(_collected(facts.get("tag")))
    match step.do:
        case Do.ASSIGN | Do.MOVE:
            return _would_change_hands(step, facts, named)
        case Do.SET_PRIORITY | Do.RAISE_PRIORITY:
            return facts.get("priority") != [step.to or "urgent"]
        case Do.SET_STATUS:
            return facts.get("status") != [step.to]
        case Do.ADD_TAGS:
            return not set(words_of(step.text)) <= tags
        case Do.REMOVE_TAGS:
            return bool(set(words_of(step.text)) & tags)
        case Do.SET_FIELD:
            return _collected(facts.get(f"{OWN}{step.to}")) != _texts(step.text)
        case Do.SNOOZE:
            return not _is_finished(facts)
    return True


def _would_change_hands(step: Step, facts: Mapping[str, Fact], named: Named) -> bool:
    """Who it would have been is known of those who are named; of others only that somebody is meant."""
    if step.do is Do.MOVE:
        team = named.teams.get(step.to)
        return team is not None and _collected(facts.get("team")) != [str(team.pk)]
    if step.to == NOBODY:
        return bool(facts.get("assignee"))
    person = named.people.get(step.to.removeprefix("user:"))
    return person is None or _collected(facts.get("assignee")) != [str(person.pk)]


def _is_finished(facts: Mapping[str, Fact]) -> bool:
    return bool(set(_collected(facts.get("status"))) & set(FINISHED))


def _collected(fact: Fact) -> list[str]:
    return [str(each) for each in fact] if isinstance(fact, list | tuple | set) else []


def _texts(value: object) -> list[str]:
    return [] if value is None or value == "" else [str(value)]
