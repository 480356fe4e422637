"""What conversations are called, for packages below that speak of them by number."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from answerable.desk.models import Conversation

if TYPE_CHECKING:
    from answerable.people.models import User


def titles_of(user: "User", numbers: Collection[int]) -> Mapping[int, str]:
    """By number, of those that the user may see. One query."""
    rows = Conversation.objects.visible_to(user).filter(pk__in=numbers).only("subject")
    return {row.pk: str(row) for row in rows}
