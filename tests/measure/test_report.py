import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.measure.behind import conversations as behind
from answerable.measure.facts import FIRST_ROWS, FactError, Facts, conform, write_parquet
from answerable.measure.figure import selection_from
from answerable.measure.period import Period, piece_start
from answerable.measure.report import Report, build_report
from tests.measure.desks import AS_OF, at, conversation, facts, table

MARCH = {"since": date(2026, 3, 1), "until": date(2026, 4, 1)}


def waited(number: int, started: str, minutes: int | None, **others: object) -> dict[str, object]:
    """A conversation answered after some minutes, or not yet, on a desk that never closes."""
    start = at(started)
    seconds = AS_OF - start if minutes is None else 60 * minutes
    return conversation(
        number,
        started,
        first_responded_at=None if minutes is None else start + seconds,
        first_response_business_seconds=seconds,
        solved_at=None if minutes is None else start + 2 * seconds,
        resolution_business_seconds=AS_OF - start if minutes is None else 2 * seconds,
        **others,
    )


def test_who_was_solved_without_an_answer_waited_until_then() -> None:
    """docs/measures/first-response.md: two more, solved after 25 minutes without an answer."""
    rows = [waited(i, f"2026-03-0{i} 10:00", 10 * i) for i in range(1, 5)]
    rows += [waited(i, f"2026-03-0{i} 10:00", None) for i in range(5, 8)]
    for number in (8, 9):
        over = {"solved_at": at("2026-03-09 10:25"), "resolution_business_seconds": 25 * 60}
        rows.append(waited(number, "2026-03-09 10:00", None) | over)
    desk = facts(rows)
    first = build_report(desk, **MARCH).indicators["first_response"].total
    assert first.estimate.value == 40 * 60
    assert first.counts == {"ended": 4, "waiting": 3, "settled": 2}
    assert first.estimate.definition.version == 2
    listed = behind(desk, replace(first.selection, outcome="settled")).to_pylist()
    assert [(row["conversation_id"], row["business"], row["calendar"]) for row in listed] == [
        (8, 1500, 1500),
        (9, 1500, 1500),
    ]
    assert behind(desk, replace(first.selection, outcome="waiting")).num_rows == 3


def test_who_comes_late_in_the_rows_is_named_too() -> None:
    """Names are looked for among the first rows first."""
    late = waited(2, "2026-03-02 10:00", 10, team_id=7, team="Orders")
    rows = table("conversations", [waited(1, "2026-03-02 10:00", 10), late]).take([0] * FIRST_ROWS + [1])
    desk = Facts.from_arrow({"conversations": rows}, as_of=AS_OF)
    assert desk.names("team_id", {1}) == {1: "Care"}
    groups = build_report(desk, **MARCH, group_by=("team_id",)).indicators["first_response"].groups["team_id"]
    assert [(group.key, group.label) for group in groups] == [(1, "Care"), (7, "Orders")]


def test_the_unanswered_count_and_the_rest_is_left_out_by_name() -> None:
    """docs/measures/first-response.md: answered after 10, 20, 30, 40 min, three not: naive 25, honest 40."""
    rows = [waited(i, f"2026-03-0{i} 10:00", 10 * i) for i in range(1, 5)]
    rows += [waited(i, f"2026-03-0{i} 10:00", None) for i in range(5, 8)]
    rows += [
        waited(11, "2026-03-09 10:00", 1, spam=True),
        waited(12, "2026-03-09 10:00", 1, merged_into=1),
        conversation(13, None, opened_by="agent"),
        waited(14, "2026-03-09 10:00", 1, opened_by="agent"),
        waited(15, "2026-04-01 00:00", 1),
        waited(16, "2026-02-28 23:59", 5),
    ]
    report = build_report(facts(rows), **MARCH)
    first = report.indicators["first_response"]
    assert first.total.estimate.value == 40 * 60
    assert first.total.estimate.n == 7
    assert first.total.estimate.coverage == pytest.approx(4 / 7)
    assert first.total.beside["naive_p50"].value == 25 * 60
    assert first.total.counts == {"ended": 4, "waiting": 3, "settled": 0}
    assert first.total.estimate.definition.name == "first_response.business.p50.kaplan_meier"
    assert first.before is not None
    assert first.before.counts == {"ended": 1, "waiting": 0, "settled": 0}
    assert report.population == {
        "counted": 7, "spam": 1, "merged": 1, "agent_opened": 1, "conversations": 10, "reopened": 0, "imported": 0,
    }  # fmt: skip
    assert report.errors == []


