"""The six-KPI report: published values through the engine, and what it hides."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

import ibis
import pyarrow as pa
import pytest
from ibis.config import Config

from answerable.core.comparison import Published
from answerable.measure import behind, engines
from answerable.measure.drivers import of_satisfaction
from answerable.measure.facts import FactError, Facts
from answerable.measure.measuring import EVERY, SIX, Options
from answerable.measure.period import EPOCH, Period
from answerable.measure.report import build_report
from answerable.measure.six import six_kpis
from tests.measure.desks import AS_OF, conversation, facts, table
from tests.measure.surveys import MARCH, active, answer, day, pairs, surveyed

CDNOW = Path(__file__).parents[3] / "shared/data/cdnow/CDNOW_master.txt"


def recommended(promoters: int, passives: int, detractors: int, when: str) -> list[dict[str, Any]]:
    counts = {10: promoters, 8: passives, 3: detractors}
    return [answer("nps", value, when) for value, count in counts.items() for _ in range(count)]


def test_nps_that_rose_by_ten_is_not_claimed() -> None:
    """60/20/20 against 50/30/20: 10 points, z .8944, p .3711 (docs/measures/nps.md)."""
    answers = recommended(60, 20, 20, "2026-03-10 12:00") + recommended(50, 30, 20, "2026-02-10 12:00")
    report = six_kpis(surveyed(answers), **MARCH)
    nps = report.indicators["nps"]
    assert nps.total.estimate.value == 40
    assert nps.total.estimate.low == pytest.approx(23.3799, abs=1e-4)
    assert nps.total.estimate.high == pytest.approx(54.29, abs=1e-4)
    assert nps.change is not None
    assert (nps.change.value, nps.change.verdict) == (pytest.approx(10), "not distinguishable")
    assert (nps.change.z, nps.change.p) == (pytest.approx(0.8944, abs=1e-4), pytest.approx(0.3711, abs=1e-4))
    assert [each.sentence() for each in report.conclusions] == [
        "Recommendation (NPS): not distinguishable from the period before."
    ]
    assert set(report.absent) == set(EVERY) - {"nps"}
    assert report.absent["retention"].needs == "what customers did on which day: customer and date"


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW transactions are not there")
def test_retention_of_cdnow() -> None:
    """1997Q4 -> 1998Q1: S 4,221, E 3,817, N 1,863 (docs/measures/retention.md)."""
    rows = [line.split() for line in CDNOW.read_text().splitlines() if line.strip()[:1].isdigit()]
    days = [(date(int(r[1][:4]), int(r[1][4:6]), int(r[1][6:])) - EPOCH).days for r in rows]
    columns = {"customer": [row[0] for row in rows], "day": days, "amount": [float(row[3]) for row in rows]}
    known = Facts.from_arrow({"activity": pa.table(columns)}, as_of=86_400 * day("1998-07-01"))
    report = six_kpis(known, since=date(1998, 1, 1), until=date(1998, 4, 1))
    kept = report.indicators["retention"]
    assert kept.total.counts == {"start": 4221, "end": 3817, "new": 1863}
    assert kept.total.estimate.value == pytest.approx(0.46292347784885, abs=1e-12)
    whole = six_kpis(known)
    detail = whole.details["retention"]
    assert (detail.repeat.n, detail.repeat.value) == (23_570, 11_516 / 23_570)
    assert detail.cohorts.sizes == (7846, 8476, 7248)
    assert sum(detail.cohorts.sizes) == 23_570
    assert (detail.measured.since, detail.base.since) == (date(1998, 6, 1), date(1998, 5, 1))
    assert kept.total.selection.since == date(1998, 1, 1)


PUBLISHED = {
    "tangibles": (4, 4.44, 4.19, 11), "reliability": (5, 4.49, 4.36, 32), "responsiveness": (4, 4.48, 4.35, 22),
    "assurance": (4, 4.50, 4.32, 19), "empathy": (5, 4.56, 4.40, 16),
}  # fmt: skip


def published() -> list[dict[str, Any]]:
    """A hundred people whose answers have the published means: so many of them say 5 and the rest 4."""
    rows: list[dict[str, Any]] = []
    for who in range(100):
        for dimension, (size, expected, perceived, points) in PUBLISHED.items():
            halves = (4.0 + (who < round(100 * (expected - 4))), 4.0 + (who < round(100 * (perceived - 4))))
            for number in range(size):
                rows += pairs(who, f"{dimension}_{number + 1}", dimension, halves)
            rows.append(answer("servqual", points, respondent=who, item=dimension, part="weight"))
    return rows


def test_servqual_of_the_published_means() -> None:
    """Gaps -.25 -.13 -.13 -.18 -.16, mean -.1700, weighted -.1575 (docs/measures/servqual.md)."""
    report = six_kpis(surveyed(published()), **MARCH)
    whole = report.indicators["servqual"].total
    detail = report.details["servqual"]
    assert (whole.estimate.value, whole.estimate.n) == (pytest.approx(-0.17), 100)
    assert whole.beside["weighted"].value == pytest.approx(-0.1575)
    gaps = {each.whole.name: each.whole.gap.value for each in detail.result.dimensions}
    assert list(gaps) == list(PUBLISHED)
    assert list(gaps.values()) == [pytest.approx(gap) for gap in (-0.25, -0.13, -0.13, -0.18, -0.16)]
    assert [len(each.items) for each in detail.result.dimensions] == [4, 5, 4, 4, 5]
    assert detail.result.dimensions[0].expectation_alpha.value == pytest.approx(1)
    assert (detail.weighers, detail.left_out, detail.scale, detail.scale_guessed) == (100, 0, (1, 5), True)
    assert [each.what for each in detail.result.departures] == ["scale"]
    assert detail.quadrants is not None
    assert str(detail.quadrants.attributes["tangibles_1"]) == "low priority"


def test_half_a_pair_drops_the_pair_and_points_have_to_be_a_hundred() -> None:
    rows = pairs(1, "t1", "tangibles", (5, 4)) + pairs(1, "t2", "tangibles", (5, None))
    rows += pairs(2, "t1", "tangibles", (7, 1)) + pairs(2, "t2", "tangibles", (6, 6))
    rows += [answer("servqual", points, respondent=who, item="tangibles", part="weight") for who, points in
             ((1, 100), (2, 90))]  # fmt: skip
    report = six_kpis(surveyed(rows), **MARCH)
    detail = report.details["servqual"]
    assert detail.result.dimensions[0].whole.gap.value == pytest.approx(fmean((-1, -3)))
    assert detail.result.halves == (0, 1)
    assert (detail.weighers, detail.left_out) == (1, 1)
    given = six_kpis(surveyed(rows), **MARCH, options=Options(scale=(1, 7), weights={"tangibles": 100}))
    assert given.details["servqual"].scale_guessed is False


def staff(sizes: dict[int, int], good: int = 4) -> list[dict[str, Any]]:
    """Teams of so many, each of whom agrees to one statement and not to another."""
    rows = []
    for team, size in sizes.items():
        for who in range(size):
            for item, value in (("proud", good), ("tools", 2), ("eNPS", 9)):
                rows.append(
                    answer(
                        "engagement",
                        value,
                        "2026-03-01 00:00",
                        respondent=1000 * team + who,
                        item=item,
                        team_id=team,
                        team=f"Team {team}",
                    )
                )
    return rows


def test_groups_of_a_few_are_hidden_and_so_is_what_gives_them_away() -> None:
    """12, 9 and 40 with floor 10 hide 9 and 12 (docs/measures/engagement.md)."""
    report = six_kpis(surveyed(staff({1: 12, 2: 9, 3: 40})), **MARCH, options=Options(floor=10))
    engaged = report.indicators["engagement"]
    assert (engaged.total.estimate.value, engaged.total.estimate.n) == (0.5, 61)
    groups = {group.key: group for group in engaged.groups["team_id"]}
    assert {key for key, group in groups.items() if group.hidden} == {1, 2}
    for key in (1, 2):
        assert (groups[key].figure.estimate.n, groups[key].figure.estimate.value) == (0, None)
        assert groups[key].figure.counts == {}
        assert groups[key].figure.beside["mean"].n == 0
    assert all(group.rest is None for group in groups.values())
    assert groups[3].figure.estimate.n == 40
    detail = report.details["engagement"]
    assert [item.item.key for item in detail.items] == ["proud", "tools"]
    assert detail.recommend is not None
    assert (detail.recommend.value, detail.people) == (100, 61)
    alone = six_kpis(surveyed(staff({1: 4})), **MARCH)
    assert alone.indicators["engagement"].total.estimate.n == 0
    assert alone.details["engagement"].people is None
    assert json.loads(alone.as_json())["details"]["engagement"]["items"] == []


def test_answers_off_the_scale_and_without_a_date_are_told() -> None:
    rows = [answer("nps", 10), answer("nps", 11), answer("nps", None), answer("nps", 7, None)]
    report = six_kpis(surveyed(rows), **MARCH)
    assert report.indicators["nps"].total.counts["not_applicable"] == 1
    assert report.indicators["nps"].total.estimate.n == 1
    told = {(error.measure, error.what): error.count for error in report.errors}
    assert told == {
        ("nps", "an answer off the scale"): 1,
        ("nps", "no date, where other answers have one"): 1,
    }


def test_a_survey_without_dates_is_of_any_period() -> None:
    report = six_kpis(surveyed([answer("nps", value, None) for value in (10, 9, 3)]), **MARCH)
    assert report.indicators["nps"].total.estimate.n == 3
    with pytest.raises(ValueError, match="say since and until"):
        six_kpis(surveyed([answer("nps", 10, None)]))
    with pytest.raises(FactError, match="at least one table"):
        Facts.from_arrow({}, as_of=0)


def test_ratings_of_surveys_are_csat_without_a_response_rate() -> None:
    rows = [answer("csat", value) for value in (5, 4, 2, 2, None)]
    csat = six_kpis(surveyed(rows), **MARCH).indicators["csat"]
    assert (csat.total.estimate.value, csat.total.estimate.n, csat.total.estimate.coverage) == (0.5, 4, None)
    assert csat.total.counts["not_applicable"] == 1


def test_ease_can_be_asked_either_way_round() -> None:
    known = surveyed([answer("ces", value) for value in (7, 6, 2)])
    assert six_kpis(known, **MARCH).indicators["ces"].total.estimate.value == pytest.approx(2 / 3)
    hard = six_kpis(known, **MARCH, options=Options(hard_is_high=True)).indicators["ces"]
    assert hard.total.estimate.value == pytest.approx(1 / 3)


def test_what_came_back_has_a_sigma() -> None:
    rows = [
        conversation(n, f"2026-03-{1 + n % 28:02} 10:00", solved_at=None, reopened_count=int(n < 10)) for n in range(10)
    ]
    rows += [
        {**conversation(n, "2026-03-05 10:00"), "solved_at": rows[0]["started_at"] + 30 * 86_400}
        for n in range(100, 190)
    ]
    report = six_kpis(facts(rows), **MARCH)
    came_back = report.indicators["reopened"].total
    assert came_back.counts == {"defects": 10, "units": 100}
    assert came_back.beside["dpmo"].value == 100_000
    known = active([(1, day("2026-03-03"), 10.0), (2, day("2026-03-04"), -5.0), (2, day("2026-03-04"), 5.0)])
    assert six_kpis(known, **MARCH).indicators["refunds"].total.counts == {"defects": 1, "units": 3}


def test_a_team_stands_out_only_when_all_are_judged_together() -> None:
    """Of twenty teams with the same rate one is bound to look different; one that is different is told."""
    rows = []
    for team in range(1, 21):
        promoters = 40 if team < 20 else 5
        for value, count in ((10, promoters), (8, 20), (2, 60 - promoters)):
            rows += [answer("nps", value, team_id=team, team=f"Team {team:02}") for _ in range(count)]
    groups = six_kpis(surveyed(rows), **MARCH).indicators["nps"].groups["team_id"]
    told = {group.label for group in groups if group.verdict and group.verdict.word == "distinguishable"}
    assert told == {"Team 20"}
    worst = groups[-1]
    assert worst.rest is not None
    assert worst.rest.value is not None
    assert worst.rest.value < -80
    assert worst.verdict is not None
    assert worst.verdict.adjusted is not None
    assert worst.verdict.p is not None
    assert worst.verdict.adjusted >= worst.verdict.p


def test_published_figures_stand_beside_ours_only_where_they_fit() -> None:
    theirs = [
        Published(0.86, "share", "csat.thumbs", "live chat", date(2025, 12, 31), "a yearbook"),
        Published(0.5, "share", "csat.top_two_box", "live chat", date(2020, 12, 31), "another"),
        Published(30, "points", "nps", "live chat", date(2025, 12, 31), "a third"),
    ]
    known = surveyed([answer("csat", value) for value in (5, 4, 2, 2)])
    csat = six_kpis(known, **MARCH, benchmarks=theirs, scopes=("live chat",)).indicators["csat"]
    assert csat.benchmarks is not None
    assert [(str(each.standing), each.stale) for each in csat.benchmarks.held] == [("not distinguishable", True)]
    assert [each.published.statistic for each in csat.benchmarks.refused] == ["csat.thumbs"]


def test_the_trend_has_limits() -> None:
    rows = [answer("csat", 5 if n % 4 else 1, f"2026-{month:02}-10 12:00") for month in range(1, 5) for n in range(40)]
    rows += [answer("csat", 1, "2026-04-20 12:00") for _ in range(100)]
    control = six_kpis(surveyed(rows), since=date(2026, 1, 1), until=date(2026, 5, 1)).indicators["csat"].control
    assert control is not None
    assert (control.kind, control.cut, control.provisional) == ("p", "month", True)
    assert control.keys == ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
    assert control.outside == ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
    assert (1, "2026-04-01") in control.signals


def test_everything_is_json_and_nothing_unknown_is_measured() -> None:
    rows = published() + staff({1: 6, 2: 7}) + recommended(3, 1, 1, "2026-03-03 09:00")
    known = surveyed(rows)
    plain = json.loads(six_kpis(known, **MARCH).as_json())
    assert set(plain["indicators"]) == {"nps", "servqual", "engagement"}
    assert set(SIX) == set(plain["indicators"]) | set(plain["absent"]) & set(SIX)
    with pytest.raises(ValueError, match="no indicator 'happiness'"):
        build_report(known, **MARCH, measures=("happiness",))


class SparkOptions(Config):
    """Ibis knows Spark's options only where Spark is installed."""

    treat_nan_as_null: bool = False


