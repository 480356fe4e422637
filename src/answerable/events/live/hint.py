import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Hint:
    """That something changed: which event, what, shown where, of which team."""

    id: int
    verb: str
    root: str
    team_id: int | None

    @classmethod
    def from_payload(cls, payload: str) -> "Hint":
        """From the notification that the trigger on events sends."""
        told = json.loads(payload)
        return cls(told["id"], told["verb"], told["root"], told["team"])

    def encoded(self) -> bytes:
        """As a server-sent event."""
        data = json.dumps({"id": self.id, "verb": self.verb, "root": self.root})
        place = f"id: {self.id}\n" if self.id else ""  # what leaves no event is no place to catch up from
        return f"{place}event: hint\ndata: {data}\n\n".encode()


# The reader was away too long or reads too slowly to be told one by one: fetch everything again.
RESET = b"event: reset\ndata: {}\n\n"
