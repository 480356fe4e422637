"""What poor quality costs and what is spent against it, drawn as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal

from answerable.measure.charts.scale import points_ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFORMANCE = gettext_noop("Spent so that nothing fails")
FAILURE = gettext_noop("What failures cost")


def costs(rows: Sequence[tuple[str, float, bool]], currency: str, style: Style = ENGLISH) -> Chart:
    """A bar per kind of cost: its name, its amount, and whether it is a failure's."""
    words, locale, colours = style.words, style.locale, style.colours
    names = {False: words(CONFORMANCE), True: words(FAILURE)}
    values: list[dict[str, Any]] = [
        {"label": label, "value": amount, "said": format_decimal(round(amount), locale=locale), "kind": names[failure]}
        for label, amount, failure in rows
    ]
    amount = words(gettext_noop("Amount"))
    axis = f"{amount}, {currency}" if currency else amount
    top = max([row["value"] for row in values] or [1.0]) or 1.0
    x = {
        "field": "value", "type": "quantitative", "title": axis, "scale": {"domain": [0, top * 1.2]},
        "axis": points_ticks(0.0, top, locale)["axis"],
    }  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False, "domain": False}}
    colour = {
        "field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top", "direction": "vertical"},
        "scale": {"domain": [names[True], names[False]], "range": [colours["two"], colours["one"]]},
    }  # fmt: skip
    layers = [
        {"mark": {"type": "bar", "height": {"band": 0.6}}, "encoding": {"x": x, "y": y, "color": colour}},
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "color": colours["text"], "fontWeight": 600},
            "encoding": {"x": x, "y": y, "text": {"field": "said", "type": "nominal"}},
        },
    ]
    title = words(gettext_noop("What poor quality costs"))
    subtitle = words(gettext_noop("Sums of what is recorded for the period; what nobody recorded is not in them"))
    table = Table(
        (words(gettext_noop("What")), axis),
        tuple((label, format_decimal(value, "#,##0.00", locale=locale)) for label, value, _ in rows),
    )
    body = {"data": {"values": values}, "layer": layers, "height": 42 * len(values) + 10}
    key = f"cost-{currency}" if currency else "cost"
    return Chart(key, title, subtitle, specification(body, style, title, subtitle), table)
