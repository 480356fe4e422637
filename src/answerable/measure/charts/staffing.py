"""Staffing drawn: who is needed and who is there by hour, where people are missing, and what days ahead will bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import get_day_names
from babel.numbers import format_decimal

from answerable.measure.charts.scale import ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import day, gettext_noop

HOURS, WEEK = 24, 7
NEEDED, ROSTERED = gettext_noop("Needed"), gettext_noop("Rostered")
HEADS = gettext_noop("People")
HEADS_TITLE = gettext_noop("Who is needed, and who is rostered")
HEADS_SUBTITLE = gettext_noop("People by the hour, Monday to Sunday")
MISSING_TITLE = gettext_noop("Where people are missing")
MISSING_SUBTITLE = gettext_noop("The number needed in each hour; the darker, the more of them are missing")
AHEAD_TITLE = gettext_noop("What comes in a day")
AHEAD_SUBTITLE = gettext_noop("The last weeks, and the forecast with the range of 95 percent of days")
CAME, FORECAST, LOW, HIGH = (
    gettext_noop("Came"), gettext_noop("Forecast"), gettext_noop("At least"), gettext_noop("At most"),
)  # fmt: skip
HOUR, DAY, CONTACTS = gettext_noop("Hour of the day"), gettext_noop("Day"), gettext_noop("Contacts a day")
_LITTLE = 0.01


def heads(required: Sequence[float], rostered: Sequence[float], monday: date, style: Style = ENGLISH) -> Chart:
    """Two lines in steps over the 168 hours of a week."""
    words, colours = style.words, style.colours
    sides = {words(NEEDED): required, words(ROSTERED): rostered}
    rows = [
        {"hour": place, "heads": value, "side": name}
        for name, values in sides.items()
        for place, value in enumerate([*values, values[-1]])
    ]
    names = get_day_names("short", context="stand-alone", locale=style.locale)
    most = max([1.0, *required, *rostered])
    body: dict[str, Any] = {
        "data": {"values": rows},
        "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
        "encoding": {
            "x": {
                "field": "hour", "type": "quantitative", "title": None,
                "scale": {"domain": [0, len(required)], "nice": False},
                "axis": {**ticks({HOURS * number: names[number] for number in range(WEEK)}, at_most=WEEK),
                         "labelAlign": "left", "labelOffset": 4, "grid": True},
            },
            "y": {
                "field": "heads", "type": "quantitative", "title": words(HEADS), "scale": {"domain": [0, most]},
                "axis": {"tickCount": min(5, int(most)), "domain": False, "format": "d"},
            },
            "color": {
                "field": "side", "type": "nominal", "sort": list(sides), "title": None,
                "scale": {"domain": list(sides), "range": [colours["two"], colours["one"]]},
                "legend": {"orient": "top", "symbolStrokeWidth": 3},
            },
            "strokeDash": {
                "field": "side", "type": "nominal", "sort": list(sides),
                "scale": {"domain": list(sides), "range": [[1, 0], [5, 3]]}, "legend": None,
            },
        },
    }  # fmt: skip
    table = Table(
        ("", words(HOUR), *sides),
        tuple(
            (day(monday + timedelta(days=place // HOURS), style.locale), f"{place % HOURS:02d}:00",
             *(format_decimal(round(values[place], 1), locale=style.locale) for values in sides.values()))
            for place in range(len(required))
            if required[place] or rostered[place]
        ),
    )  # fmt: skip
    title, subtitle = words(HEADS_TITLE), words(HEADS_SUBTITLE)
    return Chart("staffing-heads", title, subtitle, specification(body, style, title, subtitle), table)


def missing(required: Sequence[float], rostered: Sequence[float], style: Style = ENGLISH) -> Chart:
    """A square for each hour of the week with the number that is needed; coloured where people are missing."""
    words, colours, locale = style.words, style.colours, style.locale
    names = get_day_names("abbreviated", context="stand-alone", locale=locale)
    days = [names[number] for number in range(WEEK)]
    gaps = [max(0.0, need - there) for need, there in zip(required, rostered, strict=True)]
    used = [place % HOURS for place in range(len(required)) if required[place]] or [9, 17]
    hours = range(min(used), max(used) + 1)
    most = max([1.0, *gaps])
    rows = [
        {"day": days[number], "hour": hour, "gap": gaps[number * HOURS + hour] / most,
         "need": required[number * HOURS + hour]}
        for number in range(WEEK)
        for hour in hours
    ]  # fmt: skip
    encoding = {
        "x": {
            "field": "hour", "type": "ordinal", "title": words(HOUR),
            "axis": {"labelAngle": 0, "ticks": False, "domain": False, "labelOverlap": True},
            "scale": {"paddingInner": 0.06},
        },
        "y": {
            "field": "day", "type": "ordinal", "sort": days, "title": None,
            "axis": {"ticks": False, "domain": False}, "scale": {"paddingInner": 0.06},
        },
    }  # fmt: skip
    square = {"type": "rect", "color": colours["two"], "cornerRadius": 2, "stroke": None}
    written = {"type": "text", "color": colours["text"], "fontSize": 11}
    body: dict[str, Any] = {
        "data": {"values": rows},
        "height": {"step": 24},
        "encoding": encoding,
        "layer": [
            {
                "mark": square,
                "encoding": {
                    "opacity": {
                        "field": "gap", "type": "quantitative", "legend": None,
                        "scale": {"domain": [0, 1], "range": [0.04, 0.6]},
                    },
                },
            },
            {"mark": written, "transform": [{"filter": "datum.need > 0"}],
             "encoding": {"text": {"field": "need", "type": "quantitative", "format": "d"}}},
        ],
    }  # fmt: skip
    table = Table(
        ("", *(str(hour) for hour in hours)),
        tuple(
            (name, *(_gap(gaps[number * HOURS + hour], required[number * HOURS + hour], locale) for hour in hours))
            for number, name in enumerate(days)
        ),
    )
    title, subtitle = words(MISSING_TITLE), words(MISSING_SUBTITLE)
    return Chart("staffing-missing", title, subtitle, specification(body, style, title, subtitle), table)


def ahead(
    last: date,
    past: Sequence[float],
    expected: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    style: Style = ENGLISH,
) -> Chart:
    """Days that were, up to `last`, and days to come with their range."""
    words, colours, locale = style.words, style.colours, style.locale
    first = last - timedelta(days=len(past) - 1)
    days = [first + timedelta(days=number) for number in range(len(past) + len(expected))]
    many = days[0].year != days[-1].year
    labels = {place: day(on, locale) for place, on in enumerate(days) if on.weekday() == 0}
    names = {"past": words(CAME), "ahead": words(FORECAST)}
    rows = [{"place": place, "value": value, "what": names["past"]} for place, value in enumerate(past)]
    rows += [
        {"place": len(past) + place, "value": value, "what": names["ahead"]} for place, value in enumerate(expected)
    ]
    band = [
        {"place": len(past) + place, "low": one, "high": other}
        for place, (one, other) in enumerate(zip(low, high, strict=True))
    ]
    x = {
        "field": "place", "type": "quantitative", "title": None,
        "scale": {"domain": [0, len(days) - 1], "nice": False},
        "axis": {**ticks(labels, at_most=5), "grid": False},
    }  # fmt: skip
    y = {"type": "quantitative", "title": words(CONTACTS), "axis": {"tickCount": 5, "domain": False}}
    body: dict[str, Any] = {
        "layer": [
            {
                "data": {"values": band},
                "mark": {"type": "area", "color": colours["two"], "opacity": 0.15},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "line", "strokeWidth": 1.5, "strokeJoin": "round"},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "value"},
                    "color": {
                        "field": "what", "type": "nominal", "sort": list(names.values()), "title": None,
                        "scale": {"domain": list(names.values()), "range": [colours["one"], colours["two"]]},
                        "legend": {"orient": "top", "symbolStrokeWidth": 3},
                    },
                },
            },
        ],
    }  # fmt: skip

    def written(value: float) -> str:
        return format_decimal(round(value, 1), locale=locale)

    dash = "\N{EN DASH}"
    table = Table(
        (words(DAY), words(CAME), words(FORECAST), words(LOW), words(HIGH)),
        tuple(
            (day(on, locale, year=many), written(past[place]), dash, dash, dash)
            if place < len(past)
            else (
                day(on, locale, year=many),
                dash,
                *(written(each[place - len(past)]) for each in (expected, low, high)),
            )
            for place, on in enumerate(days)
        ),
    )
    title, subtitle = words(AHEAD_TITLE), words(AHEAD_SUBTITLE)
    return Chart("staffing-ahead", title, subtitle, specification(body, style, title, subtitle), table)


def _gap(gap: float, need: float, locale: str) -> str:
    """2, or 2 (−1) where one is missing."""
    said = format_decimal(need, locale=locale)
    return f"{said} (\N{MINUS SIGN}{format_decimal(round(gap, 1), locale=locale)})" if gap > _LITTLE else said
