"""What must be done before a conversation is solved."""

from django.utils.translation import ngettext

from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Task

NAMED = 3


class Unfinished(Refused):
    """Something must be done first; `place` is where it stands on the conversation's page."""

    def __init__(self, text: str, place: str) -> None:
        super().__init__(text)
        self.place = place


def check_nothing_is_left(conversation: Conversation) -> None:
    """Raises Unfinished where a task must be done first. No query where none must."""
    if not conversation.blocking_tasks:
        return
    left = Task.objects.open().filter(conversation=conversation, required=True).order_by("place", "id")
    texts = list(left.values_list("text", flat=True)[: NAMED + 1])
    if texts:
        text = ngettext(
            "This must be done before the conversation is solved: %(tasks)s.",
            "These must be done before the conversation is solved: %(tasks)s.",
            len(texts),
        )
        raise Unfinished(text % {"tasks": "; ".join([*texts[:NAMED], *("…" for _more in texts[NAMED:])])}, "tasks")
