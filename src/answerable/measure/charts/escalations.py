"""Escalations a day under two policies, drawn over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from babel.numbers import format_decimal

from answerable.measure.charts.scale import ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import day, gettext_noop

FEW_DAYS, MOST_DAYS, MOST_WEEKS = 31, 62, 400
TITLE = gettext_noop("Escalations a day")
SUBTITLE = gettext_noop("Steps that fire, on average a day of each week or month where days are many")
NOW, DRAFT = gettext_noop("Now"), gettext_noop("Draft")
DAY, FIRST_DAY = gettext_noop("Day"), gettext_noop("From the day")


def escalations(first: date, now: Sequence[int], draft: Sequence[int], style: Style = ENGLISH) -> Chart:
    """Steps that fire a day, from `first` on: by day, or the average of each week or of four weeks."""
    words, colours = style.words, style.colours
    length = max(len(now), len(draft), 1)
    size = 1 if length <= MOST_DAYS else 7 if length <= MOST_WEEKS else 28
    days = [first + timedelta(days=place) for place in range(0, length, size)]
    many = days[0].year != days[-1].year
    labels = [day(each, style.locale, year=many) for each in days]
    sides = {words(NOW): _averages(now, length, size), words(DRAFT): _averages(draft, length, size)}
    rows = [
        {"place": place, "value": value, "policy": name}
        for name, values in sides.items()
        for place, value in enumerate(values)
    ]
    spec: dict[str, Any] = {
        "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 2, "strokeJoin": "round", "point": length <= FEW_DAYS},
        "encoding": {
            "x": {
                "field": "place", "type": "quantitative", "title": None,
                "scale": {"domain": [-0.5, len(days) - 0.5], "nice": False},
                "axis": {**ticks(dict(enumerate(labels)), at_most=8), "grid": False},
            },
            "y": {"field": "value", "type": "quantitative", "title": None, "axis": {"tickCount": 5, "domain": False}},
            "color": {
                "field": "policy", "type": "nominal", "sort": list(sides), "title": None,
                "scale": {"domain": list(sides), "range": [colours["one"], colours["two"]]},
                "legend": {"orient": "top", "symbolStrokeWidth": 3},
            },
            "strokeDash": {
                "field": "policy", "type": "nominal", "sort": list(sides),
                "scale": {"domain": list(sides), "range": [[1, 0], [5, 3]]}, "legend": None,
            },
        },
    }  # fmt: skip
    table = Table(
        (words(DAY if size == 1 else FIRST_DAY), *sides),
        tuple(
            (label, *(format_decimal(round(values[place], 1), locale=style.locale) for values in sides.values()))
            for place, label in enumerate(labels)
        ),
    )
    title, subtitle = words(TITLE), words(SUBTITLE) if size > 1 else ""
    return Chart("escalations", title, subtitle, specification(spec, style, title, subtitle), table)


def _averages(counts: Sequence[int], length: int, size: int) -> list[float]:
    """The mean of each piece of so many days; the last piece may be shorter."""
    padded = [*counts, *[0] * (length - len(counts))]
    pieces = [padded[place : place + size] for place in range(0, length, size)]
    return [sum(piece) / len(piece) for piece in pieces]
