"""The report: the indicators over a period, beside the period before, by groups, and in words.

facts = Facts.from_arrow({"conversations": ..., "answers": ..., "activity": ...}, as_of=...)
report = build_report(facts, since=date(2026, 10, 1), until=date(2026, 11, 1), zone="Europe/Riga",
                      group_by=("week", "team_id", "channel"), targets={"csat": 0.9}, measures=EVERY)
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from answerable.core.comparison import Comparison, Published, compare_all, verdicts
from answerable.core.estimates import Difference, Estimate, difference
from answerable.measure.conclusions import Conclusion, conclude
from answerable.measure.crossing import halves, shown
from answerable.measure.figure import Absent, Benchmarks, Figure, Group, Indicator
from answerable.measure.frame import BEFORE, TOTAL
from answerable.measure.groups import Raw, control
from answerable.measure.kpi.population import DataError, population
from answerable.measure.kpi.waiting import WAITS
from answerable.measure.measuring import DESK, Detail, Measuring, Options, absent, measure
from answerable.measure.period import CUTS, Cut, Period

if TYPE_CHECKING:
    from answerable.measure.facts import Facts
    from answerable.measure.kpi.conversations import Conversations

SCHEMA = 1
LOWER_IS_BETTER = ("first_response", "resolution", "reopened", "refunds", "returned", "refunded")


@dataclass(frozen=True, slots=True)
class Report:
    """All indicators of one period. `as_dict` and `as_json` keep the keys of schema `SCHEMA`.

    `clock` names the clock the waiting times are counted by; the other stands in `other_clock` (totals
    only). `population` counts the conversations of the period and those left out, by reason. `details` hold
    what only one indicator has: retention (cohorts, survival), servqual (gaps per item, weights, quadrants),
    engagement (questions). `absent` are the indicators asked for that these facts cannot answer.
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
    details: dict[str, Detail] = field(default_factory=dict)
    absent: dict[str, Absent] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values: ISO 8601 dates, Unix seconds, shares 0 to 1, durations in seconds."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain, ensure_ascii=False))
        for name, indicator in self.indicators.items():
            if indicator.change is not None:
                plain["indicators"][name]["change"]["verdict"] = indicator.change.verdict
            for dimension, groups in indicator.groups.items():
                for said, group in zip(plain["indicators"][name]["groups"][dimension], groups, strict=True):
                    if group.rest is not None:
                        said["rest"]["verdict"] = group.rest.verdict
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
    measures: Collection[str] = DESK,
    benchmarks: Iterable[Published] | None = None,
    scopes: Collection[str] = (),
    judged: bool = False,
    options: Options | None = None,
    waits: Conversations | None = None,
) -> Report:
    """Measure the local days from `since` up to, not including, `until`.

    `group_by` names cuts of time (day, week, month) and columns (team_id, channel, segment, region,
    language, priority; agent_id for CSAT; standard for compliance): each alone, not crossed. A dimension
    that an indicator's facts lack is left out of that indicator. `targets` are in the indicator's unit: shares,
    seconds (first_response, resolution, for the Kaplan-Meier median), points (nps, servqual).

    `measures` are the indicators wanted. `benchmarks` are published figures, and `scopes` those we belong to.
    `waits` is what `waiting_times` brought of the same facts, periods and dimensions, where it was needed for more.
    With `judged` every group is set against all the others, and all groups of an indicator judged together.

    Raises ValueError on an empty period, an unknown zone, dimension or measure, or periods that overlap.
    """
    period = Period(since, until, zone)
    before = period.before() if compare_to == "previous" else compare_to
    if before is not None and before.overlaps(period):
        raise ValueError(f"The period compared with, {before.since} to {before.until}, overlaps this one.")
    _check(facts, group_by)
    options = options or Options()
    of = Measuring(facts, period, before, tuple(group_by), options, judged=judged)
    measured = measure(of, measures, clock, waits)
    cut = next((each for each in CUTS if each in group_by), None)
    known = None if benchmarks is None else list(benchmarks)

    def made(raws: Mapping[str, Raw]) -> dict[str, Indicator]:
        found = {name: _indicator(name, raw, facts, (targets or {}).get(name), cut) for name, raw in raws.items()}
        return found if known is None else {name: _beside(each, known, scopes, until) for name, each in found.items()}

    found = made(measured.found)  # and asked for their names while waits are counted
    counts, errors = population(facts, period, measures, measured.conversations, of.errors)
    ended, other_clock = measured.waits()
    found |= made(ended)
    indicators = {name: found[name] for name in measures if name in found}
    return Report(
        period=period,
        before=before,
        as_of=facts.as_of,
        clock=clock,
        group_by=tuple(group_by),
        indicators=indicators,
        other_clock=other_clock,
        population=counts,
        errors=errors,
        conclusions=conclude(indicators),
        details=measured.details,
        absent=absent(measures, indicators, options),
    )


