"""Whom a step of an escalation tells at this desk, by its teams and people of today."""

from __future__ import annotations

from collections.abc import Sequence

from answerable.core.policy import Do, Step, Whom
from answerable.core.rehearsal import Person
from answerable.desk.models import Conversation
from answerable.desk.steps import recipients
from answerable.people.models import Role, Team, User

HANDLERS = (Role.ADMINISTRATOR, Role.LEAD, Role.AGENT)


class People:
    """Asks as the desk does (desk/steps.py), once for each combination of step, team and assignee."""

    def __init__(self, teams: Sequence[str], assignees: Sequence[int]) -> None:
        known = {team.key: team for team in Team.objects.all()}
        self.teams = [known[key] for key in teams]
        self.users = {user.pk: user for user in User.objects.with_roles()}
        self.assignees = [self.users.get(pk) for pk in assignees]

    def told(self, step: Step, team: int, assignee: int) -> Sequence[Person]:
        """Those who get a notice. What is handed to a team tells nobody, and to a person them alone."""
        place = self.teams[team]
        holder = self.assignees[assignee] if assignee >= 0 else None
        if holder is not None and not holder.holds(*HANDLERS, team_id=place.pk):
            holder = None  # it went to a team that they are not in
        users = recipients(step.to, Conversation(team=place, assignee=holder))
        if step.do is Do.REASSIGN:
            if step.to is not None and step.to.whom is Whom.TEAM and step.to.name:
                return ()
            members = (user for user in users if place.pk in self.users[user.pk].team_ids)
            users = [user for user in [next(members, None)] if user is not None and user != holder]
        return [Person(str(user.pk), str(user), user.time_zone or "UTC") for user in users]
