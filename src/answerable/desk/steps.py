"""ONE vocabulary of steps, for escalations now, for macros and rules as they come.

Each step is a function that does something to a conversation that is held and answers what it did, as particulars
for the event.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from answerable.core.policy import Do, Recipient, Step, Whom
from answerable.desk.actions.changes import change_assignee, change_priority, change_team
from answerable.desk.actions.held import Held
from answerable.desk.models import Conversation, Notice, Priority
from answerable.people.leads import leads_of
from answerable.people.models import Team, User
from answerable.people.standing_in import Acting, StandIns

Outcome = dict[str, Any]


@dataclass
class Steps:
    """Steps of one moment, however many: who is meant and who is away is asked once, and remembered."""

    stand_ins: StandIns
    _recipients: dict[tuple[Recipient, int], list[User]] = field(default_factory=dict)

    def take(self, step: Step, held: Held, **about: Any) -> Outcome:
        """Take one step; `about` goes into the notices it sends."""
        return {"do": str(step.do)} | STEPS[step.do](self, step, held, about)

    def acting(self, to: Recipient | None, conversation: Conversation) -> list[Acting]:
        """Who is meant, as `recipients` says; for those who are away, who acts instead of them."""
        return self.stand_ins.acting(self._meant(to, conversation), conversation.team)

    def _meant(self, to: Recipient | None, conversation: Conversation) -> list[User]:
        if to is None:
            return []
        if to.whom is Whom.ASSIGNEE and conversation.assignee_id is not None:
            return recipients(to, conversation)
        asked = to, conversation.team_id
        if asked not in self._recipients:
            self._recipients[asked] = recipients(to, conversation)
        return self._recipients[asked]


def _notify(steps: Steps, step: Step, held: Held, about: dict[str, Any]) -> Outcome:
    told = steps.acting(step.to, held.conversation)
    for acting in told:
        instead_of = {"instead_of": str(acting.instead_of)} if acting.instead_of else {}
        held.notices.append(
            Notice(user=acting.user, conversation=held.conversation, kind="escalation", particulars=about | instead_of)
        )
    return {"told": [acting.user.pk for acting in told]} | _instead_of(told)


def _instead_of(acting: Iterable[Acting]) -> Outcome:
    """Pairs of who acts and for whom; nothing where everybody is there."""
    pairs = [[each.user.pk, each.instead_of.pk] for each in acting if each.instead_of is not None]
    return {"instead_of": pairs} if pairs else {}


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
    found = steps.acting(step.to, held.conversation)
    somebody = next((acting for acting in found if team_id in acting.user.team_ids), None)
    if somebody is None:
        return {"nobody": str(step.to)}
    change_assignee(held, to=somebody.user, by=None)
    return {"assignee": somebody.user.pk} | _instead_of([somebody])


STEPS: dict[Do, Callable[[Steps, Step, Held, dict[str, Any]], Outcome]] = {
    Do.NOTIFY: _notify,
    Do.RAISE_PRIORITY: _raise_priority,
    Do.REASSIGN: _reassign,
}


def recipients(to: Recipient | None, conversation: Conversation) -> list[User]:
    """Who is meant. An assignee there is not is stood in for by the lead, as are a person or a team without anybody."""
    if to is None:
        return []
    meant = _named(to, conversation)
    return meant or list(leads_of(conversation.team))


def _named(to: Recipient, conversation: Conversation) -> list[User]:
    if to.whom is Whom.USER:
        return list(User.objects.filter(email__iexact=to.name))
    if to.whom is Whom.TEAM:
        teams = Team.objects.filter(key=to.name) if to.name else Team.objects.filter(pk=conversation.team_id)
        return list(User.objects.active().filter(memberships__team__in=teams).distinct().order_by("pk"))
    if to.whom is Whom.ASSIGNEE and conversation.assignee is not None:
        return [conversation.assignee]
    return []
