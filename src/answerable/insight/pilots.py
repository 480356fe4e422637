"""A pilot and what it is compared with, side by side, out of the conversations a reader may see.

Its own conversations are read afresh at each look: they are few, and what they are compared with by lot is as few. A
pilot without a lot is compared with everybody else's conversations of the same teams and days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import F, Q
from django.utils import timezone

from answerable.core.calendar import business_seconds
from answerable.core.comparison import verdicts
from answerable.core.estimates import CSAT, Definition, Difference, Estimate, by_row, difference
from answerable.core.experiment import Clustered, Judgement, clustered_share, judge
from answerable.desk.hours import calendar_under
from answerable.desk.models import Clock, Conversation
from answerable.feedback.models import Rating, Score
from answerable.measure.kpi.compliance import KINDS, definition
from answerable.policy.models import Arm, Pilot, Version

if TYPE_CHECKING:
    from answerable.people.models import User

Counts = list[tuple[int, int]]
WAITS = ("first_response", "resolution")
MOST_COMPARED = 100_000
"""Of everybody else's conversations, the newest: more would only take longer."""


@dataclass
class Seen:
    """What was seen of one arm. `kept`: by measure and customer, how many of how many were as promised."""

    conversations: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[str, dict[int, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: [0, 0]))
    )
    outside: int = 0  # first answers by somebody whom the pilot does not name
    answered: int = 0

    def counts(self, measure: str) -> Counts:
        return [(part, whole) for part, whole in self.kept[measure].values()]


@dataclass(frozen=True)
class Share:
    """One share in both arms. `adjusted` is p among all that are only looked at; none for the one that is judged."""

    measure: str
    pilot: Clustered
    control: Clustered
    difference: Difference
    is_judged: bool
    word: str = ""


@dataclass(frozen=True)
class Wait:
    """The median of one wait in both arms, by one clock."""

    measure: str
    is_business: bool
    pilot: Estimate
    control: Estimate
    difference: Difference


@dataclass(frozen=True)
class Results:
    """All of it, as of an instant."""

    pilot: Pilot
    as_of: datetime
    judgement: Judgement
    is_last_look: bool
    shares: tuple[Share, ...]
    waits: tuple[Wait, ...]
    conversations: tuple[int, int]
    outside: int
    answered: int
    another_at: datetime | None = None  # when another version came into force meanwhile, for the control

    def as_dict(self) -> dict[str, Any]:
        """The verdict in plain JSON values, to be kept."""
        found = self.judgement
        return {
            "as_of": self.as_of.isoformat(),
            "measure": self.pilot.measure,
            "smallest": self.pilot.smallest,
            "finding": found.finding.value,
            "confidence": found.confidence,
            "is_last_look": self.is_last_look,
            "difference": found.difference.as_dict(),
            "more": found.more,
            "more_today": found.more_today,
            "pilot": _plain(found.first),
            "control": _plain(found.second),
        }


def results_of(pilot: Pilot, *, user: User | None = None, at: datetime | None = None) -> Results:
    """Of a pilot that has begun. `user`: only what they may see; none: all of it."""
    at = at or timezone.now()
    arms = _seen(pilot, user, at)
    is_last_look = timezone.localdate(pilot.ended_at or at) >= pilot.planned_end_on
    judgement = judge(
        arms[Arm.PILOT].counts(pilot.measure),
        arms[Arm.CONTROL].counts(pilot.measure),
        _definition(pilot.measure),
        smallest=pilot.smallest / 100,
        is_last_look=is_last_look,
    )
    return Results(
        pilot=pilot,
        as_of=at,
        judgement=judgement,
        is_last_look=is_last_look,
        shares=_shares(pilot, arms),
        waits=tuple(_waits(arms, at)),
        conversations=(len(arms[Arm.PILOT].conversations), len(arms[Arm.CONTROL].conversations)),
        outside=arms[Arm.PILOT].outside,
        answered=arms[Arm.PILOT].answered,
        another_at=_another_at(pilot),
    )


def _another_at(pilot: Pilot) -> datetime | None:
    others = Version.objects.exclude(pk=pilot.version_id).filter(in_force_at__gt=pilot.begun_at)
    if pilot.ended_at is not None:
        others = others.filter(in_force_at__lt=pilot.ended_at)
    return others.order_by("in_force_at").values_list("in_force_at", flat=True).first()


def _seen(pilot: Pilot, user: User | None, at: datetime) -> dict[str, Seen]:
    arms: dict[str, Seen] = {Arm.PILOT: Seen(), Arm.CONTROL: Seen()}
    arm_of: dict[int, str] = {}
    for row in _conversations(pilot, user):
        arm = row["pilot_arm"] or Arm.CONTROL
        arm_of[row["id"]] = arm
        arms[arm].conversations.append(row)
    whose = {row["id"]: row for seen in arms.values() for row in seen.conversations}
    staff = set(pilot.staff.values_list("user_id", flat=True))
    for clock in _clocks(pilot, whose):
        row = whose[clock.conversation_id]
        row.setdefault("clock", clock)
        seen = arms[arm_of[row["id"]]]
        if clock.kind == Clock.Kind.FIRST_RESPONSE and clock.agent_id is not None:
            seen.answered += 1
            seen.outside += clock.agent_id not in staff
        if _is_due(clock, at):
            _count(seen.kept[clock.kind][row["contact_id"]], clock.state == Clock.State.MET)
    for conversation, score in _scores(whose):
        _count(arms[arm_of[conversation]].kept["csat"][whose[conversation]["contact_id"]], score >= Score.GOOD)
    return arms


