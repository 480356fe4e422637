"""Who is meant by a step."""

from answerable.core.policy import Recipient, Whom
from answerable.desk.models import Conversation
from answerable.people.leads import leads_of
from answerable.people.models import Team, User


def recipients(to: Recipient | None, conversation: Conversation) -> list[User]:
    """Who is meant. An assignee there is not is stood in for by the lead, as are a person or a team without anybody."""
    if to is None:
        return []
    meant = _named(to, conversation)
    return meant or list(leads_of(conversation.team))


def recipient_of(text: str) -> Recipient:
    """From what `str` gave: assignee, lead, team, `team:KEY`, `user:EMAIL`. Raises ValueError."""
    whom, _colon, name = text.partition(":")
    return Recipient(Whom(whom), name)


def _named(to: Recipient, conversation: Conversation) -> list[User]:
    if to.whom is Whom.USER:
        return list(User.objects.filter(email__iexact=to.name))
    if to.whom is Whom.TEAM:
        teams = Team.objects.filter(key=to.name) if to.name else Team.objects.filter(pk=conversation.team_id)
        return list(User.objects.active().filter(memberships__team__in=teams).distinct().order_by("pk"))
    if to.whom is Whom.ASSIGNEE and conversation.assignee is not None:
        return [conversation.assignee]
    return []