def test_the_reopened_are_solved_when_last_solved() -> None:
    """docs/measures/resolution.md: 2 h, 5 h after a reopening, still open after 30: median 5 h, naive 3.5 h."""
    start, taken = at("2026-03-02 10:00"), at("2026-03-03 16:00")
    rows = [
        conversation(1, "2026-03-02 10:00", solved_at=start + 2 * 3600),
        conversation(2, "2026-03-02 10:00", solved_at=start + 5 * 3600, reopened_count=1),
        conversation(3, "2026-03-02 10:00"),
    ]
    report = build_report(facts(rows, as_of=taken), **MARCH, clock="calendar")
    resolution = report.indicators["resolution"].total
    assert (resolution.estimate.value, resolution.estimate.n) == (5 * 3600, 3)
    assert resolution.beside["naive_p50"].value == 3.5 * 3600
    assert report.population["reopened"] == 1


def test_they_count_on_the_local_day_the_customer_wrote() -> None:
    """22:30 UTC on 28 March is already the 29th in Riga; on the 29th the clocks go forward at 01:00 UTC."""
    rows = [
        waited(1, "2026-03-28 21:59", 600),
        waited(2, "2026-03-28 22:30", 5),
        waited(3, "2026-03-29 20:59", 5),
        waited(4, "2026-03-29 21:00", 5),
    ]
    report = build_report(facts(rows), **MARCH, zone="Europe/Riga", group_by=("day", "week", "month"))
    groups = report.indicators["first_response"].groups
    days = {group.key: group.figure.estimate.n for group in groups["day"] if group.figure.estimate.n}
    assert days == {"2026-03-28": 1, "2026-03-29": 2, "2026-03-30": 1}
    assert [group.key for group in groups["week"]][-2:] == ["2026-03-23", "2026-03-30"]
    assert groups["week"][0].key == "2026-03-01"
    assert [group.figure.estimate.n for group in groups["month"]] == [4]
    empty = groups["day"][0].figure
    assert (empty.estimate.value, empty.estimate.n) == (None, 0)


def clock(number: int, state: str, due: str | None, **others: object) -> dict[str, object]:
    """A first response clock of 4 hours, started on 2 March."""
    return {
        "conversation_id": number,
        "kind": "first_response",
        "started_at": at("2026-03-02 09:00"),
        "team_id": 1,
        "team": "Care",
        "standard": "answer-mail",
        "promise": "We answer e-mail within 4 working hours.",
        "target_seconds": 14_400,
        "state": state,
        "due_at": None if due is None else at(due),
        **others,
    }


def test_compliance_has_every_due_conversation_in_its_denominator() -> None:
    """docs/measures/compliance.md: 2 met, 1 breached, 1 still running past its time: 2 of 4."""
    clocks = [
        clock(1, "met", "2026-03-02 13:00"),
        clock(2, "met", None),
        clock(3, "breached", "2026-03-02 13:00"),
        clock(4, "running", "2026-03-02 13:00"),
        clock(5, "running", "2026-05-02 13:00"),
        clock(6, "met", "2026-05-02 13:00"),
        clock(7, "paused", None),
        clock(8, "cancelled", "2026-03-02 13:00"),
    ]
    desk = facts([waited(i, "2026-03-02 09:00", 10) for i in range(1, 9)], clocks)
    report = build_report(desk, **MARCH, targets={"first_response_compliance": 0.99})
    indicator = report.indicators["first_response_compliance"]
    assert indicator.total.counts == {"met": 2, "missed": 2, "not_due": 3}
    assert indicator.total.estimate.value == 0.5
    assert indicator.total.estimate.coverage == pytest.approx(4 / 7)
    assert indicator.against_target == "missed"
    (standard,) = indicator.groups["standard"]
    assert (standard.key, standard.label) == ("answer-mail", "We answer e-mail within 4 working hours.")
    assert report.indicators["resolution_compliance"].total.estimate.value is None
    missed = selection_from({**standard.figure.selection.query(), "outcome": "missed"})
    assert behind(desk, missed).column("conversation_id").to_pylist() == [3, 4]


