"""Who waits for an answer, by team and channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from answerable.insight.today.load import AWAKE, MOST_COUNTED
from answerable.web.channels import channel_name

if TYPE_CHECKING:
    from answerable.insight.today.board import Board
    from answerable.people.models import Team

# Of each team the oldest that wait, up to the limit, by the index on what waits: what is read does not grow with the
# desk. Where more wait than are counted, the counts by channel are of the oldest.
WAITING = f"""
SELECT team.id, waits.channel, count(*), count(*) FILTER (WHERE waits.assignee_id IS NULL), min(waits.unanswered_since)
FROM unnest(%(teams)s::bigint[]) AS team(id)
CROSS JOIN LATERAL (
    SELECT channel, assignee_id, unanswered_since {AWAKE.replace("= ANY(%(teams)s)", "= team.id")}
        AND unanswered_since IS NOT NULL ORDER BY unanswered_since LIMIT {MOST_COUNTED + 1}
) AS waits
GROUP BY team.id, waits.channel ORDER BY min(waits.unanswered_since)
"""  # noqa: S608 (of our own pieces)


@dataclass(frozen=True)
class Waiting:
    """Those of one team who wrote by one channel and wait; `unassigned` of them have nobody."""

    team: Team
    channel: str
    count: int
    unassigned: int
    since: datetime

    @property
    def name(self) -> str:
        """The channel's."""
        return channel_name(self.channel)

    @property
    def shown(self) -> str:
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


def waiting_by_channel(board: Board) -> Sequence[Waiting]:
    """Who has waited longest first. One query."""
    teams = {team.pk: team for team in board.teams}
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"teams": list(teams)})
        rows = cursor.fetchall()
    return [Waiting(teams[pk], channel, count, unassigned, since) for pk, channel, count, unassigned, since in rows]
