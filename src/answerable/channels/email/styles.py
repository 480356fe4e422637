"""Inline CSS of which nothing is left that could load, cover or run anything."""

import re

PROPERTIES = frozenset({
    "color", "background-color", "font", "font-family", "font-size", "font-style", "font-weight", "line-height",
    "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space",
    "letter-spacing", "direction", "width", "max-width", "min-width", "height", "max-height", "padding",
    "padding-top", "padding-right", "padding-bottom", "padding-left", "margin", "margin-top", "margin-right",
    "margin-bottom", "margin-left", "border", "border-top", "border-right", "border-bottom", "border-left",
    "border-color", "border-style", "border-width", "border-radius", "border-collapse", "border-spacing",
    "list-style-type", "table-layout", "display", "word-break", "overflow-wrap",
})  # fmt: skip
# Letters, numbers, units and colour functions. No backslash, so that nothing is hidden behind an escape.
VALUE = re.compile(r"^(?:(?:rgb|hsl)a?\([\d\s.,%/]{1,40}\)|[\w\s.,%#/'\"+-])+$")
NEGATIVE = re.compile(r"(?<![\w#])-[\d.]")
MAX_STYLE = 2_000


def safe_style(style: str) -> str:
    """The declarations that are harmless; the empty string when none is."""
    kept = []
    for declaration in style[:MAX_STYLE].split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.replace("!important", "").strip()
        if name in PROPERTIES and VALUE.match(value) and not NEGATIVE.search(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)
