"""A figure of the report: its estimate, what stands beside it, and the conversations behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from answerable.measure.period import CUTS, Period

if TYPE_CHECKING:
    from answerable.core.comparison import Comparison, Verdict
    from answerable.core.estimates import Difference, Estimate

Key = int | str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which conversations a figure is made of. `behind.conversations` lists them; pages link to it.

    `dimension` and `key` narrow it to one group (key None is the group without one); a cut of time is
    already in `since` and `until`. `outcome` is one of the indicator's outcomes, "all" by default.
    """

    kpi: str
    since: date
    until: date
    zone: str
    dimension: str | None = None
    key: Key = None
    outcome: str = "all"

    @property
    def period(self) -> Period:
        """The days it covers."""
        return Period(self.since, self.until, self.zone)

    def query(self) -> dict[str, str]:
        """Names and values for a query string; `selection_from` reads them back."""
        query = {
            "kpi": self.kpi,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "zone": self.zone,
            "outcome": self.outcome,
        }
        if self.dimension is not None:
            query["by"] = self.dimension
            if self.key is not None:
                query["key"] = str(self.key)
        return query


def selection_from(query: dict[str, str]) -> Selection:
    """The selection that `query()` wrote. Raises ValueError saying which value cannot be read."""
    try:
        return Selection(
            query["kpi"],
            date.fromisoformat(query["since"]),
            date.fromisoformat(query["until"]),
            query.get("zone", "UTC"),
            query.get("by"),
            query.get("key"),
            query.get("outcome", "all"),
        )
    except KeyError as error:
        raise ValueError(f"A selection needs {error.args[0]}.") from error


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate, the estimates that qualify it (naive beside honest), and plain counts."""

    estimate: Estimate
    selection: Selection
    beside: dict[str, Estimate] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """The figure of one day, week, month, team, channel, ...: its key, its shown name, its figure.

    `rest` is this group less all the others, and `verdict` whether that is distinguishable once all groups of
    the indicator are judged together; None for cuts of time. A `hidden` group is of too few people to be shown,
    or would give such a group away: its figure is empty.
    """

    key: Key
    label: str | None
    figure: Figure
    rest: Difference | None = None
    verdict: Verdict | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A control chart over a cut of time: one point per piece that has a value, all tuples of that length.

    `kind` is "p" (limits by size) or "XmR". `outside` are the keys beyond a limit, `signals` those at which one
    of Nelson's rules comes true, as (rule, key). Limits of fewer than 20 points are `provisional`.
    """

    kind: str
    cut: str
    keys: tuple[str, ...]
    values: tuple[float, ...]
    centre: float | None
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    outside: tuple[str, ...]
    signals: tuple[tuple[int, str], ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """Published figures beside ours: those of the same statistic, unit and scope, newest first, and those that
    are not, nearest first, each with why (`refusals`)."""

    held: tuple[Comparison, ...]
    refused: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator over the period: total, the period before, the change, the target, and its groups.

    `groups` maps each dimension asked for to its groups, in order of time or of name.
    `against_target` is "met", "missed" or "not distinguishable"; None without a target or a value.
    `control` is of the first cut of time asked for; None without one. `benchmarks` is None where none were given.
    """

    name: str
    total: Figure
    before: Figure | None
    change: Difference | None
    target: float | None
    against_target: str | None
    groups: dict[str, list[Group]]
    control: Control | None = None
    benchmarks: Benchmarks | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """An indicator that these facts cannot answer: why, and what it needs."""

    name: str
    reason: str
    needs: str


def select(period: Period, kpi: str, dimension: str | None, key: Any, outcome: str = "all") -> Selection:
    """The selection of one group; for a cut of time its days within the period."""
    if dimension in CUTS:
        since, until = key
        return Selection(kpi, since, until, period.zone, outcome=outcome)
    return Selection(kpi, period.since, period.until, period.zone, dimension, key, outcome)
