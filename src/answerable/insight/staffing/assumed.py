"""What nobody can measure: how long a contact takes, how patient people are; with what is usual until a lead says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from answerable.insight.models import Assumptions
from answerable.people.models import Team

AT_ONCE = ("phone", "chat")
"""Channels on which somebody waits for a person; on the others, work waits for its turn."""
USUAL_SHRINKAGE, USUAL_OCCUPANCY = 0.15, 0.85
MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True)
class Assumed:
    """Of a channel. `handling_seconds`: None where a file tells it, or else what is usual holds. `limit_seconds` and
    `in_time` hold where the policy promises nothing for it."""

    handling_seconds: float | None = None
    at_once: int = 1
    patience_seconds: float | None = None
    limit_seconds: float = 0.0
    in_time: float = 0.8

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


USUAL: Mapping[str, Assumed] = MappingProxyType(
    {
        "phone": Assumed(limit_seconds=20.0, in_time=0.8, patience_seconds=2 * MINUTE),
        "chat": Assumed(limit_seconds=60.0, in_time=0.8, at_once=2, patience_seconds=5 * MINUTE),
        "email": Assumed(limit_seconds=4 * HOUR, in_time=0.9),
        "form": Assumed(limit_seconds=4 * HOUR, in_time=0.9),
        "api": Assumed(limit_seconds=4 * HOUR, in_time=0.9),
    }
)
USUAL_HANDLING: Mapping[str, float] = MappingProxyType(
    {"phone": 6 * MINUTE, "chat": 12 * MINUTE, "email": 8 * MINUTE, "form": 8 * MINUTE, "api": 8 * MINUTE}
)
_OTHER = Assumed(limit_seconds=4 * HOUR, in_time=0.9)


@dataclass(frozen=True)
class Taken:
    """What holds for a team. `said` is the row, None while nobody has said anything."""

    shrinkage: float
    occupancy: float
    channels: Mapping[str, Assumed]
    said: Assumptions | None

    def of(self, channel: str) -> Assumed:
        return self.channels.get(channel) or USUAL.get(channel, _OTHER)


def taken_for(team: Team) -> Taken:
    """One query."""
    row = Assumptions.objects.select_related("by").filter(team=team).first()
    if row is None:
        return Taken(USUAL_SHRINKAGE, USUAL_OCCUPANCY, {}, None)
    channels = {key: Assumed(**each) for key, each in row.channels.items()}
    return Taken(row.shrinkage, row.occupancy, channels, row)


def usual_handling(channel: str) -> float:
    return USUAL_HANDLING.get(channel, 8 * MINUTE)
