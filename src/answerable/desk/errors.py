"""What can be refused at the desk, in words for the person who asked."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from answerable.desk.models import Conversation
from answerable.events.models import Event
from answerable.people.errors import Refused
from answerable.people.models import Role, User

__all__ = ["Refused", "Stale", "check_can_handle", "check_can_see"]


class Stale(Refused):
    """Somebody else acted after the page was read. `events` are what came in between."""

    def __init__(self, events: Sequence[Event]) -> None:
        super().__init__(_("Something came in while you were writing. Read it, then send again."))
        self.events = events


def check_can_see(user: User, conversation: Conversation) -> None:
    """Raises PermissionDenied where the conversation is another team's."""
    if conversation.team_id not in user.team_ids:
        raise PermissionDenied


def check_can_handle(user: User | None, conversation: Conversation) -> None:
    """Agents, leads and administrators act; analysts only read. None is the system itself."""
    if user is not None and not user.holds(Role.ADMINISTRATOR, Role.LEAD, Role.AGENT, team_id=conversation.team_id):
        raise PermissionDenied
