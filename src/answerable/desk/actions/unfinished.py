"""What must be done before a conversation is solved."""

from collections.abc import Sequence

from django.utils.translation import get_language, ngettext

from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Field, Task

NAMED = 3


class Unfinished(Refused):
    """Something must be done first; `place` is where it stands on the conversation's page."""

    def __init__(self, text: str, place: str) -> None:
        super().__init__(text)
        self.place = place


def check_nothing_is_left(conversation: Conversation) -> None:
    """Raises Unfinished where a task must be done first, or something be known. No query where neither is asked for:
    who locked the row has read that."""
    _check_tasks(conversation)
    if getattr(conversation, "asks_fields", True):
        _check_fields(conversation)


def _check_tasks(conversation: Conversation) -> None:
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
        raise Unfinished(text % {"tasks": _named(texts)}, "tasks")


def _check_fields(conversation: Conversation) -> None:
    language = get_language() or ""
    rows = Field.objects.current().exclude(required_at=None)
    names = [row.name_in(language) for row in rows if not conversation.details.get(str(row.pk))]
    if names:
        text = ngettext(
            "This must be known before the conversation is solved: %(fields)s.",
            "These must be known before the conversation is solved: %(fields)s.",
            len(names),
        )
        raise Unfinished(text % {"fields": _named(names)}, "details")


def _named(texts: Sequence[str]) -> str:
    return "; ".join([*texts[:NAMED], *("…" for _more in texts[NAMED : NAMED + 1])])
