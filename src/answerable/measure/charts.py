"""What the report draws: Vega-Lite specifications, each with its title, its description and its table.

Words come translated through `words`, numbers and dates by `locale`. Colours are CSS variables of the page
(tokens.css) or, for mail and print, those of a named palette.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from babel.dates import get_day_names
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from answerable.measure.drawing import family
from answerable.measure.words import INDICATORS, Words, day, duration, english, gettext_noop, number

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.measure.figure import Group, Indicator
    from answerable.measure.shapes import Distribution

WIDTH, HEIGHT = 560, 240
_BREAK = "break-paths-filter-domains"
PALETTES: dict[str, dict[str, Any]] = {
    "page": {
        "text": "var(--text)", "muted": "var(--muted)", "line": "var(--line)", "one": "var(--series-1)",
        "two": "var(--series-2)", "ground": "transparent",
    },
    "light": {
        "text": "#1a1c19", "muted": "#585a54", "line": "#dddcd6", "one": "#1d4f91", "two": "#b4540a",
        "ground": "#ffffff",
    },
    "dark": {
        "text": "#ecede8", "muted": "#abada5", "line": "#353733", "one": "#93bbf3", "two": "#f0a35e",
        "ground": "#1c1e1b",
    },
}  # fmt: skip

_TITLES = {
    "day": gettext_noop("{name} by day"),
    "week": gettext_noop("{name} by week"),
    "month": gettext_noop("{name} by month"),
    "team_id": gettext_noop("{name} by team"),
    "channel": gettext_noop("{name} by channel"),
    "standard": gettext_noop("{name} by promise"),
    "agent_id": gettext_noop("{name} by agent"),
    "segment": gettext_noop("{name} by segment"),
    "region": gettext_noop("{name} by region"),
    "language": gettext_noop("{name} by language"),
    "priority": gettext_noop("{name} by priority"),
}
_AXES = {
    "day": gettext_noop("Day the customer wrote"),
    "week": gettext_noop("Week the customer wrote, from Monday"),
    "month": gettext_noop("Month the customer wrote"),
}
_UNITS = {
    "minute": gettext_noop("Minutes"),
    "hour": gettext_noop("Hours"),
    "day": gettext_noop("Days"),
}
SHARE = gettext_noop("Share")
MEDIAN = gettext_noop("Median, those still waiting included")
COUNT = gettext_noop("Conversations")
NONE = gettext_noop("none")
LOW, HIGH, SAMPLE = gettext_noop("From"), gettext_noop("To"), gettext_noop("Sample")
ENDED = {
    "first_response": gettext_noop("Answered"),
    "resolution": gettext_noop("Solved"),
}
WAITING = {
    "first_response": gettext_noop("Still without an answer"),
    "resolution": gettext_noop("Still open"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """The chart for those who do not see it: every number drawn, written out in the reader's language."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to draw: `spec` is Vega-Lite for drawing.draw, the rest goes on the page around it."""

    key: str
    title: str
    subtitle: str
    spec: dict[str, Any]
    table: Table


@dataclass(frozen=True, slots=True)
class Style:
    """How to write and paint: the reader's words, locale, and palette (page, light, dark)."""

    words: Words = english
    locale: str = "en"
    palette: str = "page"

    @property
    def colours(self) -> dict[str, Any]:
        """The palette's colours by their part."""
        return PALETTES[self.palette]


