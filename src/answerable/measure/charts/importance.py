"""What matters most to customers against how well it is done: importance and performance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal

from answerable.measure.charts.scale import points_ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from answerable.measure.kpi.servqual import ServqualDetail

NEAR_ACROSS, NEAR_ALONG = 0.04, 0.05
"""Points nearer than these shares of the axes have their numbers in one label."""


def importance(of: ServqualDetail, style: Style = ENGLISH) -> Chart | None:
    """A numbered point per question; what is expected most and perceived least stands above on the left.

    None without a crosshair. The table says which number is which question.
    """
    if of.quadrants is None:
        return None
    words, locale, colours, cross = style.words, style.locale, style.colours, of.quadrants.crosshair
    items = [item for dimension in of.result.dimensions for item in dimension.items]
    rows: list[dict[str, Any]] = [
        {"label": str(number), "x": item.perception.value, "y": item.expectation.value, "name": item.name}
        for number, item in enumerate(items, start=1)
        if item.perception.value is not None and item.expectation.value is not None
    ]

    def axis(field: str, title: str, middle: float) -> dict[str, Any]:
        values = [float(row[field] or 0.0) for row in rows] + [middle]
        return {
            "field": field,
            "type": "quantitative",
            "title": title,
            **points_ticks(min(values), max(values), locale),
        }

    x = axis("x", words(gettext_noop("Perceived")), cross.performance)
    y = axis("y", words(gettext_noop("Expected")), cross.importance)
    line = {"type": "rule", "strokeDash": [5, 4], "color": colours["muted"], "strokeWidth": 1.2}
    layers = [
        {"data": {"values": [{"x": cross.performance}]}, "mark": line, "encoding": {"x": x}},
        {"data": {"values": [{"y": cross.importance}]}, "mark": line, "encoding": {"y": y}},
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 40, "opacity": 1, "color": colours["one"]},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": _labels(rows, x["scale"]["domain"], y["scale"]["domain"])},
            "mark": {"type": "text", "dy": -9, "fontSize": 10, "color": colours["text"]},
            "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
        },
    ]
    title = words(gettext_noop("Importance and performance"))
    subtitle = words(gettext_noop("Mend first what stands above on the left; dashed: the means over all questions"))
    table = Table(
        ("", words(gettext_noop("Question")), words(gettext_noop("Perceived")), words(gettext_noop("Expected"))),
        tuple(
            (
                str(row["label"]), str(row["name"]),
                *(format_decimal(row[key], "#,##0.00", locale=locale) for key in ("x", "y")),
            )
            for row in rows
        ),
    )  # fmt: skip
    body = {"layer": layers, "height": 320}
    return Chart("servqual-importance", title, subtitle, specification(body, style, title, subtitle), table)


def _labels(rows: Sequence[dict[str, Any]], wide: Sequence[float], high: Sequence[float]) -> list[dict[str, Any]]:
    """The numbers of the points; those of points too near for words of their own stand together."""
    found: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda each: -float(each["y"])):
        near = next((each for each in found if _near(each, row, wide, high)), None)
        if near is None:
            found.append({"x": row["x"], "y": row["y"], "label": row["label"]})
        else:
            near["label"] = ", ".join(sorted([*near["label"].split(", "), row["label"]], key=int))
    return found


def _near(one: dict[str, Any], other: dict[str, Any], wide: Sequence[float], high: Sequence[float]) -> bool:
    across = abs(one["x"] - other["x"]) / (wide[1] - wide[0])
    return bool(across < NEAR_ACROSS and abs(one["y"] - other["y"]) / (high[1] - high[0]) < NEAR_ALONG)
