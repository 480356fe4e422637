"""The report as a directory of CSV files: every table, every chart's numbers, every conversation behind a figure.

UTF-8 with a mark, so that spreadsheets read it, lines ended as RFC 4180 says. A cell that a spreadsheet would run
as a formula is led by an apostrophe: what begins with = + - @, a tab or a line end, unless it is but a number.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerable.core.cells import neutral
from answerable.measure.document.model import Document
from answerable.measure.document.tables import sheets

if TYPE_CHECKING:
    from answerable.measure.study import Study


def fill(document: Document, study: Study, folder: Path) -> None:
    """Write every table into a directory. Raises OSError."""
    for sheet in sheets(document, study):
        with (folder / f"{sheet.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([neutral(each) for each in sheet.headers])
            writer.writerows([_cell(each) for each in row] for row in sheet.rows)


def _cell(value: Any) -> Any:
    """Numbers as they are, anything else as a text that does nothing."""
    return value if isinstance(value, (int, float)) else neutral(value)
