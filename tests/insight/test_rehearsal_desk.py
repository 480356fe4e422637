"""What the desk does, and what a rehearsal of it says: the same clocks, the same escalations at the same instants.

Conversations are played through the real actions, with the database's clocks and escalations and a wall clock that
is set by hand; then their history is rehearsed under the policy they ran under, and under another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from answerable.core.policy import Policy
from answerable.core.rehearsal import NEVER, Outcome, micros, moment, rehearse, replay
from answerable.desk.actions.conversations import assign, open_conversation, set_priority, set_status
from answerable.desk.actions.messages import receive, reply, take_back
from answerable.desk.models import Clock, Conversation, Escalation, Notice, Priority, Status
from answerable.desk.timers import fire_due
from answerable.events.wire import conninfo
from answerable.insight.rehearsing.desk import Desk, Period, read_desk
from answerable.insight.rehearsing.people import People
from answerable.policy.actions import load_version
from answerable.policy.running import compiled
from tests.cast import Cast, play
from tests.core.rehearsal.histories import HEAD, standard

BEGIN = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)  # a Monday, half past eight in Riga
DAYS = 5
URGENT = 'when = {{ priority = [{0}] }}\n{1}escalation = "usual"'
POLICY = "".join(
    (
        HEAD,
        standard("first", "first_response", "3 working hours"),
        standard("urgent", "first_response", "1 hour", "always", URGENT.format('"urgent"', "")),
        standard("next", "next_response", "8 hours", "always", 'pauses = ["on_hold"]\nescalation = "usual"'),
        standard("solved", "resolution", "1 working day"),
        standard(
            "solved-soon",
            "resolution",
            "6 hours",
            "always",
            URGENT.format('"high", "urgent"', 'pauses = ["pending"]\n'),
        ),
        """
[[escalation]]
key = "usual"
steps = [
    { at = "50%", do = "notify", to = "assignee" },
    { at = "100%", do = "notify", to = "team" },
    { at = "160%", do = "notify", to = "lead" },
]
""",
    )
)
OTHER = (
    POLICY.replace('"3 working hours"', '"90 minutes"')
    .replace('pauses = ["on_hold"]', 'pauses = ["pending", "on_hold"]')
    .replace('"1 working day"', '"12 working hours"')
    .replace('at = "160%"', 'at = "130%"')
)


class Wall:
    """The time it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = BEGIN
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def go_to(self, at: datetime) -> None:
        """Until then, and fire what falls due on the way at its very instant."""
        while (wait := fire_due()) is not None and self.at + timedelta(seconds=wait) < at:
            # What is breached is so just after it fell due.
            self.at = max(self.at, self.at + timedelta(seconds=wait)) + timedelta(microseconds=wait == 0)
        self.at = at


def plot(random: Random) -> Iterator[tuple[timedelta, str]]:
    """What happens in one conversation, and when."""
    yield timedelta(minutes=random.randrange(3 * 24 * 60)), "asks"
    for _ in range(random.randrange(7)):
        what = random.choice(
            ["asks", "answers", "answers", "solves", "opens", "waits", "holds", "raises", "lowers", "takes", "slips"]
        )
        yield timedelta(minutes=random.randrange(DAYS * 24 * 60), seconds=random.randrange(60)), what


class Stage:
    """Plays one thing after the other in the conversations, by the real actions."""

    def __init__(self, cast: Cast, wall: Wall) -> None:
        self.cast, self.wall = cast, wall
        self.rows: dict[int, Conversation] = {}

    def play(self, seed: int, conversations: int) -> None:
        random, told = Random(seed), []
        for number in range(conversations):
            steps = list(plot(random))
            begin = steps[0][0]
            told += [(BEGIN + max(begin, after), number, what) for after, what in steps]
        told.sort(key=lambda each: (each[0], each[1]))
        for at, number, what in told:
            self.wall.go_to(at)
            self._do(number, what)
        self.wall.go_to(BEGIN + timedelta(days=DAYS))
        fire_due()

    def _do(self, number: int, what: str) -> None:
        cast, at = self.cast, self.wall.at
        if number not in self.rows:
            row = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Hello", by=None, at=at)
            self.rows[number] = row
            what = "asks"
        row = self.rows[number] = Conversation.objects.get(pk=self.rows[number].pk)
        acts: dict[str, Callable[[], object]] = {
            "asks": lambda: receive(row, contact=cast.dace, text="Where is it?", at=at),
            "answers": lambda: reply(row, text="There.", by=cast.bob, seen_event=None, anyway=True),
            "slips": lambda: take_back(reply(row, text="No.", by=cast.bob, seen_event=None, anyway=True), by=cast.bob),
            "solves": lambda: set_status(row, to=Status.SOLVED, by=cast.bob, at=at),
            "opens": lambda: set_status(row, to=Status.OPEN, by=cast.bob, at=at),
            "waits": lambda: set_status(row, to=Status.PENDING, by=cast.bob, at=at),
            "holds": lambda: set_status(row, to=Status.ON_HOLD, by=cast.bob, at=at),
            "raises": lambda: set_priority(row, to=Priority.URGENT, by=cast.bob),
            "lowers": lambda: set_priority(row, to=Priority.NORMAL, by=cast.bob),
            "takes": lambda: assign(row, to=cast.bob, by=cast.alice),
        }
        if what == "slips" and row.status in (Status.SOLVED, Status.PENDING, Status.ON_HOLD):
            return  # what it was before is not restored: it is open then
        acts[what]()