def trend(indicator: Indicator, cut: str, style: Style = Style()) -> Chart:
    """An indicator over time: a line through the values, a band for the interval, a gap where n is 0."""
    groups = indicator.groups[cut]
    labels = [day(date.fromisoformat(str(group.key)), style.locale) for group in groups]
    scale = _Scale([group.figure.estimate for group in groups], style, indicator.target, from_zero=False)
    rows = _rows(groups, labels, scale)
    words, colours = style.words, style.colours
    x = {
        "field": "place", "type": "quantitative", "title": words(_AXES[cut]),
        "scale": {"domain": [-0.5, len(rows) - 0.5], "nice": False},
        "axis": {**_ticks(dict(enumerate(labels)), at_most=9), "grid": False},
    }  # fmt: skip
    y, size = scale.axis(), 36 if len(rows) <= 31 else 14
    layers = [
        _layer({"type": "area", "opacity": 0.22, "color": colours["one"], "invalid": _BREAK}, {
            "x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
        }, rows),
        _layer({"type": "line", "color": colours["one"], "strokeWidth": 2, "invalid": _BREAK}, {
            "x": x, "y": {**y, "field": "value"},
        }, rows),
        _layer({"type": "rule", "color": colours["one"], "opacity": 0.5}, {
            "x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
        }, [row for row in rows if row["alone"]], needs=("low", "high")),
        _layer({"type": "point", "filled": True, "size": size, "opacity": 1, "color": colours["one"]}, {
            "x": x, "y": {**y, "field": "value"},
        }, rows, needs=("value",)),
    ]  # fmt: skip
    if indicator.target is not None:
        target = {"data": {"values": [{"target": indicator.target / scale.size}]}}
        mark = {"type": "rule", "strokeDash": [5, 4], "color": colours["two"], "strokeWidth": 1.5}
        layers.append({**target, "mark": mark, "encoding": {"y": {**y, "field": "target"}}})
    return _chart(f"{indicator.name}-{cut}", indicator, cut, {"layer": layers}, rows, scale, style)


def comparison(indicator: Indicator, dimension: str, style: Style = Style()) -> Chart:
    """An indicator by team, channel, promise, ...: a bar for each with its interval."""
    groups = indicator.groups[dimension]
    labels = [_label(group, style) for group in groups]
    scale = _Scale([group.figure.estimate for group in groups], style, indicator.target, from_zero=True)
    rows = _rows(groups, labels, scale)
    colours = style.colours
    y = {
        "field": "label", "type": "nominal", "sort": None, "title": None,
        "axis": {"labelLimit": 200, "domain": False, "ticks": False, "labelPadding": 8},
        "scale": {"paddingInner": 0.35},
    }  # fmt: skip
    x = scale.axis()
    layers = [
        _layer({"type": "bar", "color": colours["one"], "opacity": 0.35, "height": {"band": 1}}, {
            "y": y, "x": {**x, "field": "value"},
        }, rows, needs=("value",)),
        _layer({"type": "rule", "color": colours["text"], "strokeWidth": 1.5}, {
            "y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"},
        }, rows, needs=("low", "high")),
        _layer({"type": "point", "filled": True, "size": 45, "opacity": 1, "color": colours["text"]}, {
            "y": y, "x": {**x, "field": "value"},
        }, rows, needs=("value",)),
    ]  # fmt: skip
    if indicator.target is not None:
        target = {"data": {"values": [{"target": indicator.target / scale.size}]}}
        mark = {"type": "rule", "strokeDash": [5, 4], "color": colours["two"], "strokeWidth": 1.5}
        layers.append({**target, "mark": mark, "encoding": {"x": {**x, "field": "target"}}})
    body = {"layer": layers, "height": {"step": 34}}
    return _chart(f"{indicator.name}-{dimension}", indicator, dimension, body, rows, scale, style)


