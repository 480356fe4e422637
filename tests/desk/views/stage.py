"""What the tests of the desk's pages do again and again."""

from typing import Any

from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.messages import receive
from answerable.desk.models import Conversation
from answerable.events.models import Event, noun
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def asked(cast: Cast, subject: str, text: str, **more: Any) -> Conversation:
    """Dace writes to support."""
    opened = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject=subject, by=None)
    receive(opened, contact=cast.dace, text=text, **more)
    opened.refresh_from_db()
    return opened


def last_event(conversation: Conversation) -> int:
    return Event.objects.filter(root=noun(conversation)).latest("id").pk