def test_every_expression_is_written_for_spark_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine is asked compiles for Spark: nothing that only DuckDB knows."""
    asked: list[Any] = []
    ask, fetch, held = engines.ask, engines.fetch, engines.held

    def fetched(engine: Any, expression: Any) -> pa.Table:
        asked.append(expression)
        return fetch(engine, expression)

    def recorded(engine: Any, build: Any, tables: Any, numbers: Any) -> pa.Table:
        asked.append(build(*tables, *numbers))
        return ask(engine, build, tables, numbers)

    def kept(engine: Any, build: Any, table: Any, numbers: Any, *, key: str | None) -> Any:
        asked.append(build(table, *numbers))
        return held(engine, build, table, numbers, key=key)

    monkeypatch.setattr(engines, "fetch", fetched)
    monkeypatch.setattr(engines, "ask", recorded)
    monkeypatch.setattr(engines, "held", kept)
    rows = published() + staff({1: 6, 2: 7}) + recommended(3, 1, 1, "2026-03-03 09:00") + [answer("csat", 5)]
    six_kpis(surveyed(rows), **MARCH)
    six_kpis(active([(1, day("2026-02-03"), 1.0), (1, day("2026-03-03"), -1.0)]), **MARCH)
    six_kpis(facts([conversation(1, "2026-03-01 10:00")]), **MARCH)
    assert len(asked) > 30
    monkeypatch.setattr(ibis.options, "pyspark", SparkOptions())
    for expression in asked:
        assert ibis.to_sql(expression, dialect="pyspark")


def test_a_figure_leads_to_its_answers_but_never_to_those_of_staff() -> None:
    known = surveyed(recommended(3, 1, 2, "2026-03-03 09:00") + staff({1: 6}))
    report = six_kpis(known, **MARCH)
    selection = report.indicators["nps"].total.selection
    assert behind.answers(known, selection).num_rows == 6
    promoters = replace(selection, outcome="promoters", dimension="team_id", key="1")
    assert behind.answers(known, promoters).column("value").to_pylist() == [10, 10, 10]
    with pytest.raises(ValueError, match="never listed"):
        behind.answers(known, report.indicators["engagement"].total.selection)
    with pytest.raises(ValueError, match="no outcome"):
        behind.answers(known, replace(selection, outcome="happy"))
    with pytest.raises(ValueError, match="no answers behind"):
        behind.answers(known, replace(selection, kpi="retention"))


def test_satisfaction_is_driven_by_what_it_was_made_of() -> None:
    """Scores that fall with waiting alone: the wait has nearly all of R2, with a minus."""
    rows, rated = [], []
    for n in range(60):
        minutes = 2 ** (n % 5) * 10
        row = conversation(n, f"2026-03-{1 + n % 28:02} 10:00", reopened_count=int(n % 7 == 0))
        row |= {"first_responded_at": row["started_at"] + 60 * minutes}
        row |= {"solved_at": row["started_at"] + 86_400 + 977 * (n * 37 % 60)}
        rows.append(row)
        asked = {name: row[name] for name in ("conversation_id", "team_id", "team")}
        rated.append({**asked, "invited_at": row["solved_at"] or 0, "rated_at": row["solved_at"], "score": 5 - n % 5})
    known = facts(rows, ratings=rated)
    driving = of_satisfaction(known, Period(date(2026, 3, 1), date(2026, 4, 15)), "calendar")
    assert driving is not None
    assert driving.drivers is not None
    assert driving.n == 60
    first, resolution, reopened = driving.drivers.drivers
    assert (first.name, first.sign) == ("first_response", -1)
    assert first.share is not None
    assert first.share > 0.9
    assert sum(each.part for each in (first, resolution, reopened)) == pytest.approx(driving.drivers.r_squared.value)
    never_back = [{**row, "reopened_count": 0} for row in rows]
    without = of_satisfaction(facts(never_back, ratings=rated), Period(date(2026, 3, 1), date(2026, 4, 15)), "calendar")
    assert without is not None
    assert without.drivers is not None
    assert [each.name for each in without.drivers.drivers] == ["first_response", "resolution"]
    assert without.still == ("reopened",)
    never = of_satisfaction(facts(rows[:4], ratings=rated[:4]), Period(date(2026, 3, 1), date(2026, 4, 15)), "calendar")
    assert never is not None
    assert never.drivers is None
    assert never.refused is not None


def test_customers_with_a_place_each_are_kept_as_those_who_are_hashed() -> None:
    """Numbers without gaps, with gaps, and below zero."""
    came = [(number, day(f"2026-0{month}-03")) for number in range(40) for month in (1, 2, 3) if number % (month + 1)]
    kinds = [came, [(number * 10**12, at) for number, at in came], [(number - 50, at) for number, at in came]]
    first, *others = (
        six_kpis(active([(customer, at, 1.0) for customer, at in rows]), **MARCH).as_json() for rows in kinds
    )
    assert '"start": 26' in first
    assert [each == first for each in others] == [True] * len(others)


def test_what_is_asked_at_once_is_what_is_asked_one_after_the_other() -> None:
    tables = {"answers": table("answers", published() + recommended(3, 1, 1, "2026-03-03 09:00") + staff({1: 6})),
              "conversations": table("conversations", [conversation(1, "2026-03-01 10:00")]),
              "activity": table("activity", [{"customer": 1, "day": day("2026-02-03"), "amount": 2.0}])}  # fmt: skip
    known = Facts.from_arrow(tables, as_of=AS_OF)
    assert known.shared
    at_once, in_turn = (six_kpis(each, **MARCH) for each in (known, replace(known, shared=False)))
    assert {"nps", "servqual", "engagement", "first_response", "retention"} <= set(at_once.indicators)
    assert at_once.as_dict() == in_turn.as_dict()
