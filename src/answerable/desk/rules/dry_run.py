"""What a rule would have done in the last thirty days: asked of what happened then, with what was known then.

Nothing is changed. How a conversation stood is told from its events: status, priority, team, assignee, tags, fields and
since when the customer waited; subject, customer and inbox are as they are. What the rule would have changed itself
stands so at later events, until somebody really changed it. The conversations that moved last come first; after BUDGET
seconds it stops, and says how far back it has come.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from answerable.core.criteria import holds
from answerable.core.rules.trigger import DUE, OnEvent, OnSchedule, OnTime
from answerable.desk.actions.changes import STATUS_VERBS
from answerable.desk.hours import company_zone, usual_calendar
from answerable.desk.models import Clock, Conversation
from answerable.desk.models.conversation import UNSOLVED
from answerable.desk.rules.compiled import read_content
from answerable.desk.rules.facts import Surroundings
from answerable.desk.rules.lives import (
    CHANGING,
    PERIOD,
    Asking,
    Life,
    facts_at,
    is_finished,
    life_of,
    moments_of,
)
from answerable.desk.rules.supposed import Supposed
from answerable.desk.steps.names import Named
from answerable.events.models import Event

BUDGET = 45.0
AT_ONCE = 500
MOST_SHOWN = 50
MOST_SCHEDULED = 20_000


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


def _ask(trial: Trial, life: Life, around: Surroundings, asking: Asking) -> None:
    fired, supposed = False, Supposed(life)
    for at, event in sorted(moments_of(life, asking), key=lambda moment: moment[0]):
        state = supposed.go_on(life.so_far(at, event))
        if isinstance(asking.trigger, OnSchedule) and is_finished(state):
            continue
        trial.asked += 1
        if not holds(asking.node, facts_at(life, around, at, event, state)):
            continue
        trial.fired += 1
        doing = supposed.take(asking.steps, asking.named)
        for number in doing:
            trial.steps[number] += 1
        if not fired and len(trial.shown) < MOST_SHOWN:
            about = {"pk": life.conversation.pk, "subject": life.conversation.subject, "at": at.isoformat()}
            trial.shown.append(about | {"steps": doing})
        fired = True
    trial.conversations += fired