def waits(shape: Distribution, style: Style = Style()) -> Chart:
    """How long customers waited: bars of those who got an answer, and on top those who wait still."""
    words, locale, colours = style.words, style.locale, style.colours
    labels = [_between(shape.edges, number, style) for number in range(len(shape.edges))]
    ended, waiting = words(ENDED[shape.name]), words(WAITING[shape.name])
    rows = []
    for label, *counts in zip(labels, shape.ended, shape.waiting, strict=True):
        rows += [
            {"label": label, "part": part, "n": n, "order": order}
            for order, (part, n) in enumerate(zip((ended, waiting), counts, strict=True))
        ]
    highest = max((a + b for a, b in zip(shape.ended, shape.waiting, strict=True)), default=0)
    body = {
        "data": {"values": rows},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "label", "type": "nominal", "sort": None, "title": words(INDICATORS[shape.name]),
                "axis": {"labelAngle": -35, "ticks": False}, "scale": {"paddingInner": 0.12},
            },
            "y": {"field": "n", "type": "quantitative", "title": words(COUNT), **_counts(highest, locale)},
            "order": {"field": "order"},
            "color": {
                "field": "part", "type": "nominal", "sort": [ended, waiting],
                "scale": {"domain": [ended, waiting], "range": [colours["one"], colours["two"]]},
                "legend": {"orient": "top", "title": None, "symbolType": "square"},
            },
        },
    }  # fmt: skip
    total = sum(shape.ended) + sum(shape.waiting)
    title = words(gettext_noop("How long customers waited: {name}")).format(name=words(INDICATORS[shape.name]))
    subtitle = words(gettext_noop("{n} conversations that customers opened")).format(
        n=format_decimal(total, locale=locale)
    )
    table = Table(
        (words(INDICATORS[shape.name]), ended, waiting),
        tuple(
            (label, format_decimal(a, locale=locale), format_decimal(b, locale=locale))
            for label, a, b in zip(labels, shape.ended, shape.waiting, strict=True)
        ),
    )
    return Chart(f"{shape.name}-distribution", title, subtitle, _spec(body, style, title, subtitle), table)


def scores(indicator: Indicator, style: Style = Style()) -> Chart:
    """How the ratings lay: the share of each score 1 to 5, satisfied ones (4 and 5) in the main colour."""
    words, locale, colours = style.words, style.locale, style.colours
    counts = [indicator.total.counts[f"score_{score}"] for score in range(1, 6)]
    n = sum(counts)
    shares = [count / n if n else 0 for count in counts]
    rows = [
        {"label": str(score), "value": share, "said": number(share, "share", locale, 0), "top": score >= 4}
        for score, share in enumerate(shares, start=1)
    ]
    x = {
        "field": "label", "type": "nominal", "sort": None, "scale": {"paddingInner": 0.25},
        "title": words(gettext_noop("Score, 5 is best")), "axis": {"labelAngle": 0, "ticks": False},
    }  # fmt: skip
    top = max([*shares, 0.1])
    y = {
        "field": "value", "type": "quantitative", "title": words(gettext_noop("Share of ratings")),
        "scale": {"domain": [0, top * 1.12]}, "axis": _share_ticks(top, locale),
    }  # fmt: skip
    colour = {"condition": {"test": "datum.top", "value": colours["one"]}, "value": colours["muted"]}
    layers = [
        {"mark": {"type": "bar"}, "encoding": {"x": x, "y": y, "color": colour}},
        {
            "mark": {"type": "text", "dy": -8, "color": colours["text"], "fontWeight": 600},
            "encoding": {"x": x, "y": y, "text": {"field": "said", "type": "nominal"}},
        },
    ]
    title = words(gettext_noop("How customers rated the service"))
    coverage = indicator.total.estimate.coverage
    subtitle = words(gettext_noop("{n} ratings, {share} of those asked")).format(
        n=format_decimal(n, locale=locale), share="0" if coverage is None else number(coverage, "share", locale, 0)
    )
    table = Table(
        (words(gettext_noop("Score")), words(gettext_noop("Ratings")), words(SHARE)),
        tuple(
            (str(score), format_decimal(count, locale=locale), number(share, "share", locale))
            for score, (count, share) in enumerate(zip(counts, shares, strict=True), start=1)
        ),
    )
    body = {"data": {"values": rows}, "layer": layers}
    return Chart("csat-scores", title, subtitle, _spec(body, style, title, subtitle), table)


def hours(week: Sequence[Sequence[int]], style: Style = Style()) -> Chart:
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
    return Chart("arrivals-hours", title, subtitle, _spec(body, style, title, subtitle), table)


