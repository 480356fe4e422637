"""How long customers stay, drawn as steps that fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from answerable.measure.charts.scale import counts, share_ticks
from answerable.measure.charts.style import ENGLISH, Chart, Style, Table, specification
from answerable.measure.words import gettext_noop, number

if TYPE_CHECKING:
    from answerable.measure.kpi.retention import RetentionDetail

ROWS = 24  # of the table: a curve may have hundreds of steps
WHOLE = gettext_noop("Share of customers")


def survival(of: RetentionDetail, style: Style = ENGLISH) -> Chart:
    """The share still a customer so many days after the first, with its band; all are at the beginning."""
    words, locale, colours, curve = style.words, style.locale, style.colours, of.survival
    rows: list[dict[str, float]] = [{"day": 0, "share": 1.0, "low": 1.0, "high": 1.0}]
    for day, share, low, high in zip(curve.days, curve.share, curve.low, curve.high, strict=True):
        rows.append({"day": day, "share": share, "low": share if low is None else low, "high": high or share})
    x = {
        "field": "day", "type": "quantitative", "title": words(gettext_noop("Days since the first")),
        **counts(max(1, *curve.days), locale),
    }  # fmt: skip
    y = {
        "field": "share", "type": "quantitative", "title": words(WHOLE), "scale": {"domain": [0, 1]},
        "axis": share_ticks(1.0, locale),
    }  # fmt: skip
    layers = [
        {
            "mark": {"type": "area", "opacity": 0.22, "color": colours["one"], "interpolate": "step-after"},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": colours["one"], "strokeWidth": 2, "interpolate": "step-after"},
            "encoding": {"x": x, "y": y},
        },
    ]
    title = words(gettext_noop("How long customers stay"))
    subtitle = words(gettext_noop("Survival (Kaplan-Meier): lost who was not seen for {n} days")).format(
        n=format_decimal(of.lapse_days, locale=locale)
    )
    shown = rows[:: max(1, len(rows) // ROWS)]
    headers = (
        gettext_noop("Days since the first"), gettext_noop("Still a customer"), gettext_noop("From"),
        gettext_noop("To"),
    )  # fmt: skip
    table = Table(
        tuple(words(each) for each in headers),
        tuple(
            (
                format_decimal(row["day"], locale=locale),
                *(number(row[key], "share", locale) for key in ("share", "low", "high")),
            )
            for row in shown
        ),
    )
    body = {"data": {"values": rows}, "layer": layers}
    return Chart("retention-survival", title, subtitle, specification(body, style, title, subtitle), table)
