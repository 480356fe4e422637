"""How customers rated the service, drawn as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from answerable.measure.charts.scale import SHARE, share_ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import gettext_noop, number

if TYPE_CHECKING:
    from answerable.measure.figure import Indicator


def scores(indicator: Indicator, style: Style = ENGLISH) -> Chart:
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
        "scale": {"domain": [0, top * 1.12]}, "axis": share_ticks(top, locale),
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
    said = style.ngettext("{n} rating", "{n} ratings", n)
    if coverage is not None:
        said = style.ngettext("{n} rating, {share} of those asked", "{n} ratings, {share} of those asked", n)
    subtitle = said.format(
        n=format_decimal(n, locale=locale), share="" if coverage is None else number(coverage, "share", locale, 0)
    )
    table = Table(
        (words(gettext_noop("Score")), words(gettext_noop("Ratings")), words(SHARE)),
        tuple(
            (str(score), format_decimal(count, locale=locale), number(share, "share", locale))
            for score, (count, share) in enumerate(zip(counts, shares, strict=True), start=1)
        ),
    )
    body = {"data": {"values": rows}, "layer": layers}
    return Chart("csat-scores", title, subtitle, specification(body, style, title, subtitle), table)
