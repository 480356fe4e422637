"""The six indicators beside the same reckoned by plain Python, whatever the answers are."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from statistics import fmean

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.measure.measuring import Options
from answerable.measure.six import six_kpis
from tests.measure.surveys import MARCH, active, answer, day, pairs, surveyed

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
TEAMS, DAYS = st.integers(1, 3), st.integers(0, 58)


@FEW
@given(st.lists(st.tuples(TEAMS, DAYS, st.integers(0, 10)), min_size=1, max_size=50))
def test_nps_is_that_of_plain_python(rows: list[tuple[int, int, int]]) -> None:
    start = date(2026, 2, 1)
    made = [answer("nps", value, f"{start + timedelta(days=late)} 22:30", team_id=team) for team, late, value in rows]
    report = six_kpis(surveyed(made), **MARCH, zone="Europe/Riga", group_by=("month", "day", "team_id"))
    local = [(team, start + timedelta(days=late + 1), value) for team, late, value in rows]
    inside = [each for each in local if date(2026, 3, 1) <= each[1] < date(2026, 4, 1)]
    if "nps" not in report.indicators:
        return
    nps = report.indicators["nps"]

    def score(values: list[int]) -> float | None:
        return 100 * (sum(v >= 9 for v in values) - sum(v <= 6 for v in values)) / len(values) if values else None

    assert nps.total.estimate.value == pytest.approx(score([value for *_, value in inside]))
    for group in nps.groups.get("team_id", []):
        values = [value for team, _, value in inside if team == group.key]
        assert (group.figure.estimate.n, group.figure.estimate.value) == (len(values), pytest.approx(score(values)))
    for piece in nps.groups["day"]:
        assert piece.figure.estimate.n == sum(str(when) == piece.key for _, when, _ in inside)


@FEW
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 150)), min_size=1, max_size=60))
def test_retention_is_that_of_plain_python(rows: list[tuple[int, int]]) -> None:
    first = day("2025-11-15")
    segments = ["large" if customer % 2 else "small" for customer, _ in rows]
    known = active([(customer, first + late, None) for customer, late in rows], segment=segments)
    report = six_kpis(known, since=date(2026, 2, 1), until=date(2026, 4, 1), group_by=("month", "segment"))
    days = defaultdict(set)
    for customer, late in rows:
        if first + late < day("2026-04-01"):
            days[customer].add(first + late)

    def kept(base: str, start: str, end: str, who: set[int]) -> dict[str, int]:
        before = {c for c in who if any(day(base) <= d < day(start) for d in days[c])}
        after = {c for c in who if any(day(start) <= d < day(end) for d in days[c])}
        return {"start": len(before), "end": len(after), "new": len(after - before)}

    everybody = set(days)
    if min((first + late for _, late in rows), default=0) >= day("2026-02-01"):
        return
    retention = report.indicators["retention"]
    assert retention.total.counts == kept("2025-12-01", "2026-02-01", "2026-04-01", everybody)
    for group in retention.groups.get("segment", []):
        who = {customer for customer in everybody if (customer % 2 == 1) == (group.key == "large")}
        assert group.figure.counts == kept("2025-12-01", "2026-02-01", "2026-04-01", who)
    months = {piece.key: piece.figure.counts for piece in retention.groups["month"]}
    assert months["2026-02-01"] == kept("2026-01-01", "2026-02-01", "2026-03-01", everybody)
    assert months["2026-03-01"] == kept("2026-02-01", "2026-03-01", "2026-04-01", everybody)
    detail = report.details["retention"]
    assert sum(detail.cohorts.sizes) == len(everybody)
    assert detail.repeat.value == sum(len(each) > 1 for each in days.values()) / len(everybody)


HALF = st.one_of(st.none(), st.integers(1, 7))


@FEW
@given(st.lists(st.tuples(TEAMS, st.lists(st.tuples(HALF, HALF), min_size=4, max_size=4)), min_size=1, max_size=15))
def test_servqual_is_that_of_plain_python(people: list[tuple[int, list[tuple[int | None, int | None]]]]) -> None:
    items = (("t1", "tangibles"), ("t2", "tangibles"), ("r1", "reliability"), ("r2", "reliability"))
    rows = [
        row
        for who, (team, given_) in enumerate(people)
        for (item, dimension), halves in zip(items, given_, strict=True)
        for row in pairs(who, item, dimension, halves, team_id=team)
    ]
    if not rows:
        return
    report = six_kpis(surveyed(rows), **MARCH, options=Options(scale=(1, 7)))
    found = report.details["servqual"].result

    def gaps(names: tuple[str, ...]) -> list[float]:
        own = []
        for _, given_ in people:
            both = [p - e for (item, _), (e, p) in zip(items, given_, strict=True) if item in names and e and p]
            own += [fmean(both)] if both else []
        return own

    for dimension in found.dimensions:
        names = tuple(item.name for item in dimension.items)
        own = gaps(names)
        assert dimension.whole.gap.n == len(own)
        assert dimension.whole.gap.value == (pytest.approx(fmean(own)) if own else None)
        for item in dimension.items:
            each = gaps((item.name,))
            assert (item.gap.n, item.gap.value) == (len(each), pytest.approx(fmean(each)) if each else None)
    groups = report.indicators["servqual"].groups.get("team_id", [])
    assert sum(group.figure.counts["people"] for group in groups) in (0, found.respondents)


@FEW
@given(st.lists(st.tuples(TEAMS, st.lists(st.integers(1, 5), min_size=1, max_size=3)), min_size=5, max_size=25))
def test_engagement_is_that_of_plain_python(people: list[tuple[int, list[int]]]) -> None:
    rows = [
        answer("engagement", value, "2026-03-01 00:00", respondent=who, item=f"q{place}", team_id=team)
        for who, (team, values) in enumerate(people)
        for place, value in enumerate(values)
    ]
    report = six_kpis(surveyed(rows), **MARCH, options=Options(reverse=frozenset({"q1"})))
    turned = [[6 - v if place == 1 else v for place, v in enumerate(values)] for _, values in people]
    engaged = report.indicators["engagement"]
    assert engaged.total.estimate.n == len(people)
    assert engaged.total.estimate.value == pytest.approx(fmean(fmean(v >= 4 for v in each) for each in turned))
    assert engaged.total.beside["mean"].value == pytest.approx(fmean(fmean(each) for each in turned))
    shown = [group for group in engaged.groups["team_id"] if not group.hidden]
    assert all(group.figure.estimate.n >= 5 for group in shown)
    away = len(people) - sum(group.figure.estimate.n for group in shown)
    assert away == 0 or away >= 5
