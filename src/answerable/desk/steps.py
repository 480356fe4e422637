"""ONE vocabulary of steps, for escalations now, for macros and rules as they come.

Each step is a function that does something to a conversation that is held and answers what it did, as particulars
for the event.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from answerable.core.policy import Do, Recipient, Step, Whom
from answerable.desk.actions.changes import change_assignee, change_priority, change_team
from answerable.desk.actions.held import Held
from answerable.desk.models import Conversation, Notice, Priority
from answerable.people.models import Membership, Role, Team, User

Outcome = dict[str, Any]


@dataclass
class Steps:
    """Steps of one moment, however many: who is meant is asked once, and remembered."""

    _recipients: dict[tuple[Recipient, int], list[User]] = field(default_factory=dict)

    def take(self, step: Step, held: Held, **about: Any) -> Outcome:
        """Take one step; `about` goes into the notices it sends."""
        return {"do": str(step.do)} | STEPS[step.do](self, step, held, about)

    def recipients(self, to: Recipient | None, conversation: Conversation) -> list[User]:
        """Who is meant, as `recipients` says."""
        if to is None:
            return []
        if to.whom is Whom.ASSIGNEE and conversation.assignee_id is not None:
            return recipients(to, conversation)
        asked = to, conversation.team_id
        if asked not in self._recipients:
            self._recipients[asked] = recipients(to, conversation)
        return self._recipients[asked]


def _notify(steps: Steps, step: Step, held: Held, about: dict[str, Any]) -> Outcome:
    told = steps.recipients(step.to, held.conversation)
    held.notices += [
        Notice(user=user, conversation=held.conversation, kind="escalation", particulars=about) for user in told
    ]
    return {"told": [user.pk for user in told]}


def _raise_priority(_steps: Steps, _step: Step, held: Held, _about: dict[str, Any]) -> Outcome:
    before = held.conversation.priority
    raised = min(before + 1, Priority.URGENT)
    change_priority(held, to=raised, by=None)
    return {"before": before, "to": int(raised)}


def _reassign(steps: Steps, step: Step, held: Held, _about: dict[str, Any]) -> Outcome:
    if step.to is None:
        return {}
    if step.to.whom is Whom.TEAM and step.to.name:
        team = Team.objects.filter(key=step.to.name, retired_at=None).first()
        if team is None:
            return {"no_team": step.to.name}
        change_team(held, to=team, by=None)
        change_assignee(held, to=None, by=None)
        return {"team": team.pk}
    team_id = held.conversation.team_id
    somebody = next((user for user in steps.recipients(step.to, held.conversation) if team_id in user.team_ids), None)
    if somebody is None:
        return {"nobody": str(step.to)}
    change_assignee(held, to=somebody, by=None)
    return {"assignee": somebody.pk}


STEPS: dict[Do, Callable[[Steps, Step, Held, dict[str, Any]], Outcome]] = {
    Do.NOTIFY: _notify,
    Do.RAISE_PRIORITY: _raise_priority,
    Do.REASSIGN: _reassign,
}


def recipients(to: Recipient | None, conversation: Conversation) -> list[User]:
    """Who is meant. An assignee there is not, or who has left, is stood in for by the lead."""
    if to is None:
        return []
    if to.whom is Whom.USER:
        return list(User.objects.active().filter(email__iexact=to.name))
    if to.whom is Whom.TEAM:
        teams = Team.objects.filter(key=to.name) if to.name else Team.objects.filter(pk=conversation.team_id)
        return list(User.objects.active().filter(memberships__team__in=teams).distinct().order_by("pk"))
    if to.whom is Whom.ASSIGNEE and conversation.assignee is not None and conversation.assignee.is_active:
        return [conversation.assignee]
    return leads_of(conversation.team)


def leads_of(team: Team) -> list[User]:
    """The leads of the team; where it has none, of the nearest team above; at last the administrators."""
    above = list(Team.objects.filter(path__in=_paths(team.path)).order_by("-path").values_list("pk", flat=True))
    for role in (Role.LEAD, Role.ADMINISTRATOR):
        held = Membership.objects.filter(team__in=above, role=role, user__is_active=True).select_related("user")
        by_team: dict[int, list[User]] = {}
        for membership in held.order_by("user_id"):
            by_team.setdefault(membership.team_id, []).append(membership.user)
        for pk in above:
            if pk in by_team:
                return by_team[pk]
    return []


def _paths(path: str) -> list[str]:
    """The path itself and all above it: /a/b/ and /a/."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]
