"""A conversation held until the transaction ends: changed in memory, written once.

`hold` locks its row and reads its promises. The other actions then change both as plain objects and note what
happened; `keep` writes whatever has changed, for one conversation or for hundreds, in a handful of statements.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from answerable.desk.actions.planning import instants, plan, plan_again
from answerable.desk.models import Clock, Conversation, Field, Follower, Notice
from answerable.events.columns import Columns
from answerable.events.inserting import insert, insert_all
from answerable.events.models import Event
from answerable.events.prepared import tell
from answerable.events.record import event_of, record_all
from answerable.people.models import User
from answerable.web.standing import Among, Given, Standing

CONVERSATION = (
    "team_id",
    "assignee_id",
    "status",
    "priority",
    "copied",
    "language",
    "tags",
    "details",
    "pilot_customer_id",
    "pilot_arm",
    "last_message_at",
    "preview",
    "preview_by_id",
    "message_count",
    "asked_at",
    "unanswered_since",
    "due_at",
    "snoozed_until",
    "solved_at",
    "closed_at",
    "spam_at",
    "reopen_count",
    "first_answered_at",
    "first_answer_seconds",
    "solution_seconds",
)
TIMING = ("due_at", "pauses", "stopped_at", "standard", "target_seconds")
STANDARD = TIMING.index("standard")
CLOCK = (*TIMING, "state", "facts", "team_id", "agent_id", "breached_at", "elapsed_seconds")
Values = tuple[Any, ...]
_conversation: Callable[[Conversation], Values] = attrgetter(*CONVERSATION)
_clock: Callable[[Clock], Values] = attrgetter(*CLOCK)
WRITTEN, WRITTEN_CLOCK = Columns(Conversation, CONVERSATION), Columns(Clock, CLOCK)
HOLDING = Conversation.objects.select_for_update(of=("self",)).annotate(
    is_followed=Exists(Follower.objects.filter(conversation=OuterRef("pk")))
)
LOCKED = Standing(
    lambda: (
        HOLDING.select_related("team")
        .filter(pk=Given("pk"))
        .annotate(asks_fields=Exists(Field.objects.current().exclude(required_at=None)))  # before it is solved
    )
)
# Those that go on, and the first there ever was: its hours are what the conversation's time is told by.
EARLIER = Clock.objects.filter(conversation=OuterRef("conversation"), pk__lt=OuterRef("pk"))
PROMISES = Clock.objects.filter(Q(stopped_at=None) | ~Exists(EARLIER)).order_by("id")
ITS_PROMISES = Standing(lambda: PROMISES.filter(conversation=Given("conversation")))
ALL = Standing(
    lambda: (
        HOLDING.select_related("team", "inbox__team")
        .alias(is_aside=Q(beside__isnull=False))
        .filter(Among("numbers", Conversation))
        .order_by("is_aside", "pk")
    )
)
THEIR_PROMISES = Standing(lambda: PROMISES.filter(Among("conversations", Clock, "conversation")))


def _assignments(columns: Iterable[str]) -> str:
    return ", ".join(f"{column} = %s" for column in columns)


SAVE = f"UPDATE desk_conversation SET {_assignments(CONVERSATION)} WHERE id = %s"  # noqa: S608
TEAM = CONVERSATION.index("team_id")
SAVE_BESIDE = """
UPDATE desk_conversation SET team_id = %s
WHERE id = ANY(ARRAY(SELECT id FROM desk_conversation WHERE beside_id = %s ORDER BY id FOR UPDATE))
"""
# A clock, and (where its timing has changed) when each of its steps fires by now: by their places in the chain.
SAVE_CLOCK = f"""
WITH kept AS (UPDATE desk_clock SET {_assignments(CLOCK)} WHERE id = %s RETURNING id)
UPDATE desk_escalation AS planned SET fires_at = (%s::timestamptz[])[planned.step + 1]
FROM kept WHERE clock_id = kept.id AND fired_at IS NULL AND %s
"""  # noqa: S608


@dataclass
class Held:
    """The row, its clocks (those that go on and the first, by number, then those begun since), and what happened."""

    conversation: Conversation
    clocks: list[Clock] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    because: dict[str, Any] = field(default_factory=dict)
    """Goes into each event from now on: which rule is at work, and what caused it."""
    _happened: list[partial[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.read = _conversation(self.conversation)
        self.clocks_read = {clock.pk: _clock(clock) for clock in self.clocks}

    def going_on(self, kinds: Collection[str] = tuple(Clock.Kind)) -> list[Clock]:
        return [clock for clock in self.clocks if clock.stopped_at is None and clock.kind in kinds]

    def stopped(self, at: datetime) -> list[Clock]:
        """Those that stopped at an instant, and may be let go on."""
        self.hold_clocks(self.conversation.clocks.filter(stopped_at=at))
        return [clock for clock in self.clocks if clock.stopped_at == at]

    def hold_clocks(self, rows: QuerySet[Clock]) -> None:
        """These of its clocks, too."""
        known = [clock.pk for clock in self.clocks]
        found = list(rows.exclude(pk__in=known).order_by("id"))
        self.clocks += found
        self.clocks_read |= {clock.pk: _clock(clock) for clock in found}

    def also(self, clocks: Iterable[Clock]) -> None:
        """Clocks of it that have stopped before, which are to go on or to end in another way."""
        known = {clock.pk for clock in self.clocks}
        for clock in clocks:
            if clock.pk not in known:
                self.clocks.append(clock)
                self.clocks_read[clock.pk] = _clock(clock)

    def take_over(self, other: "Held", clocks: Iterable[Clock]) -> None:
        """These clocks of the other are kept with this one from now on."""
        for clock in clocks:
            other.clocks.remove(clock)
            self.clocks.append(clock)
            self.clocks_read[clock.pk] = other.clocks_read.pop(clock.pk)

    def record(
        self, verb: str, *, by: User | None, subject: Model | None = None, at: datetime | None = None, **more: Any
    ) -> None:
        """Note an event of the team that has it now; `subject` is the conversation unless it is something in it."""
        root, team = self.conversation, self.conversation.team_id
        at = at or timezone.now()
        more = {**more, **self.because}
        self._happened.append(
            partial(event_of, verb, subject=subject or root, root=root, by=by, team_id=team, at=at, **more)
        )

    def insert(self) -> None:
        """It is new: its row begins as it stands by now."""
        insert(self.conversation)
        self.read = _conversation(self.conversation)

    def keep(self, *, after: Iterable[Event] = ()) -> None:
        """Write what has changed. The events it comes `after` are recorded with its own."""
        keep_all([self], after=after)


def locked(conversation: Conversation | int) -> Conversation:
    """The row as it is now, held until the transaction ends: two people never act on it at once."""
    pk = conversation if isinstance(conversation, int) else conversation.pk
    # Where it was handed over while we waited, PostgreSQL drops it, since it no longer fits the team it was joined
    # with; it is held all the same, and asked again, it is there.
    row = LOCKED.first(pk=pk) or LOCKED.first(pk=pk)
    if row is None:
        raise Conversation.DoesNotExist
    return row


def hold(conversation: Conversation | int) -> Held:
    """The conversation with its promises."""
    row = locked(conversation)
    return Held(row, ITS_PROMISES.rows(conversation=row.pk))


def hold_all(pks: Iterable[int]) -> dict[int, Held]:
    """Many, by number; locked in ONE order, so that two batches never wait for each other: first what stands by itself,
    then what stands beside another, each by number. For whoever holds a conversation may change what goes on beside it
    (see SAVE_BESIDE), whose number may be lower once it was merged into another."""
    numbers = sorted(set(pks))
    held = {row.pk: row for row in ALL.rows(numbers=numbers)} if numbers else {}
    if handed_over := [pk for pk in numbers if pk not in held]:  # while we waited: see `locked`
        held |= {row.pk: row for row in ALL.rows(numbers=handed_over)}
    clocks: dict[int, list[Clock]] = {pk: [] for pk in held}
    for clock in THEIR_PROMISES.rows(conversations=list(held)) if held else ():
        clocks[clock.conversation_id].append(clock)
    return {pk: Held(row, clocks[pk]) for pk, row in held.items()}


def keep_all(held: Iterable[Held], *, after: Iterable[Event] = ()) -> None:
    """Write what has changed in all of them, and leave their events in the order they are given in, after those that
    came before them."""
    every = list(held)
    for one in every:
        one.conversation.due_at = min((clock.due_at for clock in one.going_on() if clock.due_at), default=None)
    rows = [one.conversation for one in every if _conversation(one.conversation) != one.read]
    tell(SAVE, [[*WRITTEN.of(row), row.pk] for row in rows])
    left = [one.conversation for one in every if one.conversation.team_id != one.read[TEAM]]
    tell(SAVE_BESIDE, [(row.team_id, row.pk) for row in left])  # what goes on beside it with third parties goes along
    _keep_clocks(every)
    insert_all(notice for one in every for notice in one.notices)
    record_all([*after, *(event() for one in every for event in one._happened)])


def _keep_clocks(every: Sequence[Held]) -> None:
    """First those that have stopped: another of the same kind may go on instead."""
    known = [(clock, one.clocks_read[clock.pk]) for one in every for clock in one.clocks if clock.pk]
    changed = [(clock, before) for clock, before in known if _clock(clock) != before]
    changed.sort(key=lambda one: one[0].stopped_at is None)
    tell(SAVE_CLOCK, [_saving(clock, before) for clock, before in changed])
    plan_again([clock for clock, before in changed if clock.standard != before[STANDARD]])
    if begun := [clock for one in every for clock in one.clocks if not clock.pk]:
        insert_all(begun)
        plan(begun)


def _saving(clock: Clock, before: Values) -> list[Any]:
    is_retimed = _clock(clock)[: len(TIMING)] != before[: len(TIMING)]
    return [*WRITTEN_CLOCK.of(clock), clock.pk, instants(clock) if is_retimed else [], is_retimed]
