"""Which promises fall due next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from answerable.desk.models import Conversation

if TYPE_CHECKING:
    from answerable.insight.today.board import Board

MOST = 12


def due_next(board: Board) -> Sequence[Conversation]:
    """The conversations whose promise falls due soonest, those that are late already left out. One query, by the index
    on what falls due."""
    rows = Conversation.objects.visible_to(board.reader).awake().filter(team__in=board.team_ids, due_at__gte=board.now)
    return list(rows.select_related("assignee", "contact", "team").order_by("due_at", "id")[:MOST])
