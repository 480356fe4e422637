"""Who is there, what they have in hand against what they may have, and where they are right now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerable.core.presence import State
from answerable.desk.models import Presence
from answerable.desk.routing.kinds import LIVE, WRITTEN
from answerable.desk.routing.line import capacities
from answerable.desk.routing.people import loads, offered_to
from answerable.people.models import Attendance, User

if TYPE_CHECKING:
    from answerable.insight.today.board import Board

MOST = 60
ORDER = {State.ONLINE: 0, State.BREAK: 1, State.AWAY: 2, State.OFF: 3}


@dataclass(frozen=True)
class Share:
    """How many of one kind of channel somebody has, of how many they may have."""

    kind: str
    has: int
    most: int

    @property
    def filled(self) -> int:
        """In per cent, up to a hundred."""
        return min(100, round(100 * self.has / self.most)) if self.most else 100

    @property
    def is_full(self) -> bool:
        return self.has >= self.most


@dataclass(frozen=True)
class Colleague:
    """Somebody who answers. `attendance` is None of whom never was there; `at` is what they look at now."""

    user: User
    attendance: Attendance | None
    shares: Sequence[Share]
    at: Sequence[Presence]

    @property
    def state(self) -> State:
        return State(self.attendance.state) if self.attendance else State.OFF

    @property
    def has(self) -> int:
        return sum(share.has for share in self.shares)


@dataclass(frozen=True)
class Crew:
    """Who is online first, then who has most in hand. `more` are not shown; `free` could take more by now."""

    shown: Sequence[Colleague]
    more: int
    online: int
    free: int


def crew_now(board: Board) -> Crew:
    """Who is offered what comes to the board's teams. Five queries."""
    places = offered_to(board.teams)
    rows = User.objects.filter(pk__in=places).select_related("attendance")
    most, had, at = capacities(board.team_ids), loads(places), _whereabouts(board, list(places))
    people = [
        Colleague(
            user,
            getattr(user, "attendance", None),
            [
                Share(kind, had.get(user.pk, {}).get(kind, 0), max(most[team, kind] for team in places[user.pk]))
                for kind in (LIVE, WRITTEN)
            ],
            at.get(user.pk, ()),
        )
        for user in rows
    ]
    people.sort(key=lambda one: (ORDER[one.state], -one.has, one.user.name.casefold()))
    online = [one for one in people if one.state is State.ONLINE]
    free = sum(not all(share.is_full for share in one.shares) for one in online)
    return Crew(people[:MOST], max(0, len(people) - MOST), len(online), free)


def _whereabouts(board: Board, people: Collection[int]) -> dict[int, list[Presence]]:
    """By person, the conversations they have open that the reader may see."""
    seen = Presence.objects.fresh().filter(user__in=people, conversation__team_id__in=board.reader.team_ids)
    found: dict[int, list[Presence]] = {}
    for presence in seen.select_related("conversation"):
        found.setdefault(presence.user_id, []).append(presence)
    return found
