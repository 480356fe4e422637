"""What a homeserver tells of a room, as it is kept: what it hands over, and what was said before we came in.

It hands over what is said where we are. Many programs make a room, invite us and say the first thing in one go: that is
asked for once we have come (Client-Server API, `GET /rooms/{roomId}/messages`).
"""

import json
from collections.abc import Iterator
from typing import Any

from answerable.channels.instant.keeping import Brought, fitting
from answerable.channels.matrix.client import Client, Refusal, segment

AT_ONCE = 50  # at 64 KiB each they fit into one answer
MOST = 1000


def brought(events: list[Any]) -> Iterator[Brought]:
    """What is no event, or has no name, can't be told from what came before: it is passed over."""
    for event in events:
        if isinstance(event, dict) and isinstance(event.get("event_id"), str):
            yield Brought(event["event_id"], fitting(event.get("room_id")), json.dumps(event))


def said_since(client: Client, room: str, invitation: str, *, user: str) -> list[Any]:
    """The events of a room, the oldest first, after the one that invited this user of ours (empty: all); the last MOST
    of them, as far as we may read them. Raises Later."""
    found: list[Any] = []
    query = {"dir": "b", "limit": str(AT_ONCE)}
    while len(found) < MOST:
        try:
            told = client.call("GET", f"/_matrix/client/v3/rooms/{segment(room)}/messages", user=user, query=query)
        except Refusal:
            break
        page = told.get("chunk")
        for event in page if isinstance(page, list) else []:
            if invitation and isinstance(event, dict) and event.get("event_id") == invitation:
                return found[::-1]
            found.append(event)
        if not page or not isinstance(told.get("end"), str):
            break
        query["from"] = told["end"]
    return found[::-1]