class _Scale:
    """The axis of an estimate: its unit, the step of its ticks and their labels."""

    def __init__(self, estimates: Sequence[Estimate], style: Style, target: float | None, *, from_zero: bool) -> None:
        self.style = style
        self.unit = next((each.unit for each in estimates if each.n), "share")
        ends = [value for each in estimates for value in (each.value, each.low, each.high) if value is not None]
        ends += [] if target is None else [target]
        highest, lowest = max(ends, default=1.0), min(ends, default=0.0)
        if self.unit == "seconds":
            self.name = "minute" if highest < 5_400 else "hour" if highest < 3 * 86_400 else "day"
            self.size = {"minute": 60, "hour": 3_600, "day": 86_400}[self.name]
        else:
            self.name, self.size = "share", 1
        start = 0.0 if from_zero or self.unit == "seconds" or lowest < 0.5 else floor(lowest * 10) / 10
        step = _step((highest / self.size - start) or 1, 5)
        self.values = [start + step * i for i in range(ceil((highest / self.size - start) / step) + 1)]
        if self.unit == "share":
            self.values = [round(value, 6) for value in self.values if value <= 1.000001]
        self.domain = [self.values[0], max(self.values[-1], highest / self.size)]

    def axis(self) -> dict[str, Any]:
        """The encoding of a field on this axis, without the field."""
        locale = self.style.locale
        if self.unit == "share":
            labels = {value: format_percent(value, "#,##0%", locale=locale) for value in self.values}
            title = self.style.words(SHARE)
        else:
            labels = {value: format_decimal(round(value, 6), locale=locale) for value in self.values}
            title = self.style.words(_UNITS[self.name])
        return {
            "type": "quantitative", "title": title, "axis": _ticks(labels),
            "scale": {"domain": self.domain, "nice": False, "zero": False},
        }  # fmt: skip


def _rows(groups: Sequence[Group], labels: Sequence[str], scale: _Scale) -> list[dict[str, Any]]:
    """One datum per group; an interval open on one side ends at the edge of the axis."""
    rows = []
    for place, (group, label) in enumerate(zip(groups, labels, strict=True)):
        each = group.figure.estimate
        known = each.value is not None
        low = scale.domain[0] if each.low is None else each.low / scale.size
        high = scale.domain[1] if each.high is None else each.high / scale.size
        rows.append({
            "place": place, "label": label, "value": each.value / scale.size if each.value is not None else None,
            "low": low if known else None, "high": high if known else None, "estimate": each,
        })  # fmt: skip
    known_at = [False, *(row["value"] is not None for row in rows), False]
    for place, row in enumerate(rows, start=1):
        row["alone"] = not known_at[place - 1] and not known_at[place + 1]
    return rows


