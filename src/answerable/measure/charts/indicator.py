"""An indicator drawn: over time, and beside others, each value with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal

from answerable.measure.charts.scale import NUMBERS, SHARE, Scale, ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import INDICATORS, day, gettext_noop, month, of_estimate

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.measure.figure import Group, Indicator

_BREAK = "break-paths-filter-domains"
_TITLES = {
    "day": gettext_noop("{name} by day"),
    "week": gettext_noop("{name} by week"),
    "month": gettext_noop("{name} by month"),
    "team_id": gettext_noop("{name} by team"),
    "team": gettext_noop("{name} by team"),
    "channel": gettext_noop("{name} by channel"),
    "standard": gettext_noop("{name} by promise"),
    "agent_id": gettext_noop("{name} by agent"),
    "agent": gettext_noop("{name} by agent"),
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
_AXES_OF_RATINGS = {
    "day": gettext_noop("Day the customer was asked"),
    "week": gettext_noop("Week the customer was asked, from Monday"),
    "month": gettext_noop("Month the customer was asked"),
}
_AXES_OF_ANSWERS = {
    "day": gettext_noop("Day of the answer"),
    "week": gettext_noop("Week of the answer, from Monday"),
    "month": gettext_noop("Month of the answer"),
}
_AXES_OF_CUSTOMERS = dict.fromkeys(("day", "week", "month"), gettext_noop("Beginning of the period"))
_AXES_BY_INDICATOR = {
    "csat": _AXES_OF_RATINGS,
    **dict.fromkeys(("nps", "ces", "servqual", "engagement"), _AXES_OF_ANSWERS),
    **dict.fromkeys(("retention", "refunds"), _AXES_OF_CUSTOMERS),
}
MEDIAN = gettext_noop("Median")
NONE = gettext_noop("none")
LOW, HIGH, SAMPLE = gettext_noop("From"), gettext_noop("To"), gettext_noop("Sample")


def trend(indicator: Indicator, cut: str, style: Style = ENGLISH) -> Chart:
    """An indicator over time: a line through the values, a band for the interval, a gap where n is 0."""
    groups = indicator.groups[cut]
    days = [date.fromisoformat(str(group.key)) for group in groups]
    many = days[0].year != days[-1].year
    labels = [month(each, style.locale) if cut == "month" else day(each, style.locale, year=many) for each in days]
    scale = Scale([group.figure.estimate for group in groups], style, indicator.target, from_zero=False)
    rows = _rows(groups, labels, scale)
    words, colours = style.words, style.colours
    axes = _AXES_BY_INDICATOR.get(indicator.name, _AXES)
    x = {
        "field": "place", "type": "quantitative", "title": words(axes[cut]),
        "scale": {"domain": [-0.5, len(rows) - 0.5], "nice": False},
        "axis": {**ticks(dict(enumerate(labels)), at_most=9), "grid": False},
    }  # fmt: skip
    y, size = scale.axis(), 36 if len(rows) <= 31 else 14
    layers = [
        _layer({"type": "area", "opacity": 0.22, "color": colours["one"], "invalid": _BREAK}, {
            "x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
        }, rows),
        _layer({"type": "line", "color": colours["one"], "strokeWidth": 2, "strokeJoin": "round", "invalid": _BREAK}, {
            "x": x, "y": {**y, "field": "value"},
        }, rows),
        _layer({"type": "rule", "color": colours["one"], "opacity": 0.5}, {
            "x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
        }, [row for row in rows if row["alone"]], needs=("low", "high")),
        _layer({"type": "point", "filled": True, "size": size, "opacity": 1, "color": colours["one"]}, {
            "x": x, "y": {**y, "field": "value"},
        }, rows, needs=("value",)),
    ]  # fmt: skip
    layers += _limits(indicator, cut, groups, scale, x, style)
    if indicator.target is not None:
        target = {"data": {"values": [{"target": indicator.target / scale.size}]}}
        mark = {"type": "rule", "strokeDash": [5, 4], "color": colours["two"], "strokeWidth": 1.5}
        layers.append({**target, "mark": mark, "encoding": {"y": {**y, "field": "target"}}})
    return _chart(f"{indicator.name}-{cut}", indicator, cut, {"layer": layers}, rows, scale, style)


def _limits(
    indicator: Indicator, cut: str, groups: Sequence[Group], scale: Scale, x: dict[str, Any], style: Style
) -> list[dict[str, Any]]:
    """The control limits of a trend, dotted, where they lie on its axis; none without a chart of this cut."""
    chart = indicator.control
    if chart is None or chart.cut != cut:
        return []
    places = {str(group.key): place for place, group in enumerate(groups)}
    layers = []
    for ends in (chart.low, chart.high):
        rows = [
            {"place": places[key], "limit": end / scale.size}
            for key, end in zip(chart.keys, ends, strict=True)
            if end is not None and scale.domain[0] <= end / scale.size <= scale.domain[1]
        ]
        mark = {"type": "line", "strokeDash": [1, 3], "color": style.colours["muted"], "strokeWidth": 1.2}
        y = {**scale.axis(), "field": "limit"}
        layers.append({"data": {"values": rows}, "mark": mark, "encoding": {"x": x, "y": y}})
    return layers


def comparison(indicator: Indicator, dimension: str, style: Style = ENGLISH) -> Chart:
    """An indicator by team, channel, promise, ...: a bar for each with its interval."""
    groups = indicator.groups[dimension]
    labels = [_label(group, style) for group in groups]
    scale = Scale([group.figure.estimate for group in groups], style, indicator.target, from_zero=True)
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


def _rows(groups: Sequence[Group], labels: Sequence[str], scale: Scale) -> list[dict[str, Any]]:
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
    key: str, indicator: Indicator, dimension: str, body: dict[str, Any], rows: list[dict[str, Any]], scale: Scale,
    style: Style,
) -> Chart:  # fmt: skip
    words, locale = style.words, style.locale
    name = words(INDICATORS[indicator.name])
    title = words(_TITLES[dimension]).format(name=name) if dimension in _TITLES else f"{name}: {dimension}"
    measure = words(MEDIAN if scale.unit == "seconds" else SHARE if scale.unit == "share" else NUMBERS[scale.unit])
    total = format_decimal(indicator.total.estimate.n, locale=locale)
    subtitle = words(gettext_noop("{measure} with its interval of 95 %; sample {n}")).format(measure=measure, n=total)
    if indicator.control is not None and indicator.control.cut == dimension:
        subtitle += " · " + words(gettext_noop("dotted: control limits"))
    if indicator.target is not None:
        target = of_estimate(indicator.target, indicator.total.estimate, locale, 0)
        subtitle += " · " + words(gettext_noop("dashed: target {target}")).format(target=target)

    def said(value: float | None, estimate: Estimate) -> str:
        return "–" if value is None else of_estimate(value, estimate, locale)

    table = Table(
        ("", measure, words(LOW), words(HIGH), words(SAMPLE)),
        tuple(
            (row["label"], said(e.value, e), said(e.low, e), said(e.high, e), format_decimal(e.n, locale=locale))
            for row in rows
            for e in (row["estimate"],)
        ),
    )
    return Chart(key, title, subtitle, specification(body, style, title, subtitle), table)


def _label(group: Group, style: Style) -> str:
    """The shown name of a group."""
    if group.key is None:
        return style.words(NONE)
    return group.label or str(group.key)
