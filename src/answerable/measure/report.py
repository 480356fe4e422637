"""The report: the indicators over a period, beside the period before, by groups, and in words.

facts = Facts.from_arrow({"conversations": ..., "clocks": ..., "ratings": ...}, as_of=...)
report = build_report(facts, since=date(2026, 10, 1), until=date(2026, 11, 1), zone="Europe/Riga",
                      group_by=("week", "team_id", "channel"), targets={"csat": 0.9})
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from answerable.core.estimates import Difference, Estimate, difference
from answerable.measure.conclusions import Conclusion, conclude
from answerable.measure.figure import Figure, Group, Indicator
from answerable.measure.frame import BEFORE, TOTAL, Frame
from answerable.measure.kpi import compliance, csat, waiting
from answerable.measure.kpi.population import DataError, population
from answerable.measure.period import CUTS, Period

if TYPE_CHECKING:
    from answerable.measure.facts import Facts

SCHEMA = 1
LOWER_IS_BETTER = ("first_response", "resolution")

Raw = dict[str, list[tuple[Any, Figure]]]


@dataclass(frozen=True, slots=True)
class Report:
    """All indicators of one period. `as_dict` and `as_json` keep the keys of schema `SCHEMA`.

    `clock` names the clock the waiting times are counted by; the other stands in `other_clock` (totals
    only). `population` counts the conversations of the period and those left out, by reason.
    """

    period: Period
    before: Period | None
    as_of: int
    clock: str
    group_by: tuple[str, ...]
    indicators: dict[str, Indicator]
    other_clock: dict[str, Figure]
    population: dict[str, int]
    errors: list[DataError]
    conclusions: list[Conclusion]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values: ISO 8601 dates, Unix seconds, shares 0 to 1, durations in seconds."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain, ensure_ascii=False))
        for name, indicator in self.indicators.items():
            if indicator.change is not None:
                plain["indicators"][name]["change"]["verdict"] = indicator.change.verdict
        return {"schema": SCHEMA, **plain}

    def as_json(self) -> str:
        """`as_dict` as indented JSON."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2)


def build_report(
    facts: Facts,
    *,
    since: date,
    until: date,
    zone: str = "UTC",
    compare_to: Period | Literal["previous"] | None = "previous",
    group_by: Sequence[str] = ("week",),
    targets: Mapping[str, float] | None = None,
    clock: Literal["business", "calendar"] = "business",
    waits: Frame | None = None,
) -> Report:
    """Measure the local days from `since` up to, not including, `until`.

    `group_by` names cuts of time (day, week, month) and columns (team_id, channel, segment, region,
    language, priority; agent_id for CSAT; standard for compliance): each alone, not crossed. A dimension
    that an indicator's facts lack is left out of that indicator. `targets` are shares (compliance, csat) or
    seconds (first_response, resolution, for the Kaplan-Meier median). `waits` is what `waiting_times` brought of
    the same facts, periods and dimensions, where it was needed for more.

    Raises ValueError on an empty period, an unknown zone or dimension, or periods that overlap.
    """
    period = Period(since, until, zone)
    before = period.before() if compare_to == "previous" else compare_to
    if before is not None and before.overlaps(period):
        raise ValueError(f"The period compared with, {before.since} to {before.until}, overlaps this one.")
    _check(facts, group_by)
    waits = waits or waiting_times(facts, period, before, group_by)
    measured, other = _measure(facts, waits, period, before, tuple(group_by), clock)
    indicators = {name: _indicator(name, raw, facts, (targets or {}).get(name)) for name, raw in measured.items()}
    counts, errors = population(facts, period)
    return Report(
        period=period,
        before=before,
        as_of=facts.as_of,
        clock=clock,
        group_by=tuple(group_by),
        indicators=indicators,
        other_clock=other,
        population=counts,
        errors=errors,
        conclusions=conclude(indicators),
    )


def waiting_times(facts: Facts, period: Period, before: Period | None, group_by: Sequence[str]) -> Frame:
    """What both waiting times are measured by, and what shapes.py draws."""
    return waiting.fetch(facts, period, before, _split(group_by, facts.conversations.columns)[1])


