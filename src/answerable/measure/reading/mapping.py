"""What a file's columns mean: guessed, shown as `map.toml` (mapfile.py), corrected by a person, read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from answerable.core.said import Wrong

GROUPS = ("team", "team_id", "channel", "segment", "region", "language", "priority")
ROLES = ("asked", "answered", "solved", "reopened")
KINDS: dict[str, tuple[str, ...]] = {
    "conversations": (
        "conversation_id", "started_at", "first_responded_at", "first_response_seconds",
        "first_response_business_seconds", "solved_at", "resolution_seconds", "resolution_business_seconds", "status",
        "reopened_count", "opened_by", "spam", "merged_into", "score", "invited", "invited_at", "rated_at",
        "last_seen_at", "agent", "agent_id", "returned", "refund", "compensation", "currency", *GROUPS,
    ),
    "events": ("conversation_id", "activity", "at", "agent", *GROUPS),
    "ratings": ("conversation_id", "score", "invited_at", "rated_at", "agent", "agent_id", *GROUPS),
    "survey": ("respondent", "at", "instrument", "item", "part", "value", *GROUPS),
    "activity": (
        "customer", "date", "order", "amount", "status", "cancelled_at", "returned", "refund", "compensation",
        "currency", "segment", "region",
    ),
    "ignore": (),
}  # fmt: skip
"""The kinds of file, and what a column of each may be."""
NEEDED: dict[str, tuple[str, ...]] = {
    "events": ("conversation_id", "activity", "at"),
    "activity": ("customer", "date"),
    "survey": ("item", "value"),
    "conversations": ("conversation_id", "started_at"),
    "ratings": ("score",),
}
"""What a file of each kind must have; a survey has columns of items instead, where it is wide."""
INSTANTS = ("started_at", "first_responded_at", "solved_at", "invited_at", "rated_at", "last_seen_at", "at", "date")
DURATIONS = (
    "first_response_seconds", "first_response_business_seconds", "resolution_seconds", "resolution_business_seconds",
)  # fmt: skip
NUMBERS = ("amount", "score", "value", "reopened_count", "refund", "compensation")
INSTRUMENTS = ("csat", "nps", "ces", "servqual", "engagement")


class MappingError(Wrong):
    """A map.toml that does not say what it should; the message names the place."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a column, or a constant. `unit` is of durations. `words` are translated, and those
    not among them stand as they are, or as the word `*`. `equals` names a second column: it is the customer where
    the two are the same, else an agent. `times` names the column that a number is multiplied by, `hour` the one that
    has a date's time of day, `answers` the one with the number of the message that this one answers."""

    column: str | None = None
    value: str | None = None
    unit: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    equals: str | None = None
    times: str | None = None
    hour: str | None = None
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A column of a wide survey: which question, which half of a pair, in which dimension."""

    item: str
    part: str = "score"
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class FileMap:
    """What one file means. What is None or empty is guessed, or absent.

    `first` is "day" or "month"; `months` the language of the months' names. `activities` maps each of `ROLES` to an
    event log's activities. `solved` are the statuses that mean solved. `items` are a wide survey's columns. `reasons`
    say why, by what is mapped, and `proxies` what stands for something that it is not quite.
    """

    name: str
    kind: str
    columns: Mapping[str, Source] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    activities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    solved: tuple[str, ...] = ()
    system: str | None = None
    instrument: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    first: str | None = None
    months: str | None = None
    zone: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    proxies: tuple[str, ...] = ()

    def fits(self, name: str) -> bool:
        """Whether it is about a file (or part of one) of this name."""
        file = name.split("#")[0]
        return name == self.name or any(fnmatchcase(each, self.name) for each in (name, file, file.rpartition("/")[2]))

    def wanted(self) -> tuple[str, ...]:
        """The columns that have to be read, each once."""
        named = [source.column for source in self.columns.values() if source.column is not None]
        others = [
            each
            for source in self.columns.values()
            for each in (source.equals, source.times, source.hour, source.answers)
        ]
        beside = [each for each in others if each is not None]
        return tuple(dict.fromkeys([*named, *beside, *self.items]))
