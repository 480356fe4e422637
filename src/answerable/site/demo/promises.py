"""The promises' clocks of played conversations: what `desk.actions.clocks` and `desk.timers` do, in memory."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal

from answerable.core.calendar import business_seconds
from answerable.core.clock import State
from answerable.core.policy import ClockKind, Do
from answerable.desk.actions.clocks import ANSWERS, FINISHED, facts_of
from answerable.desk.actions.planning import arithmetic_of
from answerable.desk.hours import calendar_of
from answerable.desk.models import Clock, Conversation, Escalation, Notice, Priority
from answerable.desk.steps import recipients
from answerable.desk.steps.outcome import NOTHING
from answerable.people.models import User
from answerable.policy.models import Arm, Version
from answerable.policy.running import compiled
from answerable.site.demo.opinions import Opinion
from answerable.site.demo.pilot import Tested
from answerable.site.demo.rows import Rows

Alarm = Callable[[datetime, Callable[[datetime], None]], None]
THOUSANDTH = Decimal("0.001")  # as the column keeps shares


@dataclass
class Thread:
    """A conversation as it is played, with what its later steps must know."""

    row: Conversation
    opinion: Opinion | None
    clocks: list[Clock] = field(default_factory=list)
    planned: dict[int, list[Escalation]] = field(default_factory=dict)
    answered_by: User | None = None
    invited: bool = False


class Promises:
    """Begins, rests and stops clocks; `alarm` calls back when something falls due."""

    def __init__(
        self,
        rows: Rows,
        versions: Sequence[tuple[datetime, Version]],
        alarm: Alarm,
        tested: Tested | None = None,
    ) -> None:
        self.rows = rows
        self.versions = versions
        self.tested = tested
        self.alarm = alarm
        self._recipients: dict[tuple[str, int | None, int], list[User]] = {}

    def customer_wrote(self, thread: Thread, at: datetime) -> None:
        going_on = {clock.kind for clock in self._going_on(thread)}
        wanted = []
        if not going_on & {*ANSWERS}:
            wanted.append(Clock.Kind.NEXT_RESPONSE if thread.answered_by else Clock.Kind.FIRST_RESPONSE)
        if Clock.Kind.RESOLUTION not in going_on and thread.row.status not in FINISHED:
            wanted.append(Clock.Kind.RESOLUTION)
        self._begin(thread, wanted, at)

    def staff_answered(self, thread: Thread, at: datetime, by: User) -> None:
        for clock in self._going_on(thread, ANSWERS):
            self._stop(thread, clock, at, by)
        self._show_due(thread)

    def status_changed(self, thread: Thread, before: str, at: datetime, by: User | None) -> None:
        if thread.row.status in FINISHED:
            for clock in self._going_on(thread):
                if clock.kind == Clock.Kind.RESOLUTION:
                    self._stop(thread, clock, at, by)
                else:
                    self._cancel(thread, clock, at, by)
        else:
            if before in FINISHED:
                self._begin(thread, [Clock.Kind.RESOLUTION], at)
            for clock in self._going_on(thread):
                self._rest_or_go_on(thread, clock, at)
        self._show_due(thread)

    def priority_changed(self, thread: Thread) -> None:
        """By a person. Raises ValueError where that would choose another standard: the demo leaves that alone."""
        facts = facts_of(thread.row)
        for clock in self._going_on(thread):
            match = compiled(clock.version_id).standard_for(ClockKind(clock.kind), facts)
            if clock.state != Clock.State.BREACHED and match is not None and match.standard.key != clock.standard:
                raise ValueError(f"The priority would turn {clock.standard} into {match.standard.key}.")

    def team_changed(self, thread: Thread) -> None:
        for clock in self._going_on(thread):
            clock.team = thread.row.team

    def business_seconds(self, thread: Thread, until: datetime) -> int | None:
        """From the beginning, by the hours of the first promise."""
        if not thread.clocks:
            return None
        calendar = calendar_of(thread.clocks[0])
        return int(business_seconds(calendar, thread.row.created_at, until))

    def _version(self, thread: Thread, at: datetime) -> Version:
        """That which was in force, or what is tried with who takes part."""
        tested, row = self.tested, thread.row
        if (
            tested is not None
            and row.pilot_customer_id is None
            and (seat := tested.seat(row.contact_id, row.created_at))
        ):
            row.pilot_customer, row.pilot_arm = seat, seat.arm
            particulars = {"arm": seat.arm, "version": tested.version.number}
            self.rows.event("conversation.piloted", subject=row, root=row, by=None, at=at, **particulars)
        if tested is not None and row.pilot_arm == Arm.PILOT and tested.takes_part(row, at):
            return tested.version
        return next(version for since, version in reversed(self.versions) if since <= at)

    def _begin(self, thread: Thread, kinds: Iterable[str], at: datetime) -> None:
        version = self._version(thread, at)
        policy, facts = compiled(version.pk), facts_of(thread.row)
        for kind in kinds:
            match = policy.standard_for(ClockKind(kind), facts)
            if match is None:
                continue
            arithmetic = policy.clock(match.standard, at)
            clock = self.rows.add(
                Clock(
                    conversation=thread.row,
                    kind=kind,
                    version=version,
                    standard=match.standard.key,
                    target_seconds=int(match.standard.target.total_seconds()),
                    facts=asdict(facts),
                    team=thread.row.team,
                    started_at=at,
                    due_at=arithmetic.due_at,
                )
            )
            thread.clocks.append(clock)
            thread.planned[clock.pk] = [
                self.rows.add(
                    Escalation(
                        clock=clock,
                        step=number,
                        share=(Decimal(step.percent) / 100).quantize(THOUSANDTH),
                        fires_at=arithmetic.reached_at(step.share),
                    )
                )
                for number, step in enumerate(policy.escalations(match.standard))
            ]
            self._set_alarms(thread, clock)
        self._show_due(thread)

    def _set_alarms(self, thread: Thread, clock: Clock) -> None:
        if clock.state == Clock.State.RUNNING and clock.due_at:
            due_at = clock.due_at
            self.alarm(due_at, lambda now: self._breach(thread, clock, due_at))
        for planned in thread.planned[clock.pk]:
            if planned.fired_at is None and planned.fires_at:
                self.alarm(planned.fires_at, self._escalation(thread, clock, planned, planned.fires_at))

    def _breach(self, thread: Thread, clock: Clock, due_at: datetime) -> None:
        if clock.state != Clock.State.RUNNING or clock.due_at != due_at:
            return  # answered or put off meanwhile
        clock.state = Clock.State.BREACHED
        clock.breached_at = due_at
        self.rows.event(
            "clock.breached",
            subject=clock,
            root=thread.row,
            by=None,
            at=due_at,
            kind=clock.kind,
            standard=clock.standard,
            assignee=thread.row.assignee_id,
        )

    def _escalation(
        self, thread: Thread, clock: Clock, planned: Escalation, fires_at: datetime
    ) -> Callable[[datetime], None]:
        def fire(now: datetime) -> None:
            if planned.fired_at is not None or planned.fires_at != fires_at:
                return
            planned.fired_at = now
            planned.outcome = self._outcome(thread, clock, planned, now)
            self.rows.event(
                "clock.escalated",
                subject=clock,
                root=thread.row,
                by=None,
                at=now,
                kind=clock.kind,
                share=str(planned.share),
                outcome=planned.outcome,
            )

        return fire

    def _outcome(self, thread: Thread, clock: Clock, planned: Escalation, now: datetime) -> dict[str, object]:
        """What `desk.steps` would do, and say of it."""
        policy, row = compiled(clock.version_id), thread.row
        step = policy.escalations(policy.standards[clock.standard])[planned.step]
        if step.do is Do.RAISE_PRIORITY:
            before, raised = row.priority, min(row.priority + 1, Priority.URGENT)
            if raised != before:
                row.priority = Priority(raised)
                self.rows.event(
                    "conversation.prioritised", subject=row, root=row, by=None, at=now, before=before, to=int(raised)
                )
            nothing = NOTHING if raised == before else {}
            return {"do": "raise_priority", "before": before, "to": int(raised)} | nothing
        if step.do is not Do.NOTIFY:
            raise ValueError(f"The demo's policies only notify and raise priorities, not {step.do}.")
        asked = (str(step.to), row.assignee_id, row.team_id)
        if asked not in self._recipients:
            self._recipients[asked] = recipients(step.to, row)
        told = self._recipients[asked]
        about = {"clock": clock.pk, "kind": clock.kind, "share": str(planned.share)}
        for user in told:
            self.rows.add(Notice(user=user, conversation=row, kind="escalation", particulars=about, at=now))
        return {"do": "notify", "told": [user.pk for user in told]}

    def _stop(self, thread: Thread, clock: Clock, at: datetime, by: User | None) -> None:
        arithmetic = arithmetic_of(clock)
        late = clock.state == Clock.State.BREACHED or arithmetic.state(at) is State.BREACHED
        clock.state = Clock.State.BREACHED if late else Clock.State.MET
        clock.elapsed_seconds = int(arithmetic.elapsed(at).total_seconds())
        clock.agent = by
        clock.team = thread.row.team
        self._end(thread, clock, at)

    def _cancel(self, thread: Thread, clock: Clock, at: datetime, by: User | None) -> None:
        clock.state = Clock.State.CANCELLED
        self._end(thread, clock, at)
        self.rows.event(
            "clock.cancelled",
            subject=clock,
            root=thread.row,
            by=by,
            at=at,
            kind=clock.kind,
            because="solved_without_an_answer",
        )

    def _end(self, thread: Thread, clock: Clock, at: datetime) -> None:
        clock.stopped_at = at
        for planned in thread.planned[clock.pk]:
            if planned.fired_at is None:
                planned.fires_at = None

    def _rest_or_go_on(self, thread: Thread, clock: Clock, at: datetime) -> None:
        rests = thread.row.status in compiled(clock.version_id).standards[clock.standard].pauses
        resting = bool(clock.pauses) and clock.pauses[-1][1] is None
        if rests and not resting:
            clock.pauses = [*clock.pauses, [at.isoformat(), None]]
        elif resting and not rests:
            clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], at.isoformat()]]
        else:
            return
        arithmetic = arithmetic_of(clock)
        if clock.breached_at is None:
            clock.due_at = arithmetic.due_at
            clock.state = Clock.State.RUNNING if clock.due_at else Clock.State.PAUSED
        for planned in thread.planned[clock.pk]:
            if planned.fired_at is None:
                planned.fires_at = arithmetic.reached_at(float(planned.share))
        self._set_alarms(thread, clock)

    def _show_due(self, thread: Thread) -> None:
        due = [clock.due_at for clock in self._going_on(thread) if clock.due_at]
        thread.row.due_at = min(due, default=None)

    def _going_on(self, thread: Thread, kinds: Iterable[str] | None = None) -> list[Clock]:
        return [clock for clock in thread.clocks if clock.stopped_at is None and (kinds is None or clock.kind in kinds)]