def rating(number: int, score: int | None, *, answered: bool = True, **others: object) -> dict[str, object]:
    """An invitation of 3 March, answered the next day."""
    return {
        "conversation_id": number,
        "invited_at": at("2026-03-03 09:00"),
        "rated_at": at("2026-03-04 09:00") if answered else None,
        "score": score,
        "agent_id": 7,
        "agent": "Bob",
        "channel": "email",
        **others,
    }


def test_csat_counts_the_invited_and_leaves_the_not_applicable_out() -> None:
    ratings = [rating(i, score) for i, score in enumerate([5, 5, 4, 2, None], start=1)]
    ratings += [rating(i, None, answered=False) for i in range(6, 11)]
    report = build_report(facts([conversation(1, "2026-03-02 09:00")], None, ratings), **MARCH, group_by=("agent_id",))
    csat = report.indicators["csat"]
    assert (csat.total.estimate.value, csat.total.estimate.n) == (0.75, 4)
    assert csat.total.estimate.coverage == 0.5
    assert csat.total.beside["mean"].value == 4
    assert csat.total.counts["not_applicable"] == 1
    assert csat.total.counts["unanswered"] == 5
    (bob,) = csat.groups["agent_id"]
    assert (bob.key, bob.label) == (7, "Bob")
    assert "first_response_compliance" not in report.indicators
    assert "agent_id" not in report.indicators["first_response"].groups


def test_what_cannot_be_true_is_reported_with_its_conversations_and_not_repaired() -> None:
    backwards = waited(3, "2026-03-05 10:00", 30)
    backwards["first_responded_at"] = at("2026-03-05 09:00")
    too_long = waited(4, "2026-03-05 10:00", 30)
    too_long["resolution_business_seconds"] = 10**9
    rows = [waited(1, "2026-03-05 10:00", 10), backwards, too_long]
    clocks = [clock(9, "met", "2026-03-02 13:00", elapsed_business_seconds=20_000), clock(8, "lost", None)]
    ratings = [rating(5, 6), rating(6, 3, answered=False)]
    report = build_report(facts(rows, clocks, ratings), **MARCH)
    assert [(e.measure, e.what, e.count, e.conversations) for e in report.errors] == [
        ("first_response", "ended before it started", 1, [3]),
        ("resolution", "more business time than time", 1, [4]),
        ("compliance", "unknown state", 1, [8]),
        ("compliance", "met, though longer than promised", 1, [9]),
        ("csat", "score outside 1 to 5", 1, [5]),
        ("csat", "a score without an answer", 1, [6]),
    ]
    assert report.indicators["first_response"].total.estimate.n == 2
    assert report.indicators["resolution"].total.estimate.n == 2
    assert report.indicators["first_response_compliance"].total.estimate.n == 0
    assert report.indicators["csat"].total.estimate.n == 0


CARE, CLAIMS = {"team_id": 1, "team": "Care"}, {"team_id": 2, "team": "Claims"}
NOBODY = {"team_id": None, "team": None}


