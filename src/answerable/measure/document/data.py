"""The report as JSON: the words as they stand in the document, and the figures in full.

{"schema": 1, "title", "subtitle", "language", "made_at", "sections": [...], "report": {...}, "costs": [...]}: a
section has `key`, `title`, `blocks` and `sections`; a block has `kind` and its fields; a chart its table in place of a
drawing. `report` has the raw figures: shares 0 to 1, durations in seconds, instants as Unix seconds
(measure/report.py).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from answerable.measure.document.model import Block, Document, Drawing, Grid, Section

if TYPE_CHECKING:
    from answerable.measure.study import Study

SCHEMA = 1


def as_json(document: Document, study: Study) -> bytes:
    """The document and its figures, UTF-8."""
    said = {**plain(document), "dated": study.dated, "report": study.report.as_dict(), "costs": _costs(study)}
    return json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _costs(study: Study) -> list[dict[str, Any]]:
    """The lines of the cost of quality; amounts are texts, so that no cent is lost."""
    lines = study.costs.lines if study.costs else ()
    return [{**asdict(line), "amount": str(line.amount), "before": line.before and str(line.before)} for line in lines]


def plain(document: Document) -> dict[str, Any]:
    """The document's words as JSON values."""
    return {
        "schema": SCHEMA,
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "made_at": document.made_at.isoformat(timespec="seconds"),
        "sections": [_section(each) for each in document.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "blocks": [_block(each) for each in section.blocks],
        "sections": [_section(each) for each in section.parts],
    }


def _block(block: Block) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if isinstance(block, Drawing):
        chart = block.chart
        return {"kind": "chart", "key": chart.key, "title": chart.title, "subtitle": chart.subtitle, **_table(chart)}
    if isinstance(block, Grid):
        return {"kind": "table", **asdict(block), "numbers": sorted(block.numbers)}
    return {"kind": kind, **asdict(block)}


def _table(chart: Any) -> dict[str, Any]:
    return {"headers": chart.table.headers, "rows": chart.table.rows}
