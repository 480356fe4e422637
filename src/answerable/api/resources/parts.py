"""Lists of what stands in a conversation: its messages, its promises."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from answerable.api.operations import Answer, Call, Listed, Row, operation
from answerable.api.paging import PAGING, page
from answerable.api.schema import Shape
from answerable.desk.models import Conversation


def parts(
    name: str,
    title: str,
    *,
    tag: str,
    about: str,
    of: Shape,
    rows: "Callable[[], QuerySet[Row]]",
    output: Callable[[Row], dict[str, Any]],
) -> None:
    """Declares the list of them, the oldest first, for those who see the conversation."""

    def listed(call: Call) -> Answer:
        found = call.one(Conversation.objects.visible_to(call.by))
        return page(call, rows().filter(conversation=found), output, ascending=True)

    listed.__name__ = f"list_{name}"
    declare = operation(
        "GET",
        f"/conversations/{{id}}/{name}",
        title,
        tag=tag,
        scope="conversations:read",
        answers=Listed(of),
        query=PAGING,
        about=about,
    )
    declare(listed)
