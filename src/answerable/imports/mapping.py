"""What their words mean here: shown before anything is taken over, and changed by whoever knows better."""

from collections.abc import Mapping as Words
from dataclasses import dataclass, field
from typing import Any

from answerable.desk.models import Priority, Status
from answerable.imports.reading.reader import Reader

LEAVE_OUT = "leave_out"
"""Instead of a status: tickets of that kind are not taken over."""


@dataclass(frozen=True)
class Mapping:
    """`statuses`: theirs -> one of Status, or LEAVE_OUT; `priorities`: theirs -> the name of one of Priority;
    `inboxes`: their group -> id of an inbox of ours; `people`: e-mail address or key of theirs -> address of ours."""

    statuses: Words[str, str] = field(default_factory=dict)
    priorities: Words[str, str] = field(default_factory=dict)
    inboxes: Words[str, int] = field(default_factory=dict)
    people: Words[str, str] = field(default_factory=dict)

    @classmethod
    def proposed(cls, reader: Reader, found: Words[str, Any]) -> "Mapping":
        """For the words that were found: what they usually mean."""
        return cls(
            statuses={word: reader.statuses.get(word.lower(), Status.OPEN.value) for word in found["statuses"]},
            priorities={word: reader.priorities.get(word.lower(), "normal") for word in found["priorities"]},
        )

    @classmethod
    def read(cls, data: Words[str, Any]) -> "Mapping":
        """What `written` made."""
        return cls(**{name: dict(data.get(name, {})) for name in ("statuses", "priorities", "inboxes", "people")})

    def written(self) -> dict[str, Any]:
        return {
            "statuses": dict(self.statuses),
            "priorities": dict(self.priorities),
            "inboxes": dict(self.inboxes),
            "people": dict(self.people),
        }

    def status(self, word: str) -> str | None:
        """None where nobody said what it means."""
        return self.statuses.get(word)

    def priority(self, word: str) -> int | None:
        name = self.priorities.get(word)
        return Priority[name.upper()].value if name else None


def statuses() -> list[tuple[str, str]]:
    """What a status of theirs may become."""
    return [(value, str(label)) for value, label in Status.choices]


def priorities() -> list[tuple[str, str]]:
    return [(one.name.lower(), str(one.label)) for one in Priority]
