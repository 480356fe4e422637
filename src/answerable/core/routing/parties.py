"""Those who wait and those who answer, as far as the choice needs to know them. Instants are seconds of any epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from answerable.core.presence import State

PATIENCE_SECONDS = 24 * 3600.0
"""What is promised nothing counts as due a day after it began to wait, so that promises never push it back for good."""
WORKING = 2
"""The level of a language from which on somebody may answer in it."""


@dataclass(frozen=True)
class Waiting:
    """A conversation that nobody has.

    kind        of its channel, by which capacity is counted, and `most`: how many of that kind its team lets one
                person have at once
    skills      key -> the least level that will do
    language    empty: any will do
    last_agent  who answered this customer last
    passed_by   who was offered it a moment ago and did not take it
    """

    id: int
    team: int
    arrived_at: float
    due_at: float | None = None
    kind: str = ""
    most: int = 1
    skills: Mapping[str, int] = field(default_factory=dict)
    language: str = ""
    segment: str = ""
    last_agent: int | None = None
    passed_by: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Agent:
    """Somebody who answers.

    teams       whose conversations they may be given
    idle_since  when they were given something last
    skills      key -> level; languages: code -> level
    owns        segments that a team of theirs answers for
    load        kind -> how many they have
    is_asked    another offer waits for their word
    """

    id: int
    teams: frozenset[int]
    idle_since: float = 0.0
    state: State = State.ONLINE
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    owns: frozenset[str] = frozenset()
    load: Mapping[str, int] = field(default_factory=dict)
    is_asked: bool = False


def urgency(waiting: Waiting) -> tuple[float, float, int]:
    """The smaller, the sooner: by when it is due, then by how long it has waited.

    Nothing that arrives later than something is due can come before it: so nobody waits for ever.
    """
    due = waiting.arrived_at + PATIENCE_SECONDS if waiting.due_at is None else waiting.due_at
    return max(due, waiting.arrived_at), waiting.arrived_at, waiting.id
