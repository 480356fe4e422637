"""Which conversations a rule speaks of: facts about one, conditions on them, and what is more specific."""

from __future__ import annotations

from dataclasses import dataclass, fields

PRIORITIES = ("low", "normal", "high", "urgent")
"""From the least to the most pressing."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a conversation when its standard is chosen; None where nothing is known."""

    channel: str | None = None
    priority: str | None = None
    segment: str | None = None
    region: str | None = None
    language: str | None = None
    team: str | None = None


FIELDS = tuple(field.name for field in fields(Facts))


@dataclass(frozen=True, slots=True)
class Conditions:
    """Accepted values by field; an absent field accepts anything, also what is not known. Case is ignored."""

    channel: tuple[str, ...] | None = None
    priority: tuple[str, ...] | None = None
    segment: tuple[str, ...] | None = None
    region: tuple[str, ...] | None = None
    language: tuple[str, ...] | None = None
    team: tuple[str, ...] | None = None

    def items(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The fields that are named, with what they accept, in the order of `FIELDS`."""
        named = ((name, getattr(self, name)) for name in FIELDS)
        return tuple((name, accepted) for name, accepted in named if accepted is not None)

    @property
    def specificity(self) -> int:
        """How many fields are named."""
        return len(self.items())

    def failing(self, facts: Facts) -> str | None:
        """The first field that keeps the facts out, or None when all match."""
        for name, accepted in self.items():
            value = getattr(facts, name)
            if value is None or value.casefold() not in (each.casefold() for each in accepted):
                return name
        return None

    def match(self, facts: Facts) -> bool:
        """Whether every named field accepts the facts."""
        return self.failing(facts) is None

    def same_as(self, other: Conditions) -> bool:
        """Whether both accept exactly the same facts."""
        return self._sets() == other._sets()

    def _sets(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(each.casefold() for each in accepted) for name, accepted in self.items()}
