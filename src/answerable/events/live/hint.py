"""What a live stream says: that something changed, and never what it is by now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Hint:
    """That something changed: which event, what, shown where, of which team.

    A signal leaves no event, so its `id` is 0, and it brings along what there is to say in `particulars`.
    """

    id: int
    verb: str
    root: str
    team_id: int | None
    particulars: Mapping[str, Any] | None = None

    @classmethod
    def from_payload(cls, payload: str) -> "Hint":
        """From a notification: of an event, or of a signal."""
        told = json.loads(payload)
        return cls(told["id"], told["verb"], told["root"], told["team"], told.get("particulars"))

    def payload(self) -> str:
        """As a notification."""
        told = {"id": self.id, "verb": self.verb, "root": self.root, "team": self.team_id}
        return json.dumps(told if self.particulars is None else {**told, "particulars": self.particulars})

    def encoded(self) -> bytes:
        """As a server-sent event."""
        said = {"id": self.id, "verb": self.verb, "root": self.root}
        data = json.dumps(said if self.particulars is None else {**said, "particulars": self.particulars})
        place = f"id: {self.id}\n" if self.id else ""  # what leaves no event is no place to catch up from
        return f"{place}event: hint\ndata: {data}\n\n".encode()


# The reader was away too long or reads too slowly to be told one by one: fetch everything again.
RESET = b"event: reset\ndata: {}\n\n"