def _conversations(pilot: Pilot, user: User | None) -> Iterator[dict[str, Any]]:
    """Those that customers began in the pilot, and those they are compared with."""
    rows = Conversation.objects.visible_to(user) if user is not None else Conversation.objects.all()
    rows = rows.filter(opened_by=None).that_count()
    columns = (
        "id", "contact_id", "pilot_arm", "team_id", "created_at", "first_answered_at", "first_answer_seconds",
        "solved_at", "solution_seconds",
    )  # fmt: skip
    own = list(rows.filter(pilot_customer__pilot=pilot).exclude(pilot_arm="").values(*columns))
    yield from own
    if pilot.share is None and own:
        during = Q(created_at__gte=pilot.begun_at) & (Q(created_at__lt=pilot.ended_at) if pilot.ended_at else Q())
        teams = {row["team_id"] for row in own}
        others = rows.filter(during, pilot_customer=None, team__in=teams)
        yield from others.order_by("-id").values(*columns)[:MOST_COMPARED].iterator()


def _clocks(pilot: Pilot, whose: Mapping[int, dict[str, Any]]) -> Iterable[Clock]:
    """What was promised while the pilot went on and the customer took part, under the version of the arm."""
    took_part = Q(conversation__pilot_customer__withdrawn_at=None) | Q(
        started_at__lt=F("conversation__pilot_customer__withdrawn_at")
    )
    during = Q(started_at__gte=pilot.begun_at) & (Q(started_at__lt=pilot.ended_at) if pilot.ended_at else Q())
    tried = Q(version=pilot.version_id) | ~Q(conversation__pilot_arm=Arm.PILOT)
    rows = Clock.objects.filter(took_part, during, tried, conversation__in=list(whose))
    return (
        rows.exclude(state=Clock.State.CANCELLED)
        .only(
            "conversation_id",
            "kind",
            "state",
            "due_at",
            "started_at",
            "stopped_at",
            "version_id",
            "standard",
            "agent_id",
            "facts",
        )
        .order_by("id")
    )


def _scores(whose: Mapping[int, dict[str, Any]]) -> Iterable[tuple[int, int]]:
    rated = Rating.objects.filter(invitation__conversation__in=list(whose))
    return rated.values_list("invitation__conversation_id", "score")


def _is_due(clock: Clock, at: datetime) -> bool:
    """Decided, or its time has come: see docs/measures/compliance.md."""
    if clock.due_at is None:
        return clock.state in (Clock.State.MET, Clock.State.BREACHED)
    return clock.due_at <= at or clock.state == Clock.State.BREACHED


def _count(cell: list[int], is_kept: bool) -> None:
    cell[0] += is_kept
    cell[1] += 1


def _definition(measure: str) -> Definition:
    return CSAT if measure == Pilot.Measure.CSAT else definition(measure)


def _shares(pilot: Pilot, arms: Mapping[str, Seen]) -> tuple[Share, ...]:
    """Each at 95 %. Those that nobody named beforehand are judged together (Holm)."""
    found = []
    for measure in (*KINDS, "csat"):
        one, other = (
            clustered_share(arms[arm].counts(measure), _definition(measure)) for arm in (Arm.PILOT, Arm.CONTROL)
        )
        apart = difference(one.estimate, other.estimate)
        found.append(Share(measure, one, other, apart, measure == pilot.measure))
    said = verdicts({each.measure: each.difference for each in found if not each.is_judged})
    return tuple(
        each
        if each.is_judged
        else Share(each.measure, each.pilot, each.control, each.difference, False, said[each.measure].word)
        for each in found
    )


def _waits(arms: Mapping[str, Seen], at: datetime) -> Iterator[Wait]:
    for measure in WAITS:
        for is_business in (True, False):
            name = f"{measure}.{'business' if is_business else 'calendar'}.median"
            one, other = (
                _median(list(_lengths(arms[arm].conversations, measure, is_business, at)), Definition(name, 1))
                for arm in (Arm.PILOT, Arm.CONTROL)
            )
            yield Wait(measure, is_business, one, other, difference(one, other))


def _median(lengths: Sequence[tuple[float, bool]], of: Definition) -> Estimate:
    times = np.array([length for length, _ended in lengths], dtype=np.float64)
    ended = np.array([ended for _length, ended in lengths], dtype=np.bool_)
    return by_row(times, ended).percentiles((0.5,), (of,), "seconds")[0]


def _lengths(
    rows: Iterable[dict[str, Any]], measure: str, is_business: bool, at: datetime
) -> Iterator[tuple[float, bool]]:
    """How long each took, and whether its end was seen: see docs/measures/first-response.md. Business time by the hours
    of the first promise; without any, it is not known."""
    for row in rows:
        is_first = measure == "first_response"
        ended_at = row["first_answered_at"] if is_first else row["solved_at"]
        until = ended_at or row["solved_at"] or at
        if not is_business:
            yield (until - row["created_at"]).total_seconds(), ended_at is not None
            continue
        known = row["first_answer_seconds"] if is_first and ended_at else row["solution_seconds"]
        if known is None and "clock" in row:
            calendar = calendar_under(row["clock"])
            known = business_seconds(calendar, row["created_at"], until) if calendar else None
        if known is not None:
            yield float(known), ended_at is not None


def _plain(arm: Clustered) -> dict[str, Any]:
    estimate = arm.estimate
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "customers": arm.clusters,
        "effect": arm.effect,
    }