def busy(seed: int = 6, n: int = 4000) -> Facts:
    """A desk of two teams and three channels over February and March."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        start = at("2026-02-01 00:00") + int(rng.integers(0, 59 * 86_400))
        wait = int(rng.lognormal(8, 1.2))
        seen = rng.random() > 0.1
        rows.append(
            conversation(
                i,
                "2026-02-01 00:00",
                started_at=start,
                **[CARE, CLAIMS, NOBODY][int(rng.integers(0, 3))],
                channel=["email", "chat", "form"][int(rng.integers(0, 3))],
                first_responded_at=start + wait if seen else None,
                first_response_business_seconds=wait // 2 if seen else (AS_OF - start) // 2,
                solved_at=start + 3 * wait if seen else None,
            )
        )
    return facts(rows)


@pytest.fixture(scope="module")
def desk() -> Facts:
    return busy()


@pytest.fixture(scope="module")
def report(desk: Facts) -> Report:
    return build_report(desk, **MARCH, group_by=("day", "week", "team_id", "channel"), clock="calendar")


def test_groups_add_up_to_the_total(report: Report) -> None:
    first = report.indicators["first_response"]
    assert first.total.estimate.n > 1900
    for groups in first.groups.values():
        for name, count in first.total.counts.items():
            assert sum(group.figure.counts[name] for group in groups) == count
    assert [group.key for group in first.groups["team_id"]] == [1, 2, None]


def test_every_figure_leads_to_its_conversations(desk: Facts, report: Report) -> None:
    for group in report.indicators["first_response"].groups["channel"]:
        selection = group.figure.selection
        assert selection_from(selection.query()) == selection
        rows = behind(desk, selection, limit=10_000)
        assert rows.num_rows == group.figure.estimate.n
    whole = behind(desk, selection, limit=10_000).column("conversation_id").to_pylist()
    page = behind(desk, selection, limit=7).to_pylist()
    rest = behind(desk, selection, limit=10_000, after=(page[-1]["at"], page[-1]["conversation_id"]))
    assert [row["conversation_id"] for row in page] + rest.column("conversation_id").to_pylist() == whole
    nobody = selection_from({**selection.query(), "by": "team_id"} | {"key": "x"})
    with pytest.raises(ValueError, match="a number"):
        behind(desk, nobody)
    for change, message in (
        ({"kpi": "x"}, "no indicator"),
        ({"outcome": "x"}, "no outcome"),
        ({"by": "x"}, "not grouped"),
    ):
        with pytest.raises(ValueError, match=message):
            behind(desk, selection_from({**selection.query(), **change}))


def test_the_report_is_json_with_stable_keys(report: Report) -> None:
    plain = json.loads(report.as_json())
    assert plain["schema"] == 1
    assert list(plain) == [
        "schema", "period", "before", "as_of", "clock", "group_by", "indicators", "other_clock", "population",
        "errors", "conclusions", "details", "absent",
    ]  # fmt: skip
    estimate = plain["indicators"]["first_response"]["total"]["estimate"]
    assert set(estimate) == {"value", "low", "high", "n", "coverage", "definition", "method", "unit"}
    assert plain["indicators"]["first_response"]["change"]["verdict"] == "not distinguishable"
    assert plain["period"] == {"since": "2026-03-01", "until": "2026-04-01", "zone": "UTC"}


def test_conclusions_claim_no_more_than_the_interval(report: Report) -> None:
    said = {conclusion.indicator: conclusion.sentence() for conclusion in report.conclusions}
    assert said["first_response"] == "First response time: not distinguishable from the period before."
    rows = [waited(i, f"2026-02-{1 + i % 28:02} 10:00", 20 + i % 7) for i in range(200)]
    rows += [waited(1000 + i, f"2026-03-{1 + i % 28:02} 10:00", 50 + i % 7) for i in range(200)]
    slower = build_report(facts(rows), **MARCH, targets={"first_response": 3600, "resolution": 3600})
    sentences = [conclusion.sentence() for conclusion in slower.conclusions]
    assert "First response time: longer than in the period before, by 30\xa0min." in sentences
    assert "First response time: target of 1\xa0hr met." in sentences
    assert "Resolution time: target of 1\xa0hr missed." in sentences


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 58), st.integers(0, 5000), st.booleans()), min_size=1, max_size=60))
def test_medians_are_those_of_plain_numpy(rows: list[tuple[int, int, bool]]) -> None:
    made = []
    for number, (day, minutes, seen) in enumerate(rows):
        row = waited(number, "2026-02-01 12:00", minutes if seen else None)
        for name in ("started_at", "first_responded_at", "solved_at"):
            if row[name] is not None:
                row[name] += day * 86_400  # type: ignore[operator]
        row["first_response_business_seconds"] = None
        made.append(row)
    report = build_report(facts(made), **MARCH, clock="calendar")
    seen_in_march = [60 * minutes for day, minutes, seen in rows if seen and day >= 28]
    naive = report.indicators["first_response"].total.beside["naive_p50"]
    assert naive.n == len(seen_in_march)
    assert naive.value == (np.quantile(seen_in_march, 0.5) if seen_in_march else None)
    assert report.other_clock["first_response"].estimate.n == 0


def test_parquet_and_arrow_agree(tmp_path: Path) -> None:
    rows = [waited(i, f"2026-03-{1 + i % 28:02} 10:00", i) for i in range(1, 90)]
    made = table("conversations", rows)
    write_parquet("conversations", made, tmp_path / "conversations.parquet")
    one = build_report(Facts.from_parquet({"conversations": tmp_path / "conversations.parquet"}, as_of=AS_OF), **MARCH)
    other = build_report(Facts.from_arrow({"conversations": made}, as_of=AS_OF), **MARCH)
    assert one.as_json() == other.as_json()


def test_facts_of_another_shape_are_turned_or_refused(tmp_path: Path) -> None:
    """Timestamps with and without zone, string identifiers and plain strings are welcome."""
    instant = pa.array([at("2026-03-02 09:00") * 1000], pa.timestamp("ms", tz="Asia/Tbilisi"))
    rows = pa.table({
        "conversation_id": ["A-1"], "started_at": instant, "opened_by": ["customer"],
        "first_responded_at": pa.array([at("2026-03-02 09:05")], pa.timestamp("s")), "solved_at": pa.nulls(1),
        "colour": ["red"],
    })  # fmt: skip
    desk = Facts.from_arrow({"conversations": rows}, as_of=AS_OF)
    report = build_report(desk, **MARCH, clock="calendar")
    assert report.indicators["first_response"].total.estimate.value == 300
    with pytest.raises(FactError, match="column started_at is missing"):
        conform("conversations", rows.drop_columns(["started_at"]))
    with pytest.raises(FactError, match=r"solved_at .* cannot be read"):
        conform("conversations", rows.set_column(4, "solved_at", pa.array(["soon"])))
    with pytest.raises(FactError, match="is needed"):
        Facts.from_arrow({}, as_of=AS_OF)
    pa.parquet.write_table(rows, tmp_path / "raw.parquet")
    with pytest.raises(FactError, match=r"lacks spam, .* write_parquet"):
        Facts.from_parquet({"conversations": tmp_path / "raw.parquet"}, as_of=AS_OF)


def test_an_empty_desk_has_no_values() -> None:
    report = build_report(facts([], [], []), **MARCH, group_by=("week", "team_id"))
    assert {each.total.estimate.value for each in report.indicators.values()} == {None}
    assert all(conclusion.code == "empty" for conclusion in report.conclusions)
    assert report.indicators["csat"].groups["team_id"] == []


def test_periods(desk: Facts) -> None:
    with pytest.raises(ValueError, match="holds no day"):
        Period(date(2026, 3, 1), date(2026, 3, 1))
    with pytest.raises(ValueError, match="not a time zone"):
        Period(date(2026, 3, 1), date(2026, 3, 2), "Riga")
    with pytest.raises(ValueError, match="overlaps"):
        build_report(desk, **MARCH, compare_to=Period(date(2026, 2, 1), date(2026, 3, 2)))
    with pytest.raises(ValueError, match="grouped by 'mood'"):
        build_report(desk, **MARCH, group_by=("mood",))
    assert build_report(desk, **MARCH, compare_to=None).indicators["resolution"].change is None
    spring = Period(date(2024, 2, 20), date(2024, 4, 10), "Asia/Almaty").offsets()
    assert [east for _, east in spring] == [6 * 3600, 5 * 3600]
    assert spring[1][0] == at("2024-02-29 18:00")
    assert piece_start(date(2026, 3, 1), "week") == date(2026, 2, 23)


def test_importing_the_package_is_cheap() -> None:
    code = (
        "import sys, answerable.measure.report, answerable.measure.facts, answerable.measure.behind;"
        "heavy = {'ibis', 'duckdb', 'pyarrow', 'altair', 'vl_convert', 'pandas', 'django'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
