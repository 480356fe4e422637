"""Who is on today by the rota, who is away and stood in for, and which promised hours nobody covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from answerable.core.calendar import Interval
from answerable.insight.promised import cover_of
from answerable.people.models import Absence, Shift

if TYPE_CHECKING:
    from answerable.insight.today.board import Board
    from answerable.people.models import Team, User


@dataclass(frozen=True)
class Hours:
    """A shift of today, in the reader's time."""

    span: Interval
    pauses: Sequence[Interval]
    is_over: bool


@dataclass(frozen=True)
class Member:
    """Somebody with a shift today. `state` is on, break, later, over or away; `until` when a break is over."""

    user: User
    hours: Sequence[Hours]
    state: str
    until: datetime | None
    stand_in: User | None


@dataclass(frozen=True)
class Crew:
    """`away` are those without a shift today who are away, by the rota's own absences."""

    members: Sequence[Member]
    away: Sequence[Absence]
    gaps: Sequence[tuple[Interval, Team]]  # what is still to come of them

    @property
    def on(self) -> int:
        """How many are at work now."""
        return sum(member.state in ("on", "break") for member in self.members)


def crew(board: Board) -> Crew:
    """Of the board's teams. Four queries at most; why somebody is away is nobody's business here."""
    span = board.today.span
    shifts: dict[int, list[Shift]] = {}
    rows = Shift.objects.standing().meeting(*span).filter(team__in=board.team_ids, user__is_active=True)
    for shift in rows.select_related("user").order_by("begins_at"):
        shifts.setdefault(shift.user_id, []).append(shift)
    away: dict[int, Absence] = {}
    absences = Absence.objects.approved().meeting(*span).filter(user__is_active=True)
    in_teams = absences.filter(user__memberships__team__in=board.team_ids).distinct()
    for absence in in_teams.select_related("user", "stand_in").order_by("begins_at"):
        away[absence.user_id] = absence
    members = [_member(own, away.get(pk), board.now) for pk, own in shifts.items()]
    members.sort(key=lambda member: (member.state == "away", member.hours[0].span, member.user.name.casefold()))
    gaps = [
        (Interval(max(gap.start, board.now), gap.end), cover.team)
        for cover in (cover_of(board.teams, span, board.promised) if shifts else [])
        for gap in cover.gaps
        if gap.end > board.now
    ]
    gaps.sort(key=lambda gap: (gap[0], gap[1].path))
    others = sorted((each for pk, each in away.items() if pk not in shifts), key=lambda one: one.user.name.casefold())
    return Crew(members, others, gaps)


def _member(shifts: Sequence[Shift], absence: Absence | None, now: datetime) -> Member:
    hours = [Hours(shift.span, shift.pauses, shift.ends_at <= now) for shift in shifts]
    user = shifts[0].user
    is_away = absence is not None and absence.begins_at <= max(now, shifts[0].begins_at) < absence.ends_at
    if absence is not None and is_away:
        return Member(user, hours, "away", None, absence.stand_in)
    current = next((shift for shift in shifts if shift.begins_at <= now < shift.ends_at), None)
    if current is None:
        return Member(user, hours, "over" if all(each.is_over for each in hours) else "later", None, None)
    pause = next((end for start, end in current.pauses if start <= now < end), None)
    return Member(user, hours, "break" if pause else "on", pause, None)
