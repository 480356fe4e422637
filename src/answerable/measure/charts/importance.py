"""What matters most to customers against how well it is done: importance and performance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal

from answerable.measure.charts.scale import points_ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from answerable.measure.kpi.servqual import ServqualDetail


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
            "data": {"values": rows},
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
