"""Staffing drawn: valid specifications, and tables that hold every number."""

from datetime import date

import altair as alt

from answerable.measure.charts import ahead, heads, missing

MONDAY = date(2026, 11, 23)
REQUIRED = [2.0 if 9 <= hour < 17 and day < 5 else 0.0 for day in range(7) for hour in range(24)]
ROSTERED = [1.5 if 9 <= hour < 18 and day < 5 else 0.0 for day in range(7) for hour in range(24)]


def test_needed_and_rostered_by_the_hour() -> None:
    chart = heads(REQUIRED, ROSTERED, MONDAY)
    alt.Chart.from_dict(chart.spec, validate=True)
    assert chart.table.headers == ("", "Hour of the day", "Needed", "Rostered")
    assert len(chart.table.rows) == 5 * 9
    assert chart.table.rows[0] == ("23 Nov", "09:00", "2", "1.5")


def test_where_people_are_missing() -> None:
    chart = missing(REQUIRED, ROSTERED)
    alt.LayerChart.from_dict(chart.spec, validate=True)
    assert chart.table.headers == ("", *map(str, range(9, 17)))
    assert chart.table.rows[0][:2] == ("Mon", "2 (\N{MINUS SIGN}0.5)")
    assert chart.table.rows[6][1] == "0"
    alt.LayerChart.from_dict(missing([0.0] * 168, [0.0] * 168).spec, validate=True)


def test_days_that_were_and_days_to_come() -> None:
    chart = ahead(MONDAY, [4.0, 5.0], [6.0, 7.25], [3.0, 3.0], [9.0, 9.0])
    alt.LayerChart.from_dict(chart.spec, validate=True)
    assert chart.table.rows[1][1:3] == ("5", "\N{EN DASH}")
    assert chart.table.rows[3] == ("25 Nov", "\N{EN DASH}", "7.2", "3", "9")