def _layer(
    mark: dict[str, Any], encoding: dict[str, Any], rows: list[dict[str, Any]], needs: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A layer with its own data: rows that have what the mark needs."""
    kept = [{k: v for k, v in row.items() if k != "estimate"} for row in rows if all(row[n] is not None for n in needs)]
    return {"data": {"values": kept}, "mark": mark, "encoding": encoding}


def _chart(
    key: str, indicator: Indicator, dimension: str, body: dict[str, Any], rows: list[dict[str, Any]], scale: _Scale,
    style: Style,
) -> Chart:  # fmt: skip
    words, locale = style.words, style.locale
    name = words(INDICATORS[indicator.name])
    title = words(_TITLES[dimension]).format(name=name) if dimension in _TITLES else f"{name}: {dimension}"
    measure = words(MEDIAN if scale.unit == "seconds" else SHARE)
    total = format_decimal(indicator.total.estimate.n, locale=locale)
    subtitle = words(gettext_noop("{measure} and its interval of 95 %; sample {n}")).format(measure=measure, n=total)
    if indicator.target is not None:
        target = number(indicator.target, scale.unit, locale, 0)
        subtitle += " · " + words(gettext_noop("dashed: target {target}")).format(target=target)

    def said(value: float | None) -> str:
        return "–" if value is None else number(value, scale.unit, locale)

    table = Table(
        ("", measure, words(LOW), words(HIGH), words(SAMPLE)),
        tuple(
            (row["label"], said(e.value), said(e.low), said(e.high), format_decimal(e.n, locale=locale))
            for row in rows
            for e in (row["estimate"],)
        ),
    )
    return Chart(key, title, subtitle, _spec(body, style, title, subtitle), table)


def _spec(body: dict[str, Any], style: Style, title: str, subtitle: str) -> dict[str, Any]:
    """A whole specification. On a page the title stands in the page; elsewhere it is drawn."""
    colours = style.colours
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH, "height": HEIGHT, "autosize": {"type": "pad"}, "background": colours["ground"],
        "padding": 4 if style.palette == "page" else 16,
        **body,
        "config": {
            "font": family(json.dumps([body, title, subtitle], ensure_ascii=False)),
            "view": {"stroke": None},
            "axis": {
                "labelColor": colours["muted"], "titleColor": colours["muted"], "labelFontSize": 12,
                "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 10, "gridColor": colours["line"],
                "domainColor": colours["line"], "tickColor": colours["line"], "labelLimit": 220,
            },
            "legend": {"labelColor": colours["text"], "labelFontSize": 12, "labelLimit": 260},
            "text": {"fontSize": 12},
        },
    }  # fmt: skip
    if style.palette != "page":
        spec["title"] = {
            "text": title, "subtitle": subtitle, "anchor": "start", "frame": "group", "color": colours["text"],
            "subtitleColor": colours["muted"], "fontSize": 16, "fontWeight": 600, "subtitleFontSize": 12,
            "offset": 16, "subtitlePadding": 6,
        }  # fmt: skip
    return spec


def _ticks(labels: dict[Any, str], at_most: int = 12) -> dict[str, Any]:
    """An axis with these labels at these values, thinned evenly; texts go through JSON, never into code."""
    values = list(labels)[:: ceil(len(labels) / at_most) or 1]
    texts = json.dumps([labels[value] for value in values], ensure_ascii=False)
    return {"values": values, "labelExpr": f"{texts}[indexof({json.dumps(values)}, datum.value)]"}


def _share_ticks(top: float, locale: str) -> dict[str, Any]:
    step = _step(top, 5)
    values = [round(step * i, 6) for i in range(ceil(top / step) + 1)]
    return _ticks({value: format_percent(value, "#,##0%", locale=locale) for value in values})


def _counts(highest: int, locale: str) -> dict[str, Any]:
    """Scale and axis of counts up to `highest`."""
    step = max(1, round(_step(highest or 1, 5)))
    values = [step * i for i in range(ceil((highest or 1) / step) + 1)]
    labels = {value: format_decimal(value, locale=locale) for value in values}
    return {"scale": {"domain": [0, values[-1]], "nice": False}, "axis": _ticks(labels)}


def _step(span: float, pieces: int) -> float:
    """A round step (1, 2, 2.5 or 5 times a power of ten) that cuts `span` into about that many pieces."""
    rough = span / pieces
    power: float = 10 ** floor(log10(rough))
    return next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= rough * 0.999)


def _label(group: Group, style: Style) -> str:
    """The shown name of a group."""
    if group.key is None:
        return style.words(NONE)
    return group.label or str(group.key)


def _between(edges: tuple[int, ...], number: int, style: Style) -> str:
    """Such as 1-2 hr: between an edge and the next, in the unit that fits; the last is open."""
    locale = style.locale
    if number == len(edges) - 1:
        return f"> {duration(edges[number], locale)}"
    low, high = edges[number], edges[number + 1]
    if low == 0:
        return f"< {duration(high, locale)}"
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if low % size == 0 and high % size == 0:
            return f"{low // size}–" + format_unit(high // size, unit, length="short", locale=locale)
    return f"{duration(low, locale)} – {duration(high, locale)}"
