"""The report's charts: which there are, drawn, each with its table."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from answerable.measure import charts
from answerable.measure.charts import Chart, Style
from answerable.measure.drawing import DrawingError, draw, inline
from answerable.web.words import reader_locale

if TYPE_CHECKING:
    from answerable.insight.questions import Measured
    from answerable.measure.report import Report

KEPT = 2_000
WIDTH = 400  # narrow, so that its words can be read where it is as wide as a telephone
TRENDS = ("first_response", "first_response_compliance", "resolution", "csat")
COMPARED = ("first_response", "first_response_compliance", "csat")

logger = logging.getLogger(__name__)
_drawing = threading.Lock()  # a drawing process takes 80 MB: one at a time


@dataclass(frozen=True)
class Drawn:
    """A chart and its SVG; empty where it could not be drawn, the table then stands open."""

    chart: Chart
    svg: SafeString


def all_charts(measured: Measured, report: Report) -> list[Chart]:
    """In the order of the page. `report` has the reader's names for its groups."""
    style = Style(words=gettext, locale=str(reader_locale()), ngettext=ngettext)
    return list(_charts(measured, report, style))


def _charts(measured: Measured, report: Report, style: Style) -> Iterator[Chart]:
    indicators, cut = report.indicators, report.group_by[0]
    for name in TRENDS:
        if indicators[name].total.estimate.n and len(indicators[name].groups[cut]) > 1:
            yield charts.trend(indicators[name], cut, style)
    for shape in measured.waits.values():
        if sum(shape.ended) + sum(shape.waiting):
            yield charts.waits(shape, style)
    if indicators["csat"].total.estimate.n:
        yield charts.scores(indicators["csat"], style)
    for dimension in report.group_by[1:]:
        for name in COMPARED:
            if len(indicators[name].groups.get(dimension, ())) > 1:
                yield charts.comparison(indicators[name], dimension, style)
    if any(n for row in measured.arrivals for n in row):
        yield charts.hours(measured.arrivals, style)


def drawn(wanted: list[Chart]) -> list[Drawn]:
    """Each chart with its drawing, from the cache where it was drawn before."""
    try:
        with _drawing:
            pictures = draw([{**chart.spec, "width": WIDTH} for chart in wanted], cache=_cache())
        return [
            Drawn(chart, mark_safe(inline(picture)))  # noqa: S308 - `inline` refuses whatever could act
            for chart, picture in zip(wanted, pictures, strict=True)
        ]
    except DrawingError:
        logger.exception("charts could not be drawn")
        return [Drawn(chart, SafeString()) for chart in wanted]


def _cache() -> Path:
    """Where drawings are kept, the oldest given up when there are too many."""
    directory = Path(settings.DATA_DIR) / "drawings"
    kept = list(directory.glob("*")) if directory.is_dir() else []
    if len(kept) > KEPT:
        for path in sorted(kept, key=_age)[: KEPT // 2]:
            path.unlink(missing_ok=True)
    return directory


def _age(path: Path) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0
