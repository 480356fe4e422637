"""ONE vocabulary of steps, for escalations now, for macros and rules as they come.

Each step is a function that does something to a conversation and answers what it did, as particulars for the event.
"""

from collections.abc import Callable
from typing import Any

from answerable.core.policy import Do, Recipient, Step, Whom
from answerable.desk.actions.conversations import assign, move, set_priority
from answerable.desk.models import Conversation, Notice, Priority
from answerable.people.models import Membership, Role, Team, User

Outcome = dict[str, Any]


def take(step: Step, conversation: Conversation, **about: Any) -> Outcome:
    """Take one step; `about` goes into the notices it sends."""
    return {"do": str(step.do)} | STEPS[step.do](step, conversation, about)


def _notify(step: Step, conversation: Conversation, about: dict[str, Any]) -> Outcome:
    told = recipients(step.to, conversation)
    Notice.objects.bulk_create(
        Notice(user=user, conversation=conversation, kind="escalation", particulars=about) for user in told
    )
    return {"told": [user.pk for user in told]}


def _raise_priority(step: Step, conversation: Conversation, about: dict[str, Any]) -> Outcome:
    raised = min(conversation.priority + 1, Priority.URGENT)
    set_priority(conversation, to=raised, by=None)
    return {"before": conversation.priority, "to": int(raised)}


def _reassign(step: Step, conversation: Conversation, about: dict[str, Any]) -> Outcome:
    if step.to is None:
        return {}
    if step.to.whom is Whom.TEAM and step.to.name:
        team = Team.objects.filter(key=step.to.name, retired_at=None).first()
        if team is None:
            return {"no_team": step.to.name}
        assign(move(conversation, to=team, by=None), to=None, by=None)
        return {"team": team.pk}
    somebody = next((user for user in recipients(step.to, conversation) if conversation.team_id in user.team_ids), None)
    if somebody is None:
        return {"nobody": str(step.to)}
    assign(conversation, to=somebody, by=None)
    return {"assignee": somebody.pk}


STEPS: dict[Do, Callable[[Step, Conversation, dict[str, Any]], Outcome]] = {
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
