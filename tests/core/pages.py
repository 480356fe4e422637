"""Worked examples out of the pages in docs."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def tables(page: str) -> list[list[list[str]]]:
    """The tables of a page in their order: rows of cells as text, without the heads."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    found = [list(group) for is_row, group in groupby(lines, key=lambda line: line.startswith("|")) if is_row]
    return [[[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]] for rows in found]


def examples(page: str, language: str) -> list[str]:
    """The fenced examples of a page in a language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