def waiting_times(facts: Facts, period: Period, before: Period | None, group_by: Sequence[str]) -> Conversations:
    """What both waiting times are measured by, and what shapes.py draws."""
    rows = Measuring(facts, period, before, tuple(group_by), Options()).conversations(tuple(WAITS), hours=True)
    if rows is None:
        raise ValueError("These facts have no conversations.")
    return rows


def _check(facts: Facts, group_by: Sequence[str]) -> None:
    """Refuse a dimension that no table has."""
    for dimension in group_by:
        if dimension not in CUTS and not any(dimension in table.columns for table in facts.tables.values()):
            raise ValueError(f"Nothing can be grouped by {dimension!r}.")


def _indicator(name: str, raw: Raw, facts: Facts, target: float | None, cut: Cut | None) -> Indicator:
    """One indicator from its figures: change, target, groups in order, its trend's limits."""
    total = raw.figures[TOTAL][0][1]
    before = raw.figures[BEFORE][0][1] if raw.figures.get(BEFORE) else None
    change: Difference | None = raw.change
    if change is None and before is not None:
        change = difference(total.estimate, before.estimate)
    groups = _groups(raw, facts)
    cut = cut if cut in groups else next((each for each in CUTS if each in groups), None)
    chart = control(groups[cut], cut, share=raw.counted) if cut else None
    return Indicator(name, total, before, change, target, against(name, total.estimate, target), groups, chart)


def _beside(indicator: Indicator, known: list[Published], scopes: Collection[str], on: date) -> Indicator:
    """The indicator beside the published figures of its own statistic; those refused say why."""
    estimate = indicator.total.estimate
    old = [each for each in known if each.until <= on]
    held, refused = compare_all(estimate, old, scopes, on)
    return replace(indicator, benchmarks=Benchmarks(held, tuple(each for each in refused if _near(each, estimate))))


def _near(refused: Comparison, estimate: Estimate) -> bool:
    """Whether a published figure is at least of the same family: csat.thumbs beside csat.top_two_box."""
    family = estimate.definition.name.split(".")[0].split("[")[0]
    return refused.published.statistic.split(".")[0] == family


def _groups(raw: Raw, facts: Facts) -> dict[str, list[Group]]:
    """The groups of every dimension, in order, each judged among all of them."""
    judged = verdicts(
        {f"{dimension} {number}": each for dimension, apart in raw.apart.items() for number, each in enumerate(apart)}
    )
    found = {}
    for dimension, pairs in raw.figures.items():
        if dimension in (TOTAL, BEFORE):
            continue
        apart, hidden = raw.apart.get(dimension), raw.hidden.get(dimension, frozenset())
        names = {} if dimension in CUTS else facts.names(dimension, {key for key, _ in pairs})
        groups = [
            Group(
                key[0].isoformat() if dimension in CUTS else key,
                _label(dimension, key, names),
                figure,
                apart[number] if apart else None,
                judged.get(f"{dimension} {number}"),
                number in hidden,
            )
            for number, (key, figure) in enumerate(pairs)
        ]
        found[dimension] = groups if dimension in CUTS else sorted(groups, key=_by_name)
    return found


def _label(dimension: str, key: Any, names: Mapping[Any, str]) -> str | None:
    """What a group is called where its key does not say it."""
    if dimension in CUTS or key is None:
        return None
    return shown(key) if halves(dimension) else names.get(key)


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
