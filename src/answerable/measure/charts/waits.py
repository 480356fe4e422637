"""How long customers waited, drawn as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from answerable.measure.charts.scale import counts
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import INDICATORS, between, gettext_noop

if TYPE_CHECKING:
    from answerable.measure.shapes import Distribution

COUNT = gettext_noop("Conversations")
PARTS = {
    "first_response": (
        gettext_noop("Answered"),
        gettext_noop("Solved without an answer"),
        gettext_noop("Still without an answer"),
    ),
    "resolution": (gettext_noop("Solved"), "", gettext_noop("Still open")),
}
BY_CLOCK = {
    "business": gettext_noop("{name}, in business time"),
    "calendar": gettext_noop("{name}, by the calendar"),
}


def waits(shape: Distribution, style: Style = ENGLISH) -> Chart:
    """How long customers waited: bars of those who got an answer, on top those solved without one and those who
    wait still."""
    words, locale, colours = style.words, style.locale, style.colours
    business = shape.clock == "business"
    labels = [between(shape.edges, number, locale, business=business) for number in range(len(shape.edges))]
    shades = (colours["one"], colours["muted"], colours["two"])
    parts = [
        (words(part), counted, shade)
        for part, counted, shade in zip(
            PARTS[shape.name], (shape.ended, shape.settled, shape.waiting), shades, strict=True
        )
        if part and (any(counted) or counted is not shape.settled)
    ]
    rows = [
        {"label": label, "part": part, "n": counted[place], "order": order}
        for place, label in enumerate(labels)
        for order, (part, counted, _shade) in enumerate(parts)
    ]
    name = words(INDICATORS[shape.name])
    axis = words(BY_CLOCK[shape.clock]).format(name=name)
    heights = [sum(at) for at in zip(*(counted for _part, counted, _shade in parts), strict=True)]
    body = {
        "data": {"values": rows},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "label", "type": "nominal", "sort": None, "title": axis,
                "axis": {"labelAngle": -35, "ticks": False}, "scale": {"paddingInner": 0.12},
            },
            "y": {"field": "n", "type": "quantitative", "title": words(COUNT), **counts(max(heights), locale)},
            "order": {"field": "order"},
            "color": {
                "field": "part", "type": "nominal", "sort": [part for part, _counted, _shade in parts],
                "scale": {
                    "domain": [part for part, _counted, _shade in parts],
                    "range": [shade for _part, _counted, shade in parts],
                },
                "legend": {"orient": "top", "title": None, "symbolType": "square", "columns": 2},
            },
        },
    }  # fmt: skip
    title = words(gettext_noop("How long customers waited: {name}")).format(name=name)
    whole = sum(heights)
    subtitle = style.ngettext(
        "{n} conversation that a customer opened", "{n} conversations that customers opened", whole
    ).format(n=format_decimal(whole, locale=locale))
    table = Table(
        (axis, *(part for part, _counted, _shade in parts)),
        tuple(
            (label, *(format_decimal(counted[place], locale=locale) for _part, counted, _shade in parts))
            for place, label in enumerate(labels)
        ),
    )
    return Chart(f"{shape.name}-distribution", title, subtitle, specification(body, style, title, subtitle), table)
