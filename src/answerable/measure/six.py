"""The six-KPI report of any facts: what `build_report` measures, with a period, cuts and a clock that fit them.

report = six_kpis(reading.facts(), since=date(2026, 1, 1), until=date(2026, 4, 1), zone="Europe/Riga")
report.indicators["csat"].total.estimate, report.absent["servqual"].needs, report.details["retention"].cohorts
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from answerable.measure.figure import Group
from answerable.measure.measuring import EVERY, Options
from answerable.measure.period import EPOCH, Cut, Period
from answerable.measure.preparation import COUNTED
from answerable.measure.report import Report, build_report
from answerable.measure.tables import GROUPS as COLUMNS

if TYPE_CHECKING:
    from answerable.core.comparison import Published
    from answerable.measure.facts import Facts

GROUPS = ("team_id", "channel", "segment", "region")
KNOWN = frozenset({column.name for column in COLUMNS} | {"agent_id", "standard"})
SHORT_DAYS = 92  # the trend of so many days is by week


def six_kpis(
    facts: Facts,
    *,
    since: date | None = None,
    until: date | None = None,
    zone: str = "UTC",
    group_by: Sequence[str] = GROUPS,
    targets: Mapping[str, float] | None = None,
    benchmarks: Iterable[Published] | None = None,
    scopes: Collection[str] = (),
    clock: Literal["business", "calendar"] | None = None,
    options: Options | None = None,
) -> Report:
    """Every indicator the facts allow; `absent` says what the others need.

    Without `since` or `until` the report begins or ends with the facts. A cut of time in `group_by` is the
    trend's; without one it is the week up to a quarter, else the month. Dimensions that nothing carries are
    left out. Without a `clock` it is business time where it is known of all who wait.

    Raises ValueError as `build_report` does, and on facts without a single date when no period is given.
    """
    first, last = span(facts, zone)
    begin, end = since or first, until or (last and last + timedelta(days=1))
    if begin is None or end is None:
        raise ValueError("Nothing in these facts has a date: say since and until.")
    period = Period(begin, end, zone)
    cuts = [each for each in group_by if each in ("day", "week", "month")]
    cut: Cut = "week" if period.days <= SHORT_DAYS else "month"
    wanted = list(dict.fromkeys([*(cuts or [cut]), *group_by]))
    there = [each for each in wanted if each in cuts or each == cut or _carried(facts, each)]
    report = build_report(
        facts,
        since=begin,
        until=end,
        zone=zone,
        compare_to=period.base() if first is not None and first < begin else None,
        group_by=there,
        targets=targets,
        clock=clock or _clock(facts),
        measures=EVERY,
        benchmarks=benchmarks,
        scopes=scopes,
        judged=True,
        options=options,
    )
    indicators = {
        name: replace(each, groups={dimension: groups for dimension, groups in each.groups.items() if _tells(groups)})
        for name, each in report.indicators.items()
    }
    return replace(report, indicators=indicators)


def span(facts: Facts, zone: str) -> tuple[date | None, date | None]:
    """The first and the last local day on which anything in the facts counts; None where nothing has a date."""
    days: list[int] = []
    for name, table in facts.tables.items():
        column = "day" if name == "activity" else "at"
        rows = table.filter(table.error == 0) if "error" in table.columns else table
        ends = facts.fetch(rows.agg(first=rows[column].min(), last=rows[column].max())).to_pylist()[0]
        known = [end for end in (ends["first"], ends["last"]) if end is not None]
        days += known if name == "activity" else [_local_day(instant, zone) for instant in known]
    if not days:
        return None, None
    return EPOCH + timedelta(days=min(days)), EPOCH + timedelta(days=max(days))


def _local_day(instant: int, zone: str) -> int:
    return (datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).date() - EPOCH).days


def _carried(facts: Facts, dimension: str) -> bool:
    """Whether any row has a value in this dimension. What is no dimension at all is `build_report`'s to refuse."""
    tables = [table for table in facts.tables.values() if dimension in table.columns]
    if not tables:
        return dimension not in KNOWN
    return any(
        facts.fetch(table.filter(table[dimension].notnull()).select(dimension).limit(1)).num_rows for table in tables
    )


def _clock(facts: Facts) -> Literal["business", "calendar"]:
    """Business time where it is known, also of those who still wait."""
    rows = facts.conversations
    if rows is None:
        return "calendar"
    waiting = ~rows.first_response_ended & ~rows.first_response_settled & (rows.standing == COUNTED)
    known = rows.first_response_business.notnull() | rows.resolution_business.notnull()
    found = rows.agg(known=known.any(), lost=(waiting & rows.first_response_business.isnull()).any())
    told = facts.fetch(found).to_pylist()[0]
    return "business" if told["known"] and not told["lost"] else "calendar"


def _tells(groups: list[Group]) -> bool:
    """Whether it is more than the one group without a name."""
    return any(group.key is not None for group in groups)