Kept = dict[tuple[int, str, int], tuple[str, str, int | None]]
Fired = list[tuple[int, str, int, int, datetime]]
KIND = ("first_response", "next_response", "resolution")


def by_the_desk(stage: Stage) -> tuple[Kept, Fired]:
    """Standard, state and end of each clock, by number of the conversation, kind and beginning; and what fired."""
    number = {row.pk: number for number, row in stage.rows.items()}
    kept: Kept = {}
    for clock in Clock.objects.filter(conversation__in=number):
        state = "running" if clock.state == Clock.State.PAUSED else clock.state
        stopped = clock.stopped_at and micros(clock.stopped_at)
        kept[number[clock.conversation_id], clock.kind, micros(clock.started_at)] = clock.standard, state, stopped
    fired: Fired = []
    for row in Escalation.objects.filter(clock__conversation__in=number).exclude(fired_at=None).select_related("clock"):
        assert row.fired_at is not None
        about = number[row.clock.conversation_id], row.clock.kind, micros(row.clock.started_at)
        fired.append((*about, row.step, row.fired_at))
    return kept, sorted(fired)


def by_rehearsal(stage: Stage, policy: Policy) -> tuple[Kept, Fired]:
    """The same, as the rehearsal of a policy says it."""
    number = {row.pk: number for number, row in stage.rows.items()}
    told = history(stage).history
    found, waits = replay(told, policy), told.waits
    about = {
        wait: (number[pk], KIND[waits.kind[wait]], int(waits.started_at[wait]))
        for wait in range(len(waits.kind))
        if (pk := int(told.ids[waits.conversation[wait]])) in number
    }
    kept: Kept = {
        key: (
            found.standards[found.standard[wait]].key,
            Outcome(found.outcome[wait]).name.lower(),
            None if waits.stopped_at[wait] >= NEVER else int(waits.stopped_at[wait]),
        )
        for wait, key in about.items()
    }
    firings = zip(found.firings.wait.tolist(), found.firings.step.tolist(), found.firings.at.tolist(), strict=True)
    return kept, sorted((*about[wait], step, moment(at)) for wait, step, at in firings if wait in about)


def history(stage: Stage) -> Desk:
    teams, as_of = tuple(stage.cast.ada.team_ids), micros(BEGIN + timedelta(days=DAYS))
    return read_desk(conninfo(), Period(0, 1 << 40, teams, as_of), lambda *_: None)


def played(wall: Wall, cast: Cast, document: str, seed: int) -> tuple[Stage, Policy]:
    """A week under a policy."""
    wall.at = BEGIN
    version, stage = load_version(document, by=cast.ada), Stage(cast, wall)
    stage.play(seed, conversations=6)
    return stage, compiled(version.pk)


@pytest.mark.django_db(transaction=True)
def test_a_rehearsal_is_what_happens_at_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the policy it ran under all is as it was, and under another as it is when run under that."""
    cast, wall = play(), Wall(monkeypatch)
    stage, policy = played(wall, cast, POLICY, seed=1)
    kept, fired = by_the_desk(stage)
    assert by_rehearsal(stage, policy) == (kept, fired)
    assert {state for _, state, _ in kept.values()} >= {"met", "breached", "cancelled", "running"}
    assert len(fired) > 10
    desk = history(stage)
    people = People(desk.teams, desk.assignees)
    found = rehearse(desk.history, policy, policy, people.told, time_zone="Europe/Riga", others_from=people.others_from)
    noticed = list(Notice.objects.filter(kind="escalation").values_list("user__name", flat=True))
    assert {each.person.name: each.times for each in found.now.people} == {n: noticed.count(n) for n in set(noticed)}
    assert found.differences == ()
    other_stage, other = played(wall, cast, OTHER, seed=1)
    assert by_rehearsal(stage, other) == by_the_desk(other_stage) != (kept, fired)
