"""Whom a step of an escalation tells at this desk, by its teams and people of today and the absences of then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from answerable.core.policy import Do, Recipient, Step, Whom
from answerable.core.rehearsal import Person, micros, moment
from answerable.desk.models import Conversation
from answerable.desk.steps import recipients
from answerable.people.models import Absence, Role, Team, User
from answerable.people.standing_in import StandIns

HANDLERS = (Role.ADMINISTRATOR, Role.LEAD, Role.AGENT)


class People:
    """Asks as the desk does (`desk/steps`), once for each combination of step, team, assignee and span of time.

    `others_from` are the instants at which somebody went away or came back.
    """

    def __init__(self, teams: Sequence[str], assignees: Sequence[int]) -> None:
        known = {team.key: team for team in Team.objects.all()}
        self.teams = [known[key] for key in teams]
        self.users = {user.pk: user for user in User.objects.with_roles()}
        self.assignees = [self.users.get(pk) for pk in assignees]
        ends = {micros(at) for pair in Absence.objects.approved().values_list("begins_at", "ends_at") for at in pair}
        self.others_from: NDArray[np.int64] = np.array(sorted(ends), dtype=np.int64)
        self._meant: dict[tuple[Recipient | None, int, int], list[User]] = {}
        self._stand_ins: dict[int, StandIns] = {}

    def told(self, step: Step, team: int, assignee: int, at: int) -> Sequence[Person]:
        """Those who get a notice. What is handed to a team tells nobody, and to a person them alone."""
        place, holder = self.teams[team], self.assignees[assignee] if assignee >= 0 else None
        if holder is not None and not holder.holds(*HANDLERS, team_id=place.pk):
            holder = None  # it went to a team that they are not in
        acting = self._at(at).acting(self._recipients(step.to, place, holder), place)
        users = [self.users[each.user.pk] for each in acting]
        if step.do is Do.REASSIGN:
            if step.to is not None and step.to.whom is Whom.TEAM and step.to.name:
                return ()
            members = (user for user in users if place.pk in user.team_ids)
            users = [user for user in [next(members, None)] if user is not None and user != holder]
        return [Person(str(user.pk), str(user), user.time_zone or "UTC") for user in users]

    def _recipients(self, to: Recipient | None, place: Team, holder: User | None) -> list[User]:
        asked = to, place.pk, holder.pk if holder else 0
        if asked not in self._meant:
            self._meant[asked] = recipients(to, Conversation(team=place, assignee=holder))
        return self._meant[asked]

    def _at(self, at: int) -> StandIns:
        span = int(np.searchsorted(self.others_from, at, side="right"))
        if span not in self._stand_ins:
            self._stand_ins[span] = StandIns(moment(at))
        return self._stand_ins[span]
