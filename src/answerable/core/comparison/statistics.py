"""What published figures count: the statistics that we know by name, ours among them.

A name begins with the indicator it is about. Two figures are compared only when their names are the same, so whoever
publishes something else, however near, has a name of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

OTHER = "other"
"""The last part of the name of whatever is not listed: never compared, for nobody knows what it counts."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """`unit` is ours: share (0 to 1), seconds, points, score or index. `kpi` is what it speaks of."""

    name: str
    kpi: str
    unit: str

    @property
    def is_other(self) -> bool:
        """Whether it stands for whatever is not listed; in any unit, then."""
        return self.name.endswith(f".{OTHER}")


def _all(*listed: tuple[str, str]) -> Mapping[str, Statistic]:
    return MappingProxyType({name: Statistic(name, name.partition(".")[0], unit) for name, unit in listed})


STATISTICS = _all(
    ("csat.top_two_box", "share"),
    ("csat.mean", "score"),
    ("csat.thumbs", "share"),
    ("csat.top_three_box", "share"),
    ("csat.acsi_index", "index"),
    ("csat.ukcsi_index", "index"),
    ("csat.other", "share"),
    ("nps", "points"),
    ("nps.other", "points"),
    ("first_response.calendar.p50.kaplan_meier", "seconds"),
    ("first_response.calendar.p50.naive", "seconds"),
    ("first_response.calendar.p90.kaplan_meier", "seconds"),
    ("first_response.business.p50.kaplan_meier", "seconds"),
    ("first_response.business.p50.naive", "seconds"),
    ("first_response.mean", "seconds"),
    ("first_response.typical", "seconds"),
    ("first_response.queue_wait", "seconds"),
    ("first_response.speed_of_answer", "seconds"),
    ("first_response.other", "seconds"),
    ("resolution.calendar.p50.kaplan_meier", "seconds"),
    ("resolution.calendar.p50.naive", "seconds"),
    ("resolution.business.p50.kaplan_meier", "seconds"),
    ("resolution.business.p50.naive", "seconds"),
    ("resolution.mean", "seconds"),
    ("resolution.other", "seconds"),
    ("retention", "share"),
    ("retention.other", "share"),
    ("servqual.other", "points"),
    ("engagement.enps", "points"),
    ("engagement.gallup_engaged", "share"),
    ("engagement.gallup_engaged_managers", "share"),
    ("engagement.other", "share"),
    ("compliance.own_standard", "share"),
    ("compliance.other", "share"),
    ("quality.first_contact_resolution", "share"),
    ("quality.other", "share"),
)
"""By name, each indicator's own first. `first_response.business...` counts business hours, `calendar` all hours."""

UNITS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "share": ("share", 1),
        "%": ("share", 0.01),
        "percent": ("share", 0.01),
        "seconds": ("seconds", 1),
        "minutes": ("seconds", 60),
        "hours": ("seconds", 3_600),
        "days": ("seconds", 86_400),
        "points": ("points", 1),
        "score": ("score", 1),
        "index": ("index", 1),
    }
)
"""How figures are written, and what one is in our units."""
RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"share": (0, 1), "seconds": (0, 3.2e8), "points": (-100, 100), "score": (0, 10), "index": (-1e6, 1e6)}
)
"""The least and the most that a value in our units can be."""


def statistic_of(name: str) -> Statistic:
    """The statistic of a name, or the "other" of its indicator. Raises KeyError where the indicator is not known."""
    return STATISTICS.get(name) or STATISTICS[f"{name.partition('.')[0]}.{OTHER}"]
