"""How customers answered one question, drawn as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from answerable.measure.charts.scale import SHARE, share_ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import INDICATORS, gettext_noop, number

if TYPE_CHECKING:
    from answerable.measure.figure import Indicator

GOOD = {"nps": (9, 10), "ces": (5, 7)}
BAD = {"nps": (0, 6), "ces": (1, 3)}


def answers(indicator: Indicator, style: Style = ENGLISH) -> Chart:
    """The share of each answer of NPS or CES: the good ones in the main colour, the bad ones in the second."""
    words, locale, colours = style.words, style.locale, style.colours
    counts = {
        int(key.removeprefix("answer_")): n for key, n in indicator.total.counts.items() if key.startswith("answer_")
    }
    whole = sum(counts.values())
    shares = {answer: n / whole if whole else 0.0 for answer, n in sorted(counts.items())}
    good, bad = GOOD[indicator.name], BAD[indicator.name]

    def colour(answer: int) -> str:
        if good[0] <= answer <= good[1]:
            return str(colours["one"])
        return str(colours["two"] if bad[0] <= answer <= bad[1] else colours["muted"])

    rows = [
        {"label": str(answer), "value": share, "said": number(share, "share", locale, 0), "colour": colour(answer)}
        for answer, share in shares.items()
    ]
    x = {
        "field": "label", "type": "nominal", "sort": None, "scale": {"paddingInner": 0.2},
        "title": words(gettext_noop("Answer")), "axis": {"labelAngle": 0, "ticks": False},
    }  # fmt: skip
    top = max([*shares.values(), 0.1])
    y = {
        "field": "value", "type": "quantitative", "title": words(gettext_noop("Share of answers")),
        "scale": {"domain": [0, top * 1.12]}, "axis": share_ticks(top, locale),
    }  # fmt: skip
    layers = [
        {
            "mark": {"type": "bar"},
            "encoding": {"x": x, "y": y, "color": {"field": "colour", "type": "nominal", "scale": None}},
        },
        {
            "mark": {"type": "text", "dy": -8, "color": colours["text"], "fontSize": 11},
            "encoding": {"x": x, "y": y, "text": {"field": "said", "type": "nominal"}},
        },
    ]
    title = words(gettext_noop("How customers answered: {name}")).format(name=words(INDICATORS[indicator.name]))
    subtitle = style.ngettext("{n} answer", "{n} answers", whole).format(n=format_decimal(whole, locale=locale))
    table = Table(
        (words(gettext_noop("Answer")), words(gettext_noop("Answers")), words(SHARE)),
        tuple(
            (str(answer), format_decimal(counts[answer], locale=locale), number(share, "share", locale))
            for answer, share in shares.items()
        ),
    )
    body = {"data": {"values": rows}, "layer": layers}
    return Chart(f"{indicator.name}-answers", title, subtitle, specification(body, style, title, subtitle), table)
