"""When customers write, drawn as a week of hours."""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import get_day_names
from babel.numbers import format_decimal

from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import gettext_noop


def hours(week: Sequence[Sequence[int]], style: Style = ENGLISH) -> Chart:
    """When customers write: a square for each hour of the week, the fuller the more."""
    words, locale, colours = style.words, style.locale, style.colours
    names = get_day_names("abbreviated", context="stand-alone", locale=locale)
    days = [names[number] for number in range(7)]
    most = max((n for row in week for n in row), default=0)
    rows = [
        {"day": days[number], "hour": hour, "share": n / most if most else 0}
        for number, row in enumerate(week)
        for hour, n in enumerate(row)
    ]
    body = {
        "data": {"values": rows},
        "height": {"step": 24},
        "mark": {"type": "rect", "color": colours["one"], "cornerRadius": 2, "stroke": None},
        "encoding": {
            "x": {
                "field": "hour", "type": "ordinal", "title": words(gettext_noop("Hour of the day")),
                "axis": {"values": list(range(0, 24, 3)), "labelAngle": 0, "ticks": False, "domain": False},
                "scale": {"paddingInner": 0.08},
            },
            "y": {
                "field": "day", "type": "ordinal", "sort": days, "title": None,
                "axis": {"ticks": False, "domain": False}, "scale": {"paddingInner": 0.08},
            },
            "opacity": {
                "field": "share", "type": "quantitative", "legend": None,
                "scale": {"domain": [0, 1], "range": [0.06, 1]},
            },
        },
    }  # fmt: skip
    title = words(gettext_noop("When customers write"))
    subtitle = words(gettext_noop("Conversations by local hour; the fullest square is {n}")).format(
        n=format_decimal(most, locale=locale)
    )
    table = Table(
        ("", *(str(hour) for hour in range(24))),
        tuple((name, *(format_decimal(n, locale=locale) for n in row)) for name, row in zip(days, week, strict=True)),
    )
    return Chart("arrivals-hours", title, subtitle, specification(body, style, title, subtitle), table)