def _check(facts: Facts, group_by: Sequence[str]) -> None:
    """Refuse a dimension that no table has."""
    tables = [table for table in (facts.conversations, facts.clocks, facts.ratings) if table is not None]
    for dimension in group_by:
        if dimension not in CUTS and not any(dimension in table.columns for table in tables):
            raise ValueError(f"Nothing can be grouped by {dimension!r}.")


def _measure(
    facts: Facts, waits: Frame, period: Period, before: Period | None, group_by: tuple[str, ...], clock: str
) -> tuple[dict[str, Raw], dict[str, Figure]]:
    """The figures of every indicator. The engine fetches while numpy sorts what came before."""
    ends = (TOTAL, BEFORE) if before else (TOTAL,)
    measured: dict[str, Raw] = {}
    other_clock = "calendar" if clock == "business" else "business"
    with ThreadPoolExecutor(2) as pool:
        running, others = {}, {}
        dimensions, columns = _split(group_by, facts.conversations.columns)
        for name, wait in waiting.WAITS.items():
            running[name] = pool.submit(waiting.figures, waits, wait, clock, [*ends, *dimensions])
            others[name] = pool.submit(waiting.figures, waits, wait, other_clock, [TOTAL])
        if facts.clocks is not None:
            wanted = tuple(dict.fromkeys((*group_by, "standard")))
            dimensions, columns = _split(wanted, facts.clocks.columns)
            frame = compliance.fetch(facts, period, before, columns)
            for name, kind in compliance.NAMES.items():
                cells = compliance.of_kind(frame, kind)
                measured[name] = compliance.figures(cells, name, [*ends, *dimensions])
        if facts.ratings is not None:
            dimensions, columns = _split(group_by, facts.ratings.columns)
            frame = csat.fetch(facts, period, before, columns)
            measured[csat.NAME] = csat.figures(frame, [*ends, *dimensions])
        ended = {name: future.result() for name, future in running.items()}
        other = {name: future.result()[TOTAL][0][1] for name, future in others.items()}
    return {**ended, **measured}, other


def _split(group_by: Sequence[str], columns: Sequence[str]) -> tuple[list[str], list[str]]:
    """The dimensions that a table can be grouped by, and those among them that are its columns."""
    dimensions = [each for each in group_by if each in CUTS or each in columns]
    return dimensions, [each for each in dimensions if each not in CUTS]


def _indicator(name: str, raw: Raw, facts: Facts, target: float | None) -> Indicator:
    """One indicator from its figures: change, target, groups in order."""
    total = raw[TOTAL][0][1]
    before = raw[BEFORE][0][1] if raw.get(BEFORE) else None
    change: Difference | None = difference(total.estimate, before.estimate) if before else None
    groups = {
        dimension: _groups(dimension, pairs, facts)
        for dimension, pairs in raw.items()
        if dimension not in (TOTAL, BEFORE)
    }
    return Indicator(name, total, before, change, target, against(name, total.estimate, target), groups)


def _groups(dimension: str, pairs: list[tuple[Any, Figure]], facts: Facts) -> list[Group]:
    """Groups of time by their first day; others by name, the group without one last."""
    if dimension in CUTS:
        return [Group(key[0].isoformat(), None, figure) for key, figure in pairs]
    names = facts.names(dimension)
    groups = [Group(key, names.get(key), figure) for key, figure in pairs]
    return sorted(groups, key=_by_name)


def _by_name(group: Group) -> tuple[bool, str, str]:
    """Where a group stands: by its name, then its key, the group without one last."""
    return group.key is None, group.label or str(group.key), str(group.key)


def against(name: str, estimate: Estimate, target: float | None) -> str | None:
    """Met or missed when the whole interval lies on one side of the target, else not distinguishable."""
    if target is None or estimate.value is None:
        return None
    above = estimate.low is not None and estimate.low >= target
    below = estimate.high is not None and estimate.high <= target
    if not above and not below:
        return "not distinguishable"
    return "met" if below == (name in LOWER_IS_BETTER) else "missed"


def _plain(value: Any) -> Any:
    """What json cannot write by itself."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a report.")
