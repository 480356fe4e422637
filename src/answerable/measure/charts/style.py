"""What all charts share: how to write and paint them, and the specification around what each draws."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from answerable.measure.drawing import family
from answerable.measure.words import Plurals, Words, english, english_plurals

WIDTH, HEIGHT = 620, 240  # of the whole drawing, so that words are as large in each; of what is drawn in it
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
    ngettext: Plurals = english_plurals

    @property
    def colours(self) -> dict[str, Any]:
        """The palette's colours by their part."""
        return PALETTES[self.palette]


ENGLISH = Style()


def specification(body: dict[str, Any], style: Style, title: str, subtitle: str) -> dict[str, Any]:
    """A whole specification. On a page the title stands in the page; elsewhere it is drawn."""
    colours = style.colours
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH, "height": HEIGHT, "autosize": {"type": "fit-x", "contains": "padding"},
        "background": colours["ground"], "padding": 4 if style.palette == "page" else 16,
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
