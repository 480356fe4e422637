"""What a volume file's reading says, as JSON: templates with their facts, so that a page says it in any language."""

from __future__ import annotations

from typing import Any

from answerable.measure.reading import Unreadable
from answerable.measure.volumes.reading import Wrong
from answerable.measure.words import Said


def said_of(error: Unreadable | Wrong) -> dict[str, Any]:
    """What is wrong with a file."""
    if isinstance(error, Unreadable):
        return {"reason": as_said(error.reason), "remedy": as_said(error.remedy), "rows": [], "count": 0}
    rows = [
        {"file": row.file, "line": row.line, "column": row.column, "value": row.value, "reason": as_said(row.reason)}
        for row in error.rows
    ]
    return {"reason": as_said(error.reason), "remedy": None, "rows": rows, "count": error.count}


def as_said(text: str) -> dict[str, Any]:
    """A text with its template and facts."""
    if isinstance(text, Said):
        return {"template": text.template, "facts": {key: str(fact) for key, fact in text.facts.items()}}
    return {"template": text, "facts": {}}
