"""Escalations a day, drawn: by day, and the average of weeks where days are many."""

from datetime import date

from answerable.measure.charts import escalations


def test_few_days_are_drawn_one_by_one() -> None:
    chart = escalations(date(2026, 3, 2), [3, 0, 5], [4, 1])
    assert chart.table.headers == ("Day", "Now", "Draft")
    assert chart.table.rows == (("2 Mar", "3", "4"), ("3 Mar", "0", "1"), ("4 Mar", "5", "0"))
    assert chart.subtitle == ""


def test_many_days_are_averaged_by_week() -> None:
    chart = escalations(date(2026, 1, 5), [7] * 70, [0] * 69 + [14])
    assert chart.table.headers[0] == "From the day"
    assert len(chart.table.rows) == 10
    assert chart.table.rows[-1] == ("9 Mar", "7", "2")
