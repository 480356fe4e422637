"""Charts: what is in them, what a page may hold, and that text is drawn in every script."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from answerable.core.estimates import Definition, Estimate
from answerable.measure import charts, drawing
from answerable.measure.charts.scale import Scale, numbers, shares
from answerable.measure.facts import Facts
from answerable.measure.report import Report, build_report, waiting_times
from answerable.measure.shapes import arrivals, distribution
from answerable.measure.words import working
from tests.measure.test_report import MARCH, busy, clock, conversation, facts, rating, waited

GEORGIAN = {
    "{name} by week": "{name} კვირების მიხედვით",
    "First response time": "პირველი პასუხის დრო",
    "Hours by the calendar": "საათი",
}
STYLE = charts.Style(lambda text: GEORGIAN.get(text, text), "ka")


@pytest.fixture(scope="module")
def desk() -> Facts:
    return busy(n=600)


@pytest.fixture(scope="module")
def report(desk: Facts) -> Report:
    clocks = [clock(i, "met" if i % 3 else "breached", "2026-03-02 13:00") for i in range(30)]
    ratings = [rating(i, 1 + i % 5) for i in range(40)]
    measured = build_report(
        desk, **MARCH, group_by=("week", "team_id"), clock="calendar", targets={"first_response": 9000}
    )
    others = build_report(facts([conversation(1, "2026-03-02 09:00")], clocks, ratings), **MARCH, group_by=("team_id",))
    return replace(measured, indicators={**others.indicators, "first_response": measured.indicators["first_response"]})


@pytest.fixture(scope="module")
def drawn(report: Report, desk: Facts) -> list[tuple[charts.Chart, bytes]]:
    """Every chart, on a Georgian page."""
    made = [
        charts.trend(report.indicators["first_response"], "week", STYLE),
        charts.comparison(report.indicators["first_response_compliance"], "team_id", STYLE),
        charts.waits(distribution(waiting_times(desk, report.period, None, ()), "first_response", "calendar"), STYLE),
        charts.scores(report.indicators["csat"], STYLE),
        charts.hours(arrivals(waiting_times(desk, report.period, None, ())), STYLE),
    ]
    return list(zip(made, drawing.draw([chart.spec for chart in made]), strict=True))


def texts(svg: bytes) -> str:
    return " ".join(node.text or "" for node in ET.fromstring(svg).iter() if node.tag.endswith("text"))


def test_titles_axes_and_months_are_in_the_readers_language(drawn: list[tuple[charts.Chart, bytes]]) -> None:
    chart, svg = drawn[0]
    assert chart.title == "პირველი პასუხის დრო კვირების მიხედვით"
    assert "საათი" in texts(svg)
    assert "მარ" in texts(svg)
    assert "Noto Sans Georgian" in chart.spec["config"]["font"]
    assert "dashed: target 2\xa0სთ 30\xa0წთ" in chart.subtitle


def test_a_page_may_hold_every_drawing(drawn: list[tuple[charts.Chart, bytes]]) -> None:
    """No script, no style, no address, nothing but the page's own colours: CSP without unsafe-inline."""
    for chart, svg in drawn:
        inlined = drawing.inline(svg)
        ET.fromstring(inlined)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|url\(|font-family", inlined), chart.key
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', inlined))
        tokens = {f"var(--{name})" for name in ("text", "muted", "line", "series-1", "series-2")}
        assert colours <= {"none", "transparent", *tokens}


def test_every_chart_has_its_table(drawn: list[tuple[charts.Chart, bytes]]) -> None:
    for chart, _ in drawn:
        assert chart.table.rows, chart.key
        assert all(len(row) == len(chart.table.headers) for row in chart.table.rows)
    scores = drawn[3][0].table
    assert scores.rows[0] == ("1", "8", "20,0%")


def test_specifications_are_valid_vega_lite(drawn: list[tuple[charts.Chart, bytes]]) -> None:
    """By the schema that Altair carries."""
    altair = pytest.importorskip("altair")
    for chart, _ in drawn:
        altair.Chart.from_dict(json.loads(json.dumps(chart.spec)))


def test_a_name_cannot_become_markup() -> None:
    name = "</text><script>alert(1)</script>\"'];alert(2)//"
    rows = [waited(1, "2026-03-02 10:00", 30, team=name), waited(2, "2026-03-02 10:00", 40, team_id=2, team="B")]
    report = build_report(facts(rows), **MARCH, group_by=("team_id",))
    (svg,) = drawing.draw([charts.comparison(report.indicators["first_response"], "team_id").spec])
    assert "<script" not in drawing.inline(svg)


def test_a_gap_is_a_gap_and_the_lonely_keep_their_interval() -> None:
    rows = [waited(i, f"2026-03-{day:02} 10:00", 30 + i) for day in (2, 3, 20) for i in range(day, day + 8)]
    indicator = build_report(facts(rows), **MARCH, group_by=("day",)).indicators["first_response"]
    area, line, rule, points = charts.trend(indicator, "day").spec["layer"][:4]
    assert [row["value"] is None for row in area["data"]["values"]].count(True) == 28
    assert len(line["data"]["values"]) == 31
    assert [row["label"] for row in rule["data"]["values"]] == ["20 Mar"]
    assert len(points["data"]["values"]) == 3


def test_nothing_measured_draws_too() -> None:
    report = build_report(facts([], [], []), **MARCH, group_by=("week", "team_id"))
    specs = [
        charts.trend(report.indicators["first_response"], "week").spec,
        charts.comparison(report.indicators["csat"], "team_id").spec,
        charts.scores(report.indicators["csat"]).spec,
        charts.hours([[0] * 24] * 7).spec,
    ]
    assert all(svg.startswith(b"<svg") for svg in drawing.draw(specs))


def test_drawings_are_kept_by_what_they_show(tmp_path: Path) -> None:
    spec = charts.hours([[1] * 24] * 7, charts.Style(palette="dark")).spec
    (first,) = drawing.draw([spec], cache=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"<svg>kept</svg>")
    assert drawing.draw([spec, spec], cache=tmp_path) == [b"<svg>kept</svg>"] * 2
    assert first.startswith(b"<svg")
    (tmp_path / "file").write_text("")
    with pytest.raises(drawing.DrawingError, match="cannot be kept"):
        drawing.draw([spec], cache=tmp_path / "file")
    with pytest.raises(drawing.DrawingError, match="Drawing failed"):
        drawing.draw([{"mark": "banana"}])
    with pytest.raises(drawing.DrawingError, match="may not"):
        drawing.inline(b"<svg><script>1</script></svg>")


def test_pictures_for_mail_have_text_in_them() -> None:
    """Without its fonts the drawer draws no text and says nothing: the same chart with and without words."""
    style = charts.Style(palette="light")
    spec = charts.hours([[1] * 24] * 7, style).spec
    silent = {**spec, "title": None}
    with_title, without = drawing.draw([spec, silent], form="png")
    assert with_title.startswith(b"\x89PNG")
    assert io.BytesIO(with_title).getbuffer().nbytes > io.BytesIO(without).getbuffer().nbytes + 2000


def test_hours_are_local_and_waits_fall_between_their_edges() -> None:
    rows = [waited(1, "2026-03-01 22:30", 30), waited(2, "2026-03-02 10:00", 60), waited(3, "2026-03-03 10:00", None)]
    desk = facts(rows)
    period = build_report(desk, since=date(2026, 3, 1), until=date(2026, 4, 1), zone="Asia/Tbilisi").period
    times = waiting_times(desk, period, None, ())
    week = arrivals(times)
    assert week[0][2] == 1, "22:30 on a Sunday in UTC is 2:30 on Monday in Tbilisi"
    assert week[0][14] == 1
    assert sum(map(sum, week)) == 3
    shape = distribution(times, "first_response")
    assert shape.ended[:4] == (0, 1, 1, 0)
    assert shape.waiting[-1] == 1


def test_business_time_is_said_in_hours_and_time_by_the_calendar_in_days(desk: Facts) -> None:
    rows = [waited(i, "2026-03-02 10:00", 60 * hours) for i, hours in enumerate((20, 100, 101, 102, 103, 200))]
    charts_by = {}
    for clock_name in ("business", "calendar"):
        report = build_report(facts(rows), **MARCH, group_by=("team_id",), clock=clock_name)
        charts_by[clock_name] = charts.comparison(report.indicators["first_response"], "team_id")
    axes = {name: chart.spec["layer"][0]["encoding"]["x"]["title"] for name, chart in charts_by.items()}
    assert axes == {"business": "Hours of business time", "calendar": "Days by the calendar"}
    assert charts_by["business"].table.rows[0][1] == "101\xa0hr"
    assert charts_by["calendar"].table.rows[0][1] == "4\xa0days 5\xa0hr"
    assert working(27.5 * 3600, "en") == "27\xa0hr 30\xa0min"
    period = build_report(facts(rows), **MARCH).period
    shape = distribution(waiting_times(facts(rows), period, None, ()), "first_response")
    labels = [row[0] for row in charts.waits(shape).table.rows]
    assert labels[1] == "15–60\xa0min"
    assert labels[7:] == ["24–40\xa0hr", "40–80\xa0hr", "80–160\xa0hr", "> 160\xa0hr"]


def test_an_axis_of_points_ends_where_points_end_and_labels_have_as_many_decimals() -> None:
    ends = Estimate(0.0, -100.0, 100.0, 9, None, Definition("nps", 1), "", "points")
    scale = Scale([ends], STYLE, None, from_zero=False)
    assert (scale.domain, scale.values[0], scale.values[-1]) == ([-100.0, 100.0], -100.0, 100.0)
    assert list(numbers([5.0, 5.5, 6.0], "ka").values()) == ["5,0", "5,5", "6,0"]
    assert list(shares([0.0, 0.025, 0.05], "en").values()) == ["0.0%", "2.5%", "5.0%"]
