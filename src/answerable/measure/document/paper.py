"""The report as PDF, set by typst with the fonts that are shipped here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

from answerable.measure.charts import Chart
from answerable.measure.charts.style import PALETTES
from answerable.measure.document.data import plain
from answerable.measure.document.model import Document
from answerable.measure.drawing import FONTS, DrawingError, draw

WIDTH = 560
_COLOUR = re.compile(r"var\(--(text|muted|line|series-1|series-2)\)")
_PARTS = {"text": "text", "muted": "muted", "line": "line", "series-1": "one", "series-2": "two"}


def as_pdf(document: Document) -> bytes:
    """The whole report on A4. What files say is data for the typesetter, never markup."""
    import typst

    said = plain(document)
    _illustrate(said["sections"], iter(_pictures(document.charts)))
    template: bytes = resources.files(__package__).joinpath("report.typ").read_bytes()
    set_by_typst: Any = typst.compile  # its own annotations fit no call
    made: bytes = set_by_typst(
        template,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"report": json.dumps({**said, "words": document.words}, ensure_ascii=False)},
        timestamp=document.made_at,
    )
    return made


def _illustrate(sections: list[dict[str, Any]], pictures: Iterator[str]) -> None:
    """Give each chart its drawing, in order."""
    for section in sections:
        for block in section["blocks"]:
            if block["kind"] == "chart":
                block["svg"] = next(pictures)
        _illustrate(section["sections"], pictures)


def _pictures(charts: Sequence[Chart]) -> list[str]:
    """Each chart in the colours of paper; empty where it cannot be drawn: its table stands there then."""
    try:
        return [picture.decode() for picture in draw([_on_paper(chart.spec) for chart in charts])]
    except DrawingError:
        return [""] * len(charts)


def _on_paper(spec: dict[str, Any]) -> dict[str, Any]:
    """A specification made for a page, in the colours of the light palette."""
    light = PALETTES["light"]
    painted = _COLOUR.sub(lambda match: str(light[_PARTS[match[1]]]), json.dumps(spec, ensure_ascii=False))
    found: dict[str, Any] = json.loads(painted)
    return {**found, "width": WIDTH, "background": "#ffffff"}
