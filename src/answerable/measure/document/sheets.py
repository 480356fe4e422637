"""The report as a directory of CSV files: every table, every chart's numbers, every conversation behind a figure.

UTF-8 with a mark, so that spreadsheets read it, lines ended as RFC 4180 says. A cell that a spreadsheet would run
as a formula is led by an apostrophe: what begins with = + - @, a tab or a line end, unless it is but a number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerable.measure.behind import answers, conversations
from answerable.measure.document.indicators import answered, listed
from answerable.measure.document.model import Cards, Document, Drawing, Grid, Pairs

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.measure.study import Study

PAGE = 50_000
MOST_ANSWERS = 10_000_000
FIGURES = (
    "indicator", "group", "key", "value", "low", "high", "n", "coverage", "unit", "definition", "version",
)  # fmt: skip
_FORMULA = re.compile(r"^[=+\-@\t\r\n]")
_NUMBER = re.compile(r"^[-+]?[0-9]+([.,][0-9]+)*( ?%)?$")


def neutral(cell: Any) -> str:
    """A cell that does nothing but stand there."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def fill(document: Document, study: Study, folder: Path) -> None:
    """Write every table into a directory. Raises OSError."""
    taken: set[str] = set()
    for section in document.walk():
        for block in section.blocks:
            match block:
                case Grid() if not block.key.endswith("-behind"):
                    _write(folder / _name(block.key, taken), block.headers, block.rows)
                case Drawing(chart):
                    _write(folder / _name(chart.key, taken), chart.table.headers, chart.table.rows)
                case Pairs(items):
                    _write(folder / _name(section.key, taken), (section.title, ""), items)
                case Cards(items):
                    rows = [
                        (card.title, line, said)
                        for card in items
                        for line, said in ((document.words["value"], card.value or card.reason),
                                           (document.words["interval"], card.interval), *card.lines)
                    ]  # fmt: skip
                    _write(folder / _name(section.key, taken), (section.title, "", ""), rows)
    _write(folder / _name("figures", taken), FIGURES, _figures(study))
    for name, indicator in study.report.indicators.items():
        if listed(name) and indicator.total.estimate.n:
            _behind(study, name, folder / _name(f"{name}-conversations", taken))
        elif answered(name) and indicator.total.estimate.n:
            rows = answers(study.facts, indicator.total.selection, limit=MOST_ANSWERS)
            columns = [rows.column(column).to_pylist() for column in rows.column_names]
            _write(folder / _name(f"{name}-each", taken), rows.column_names, zip(*columns, strict=True))


def _figures(study: Study) -> Iterator[Sequence[Any]]:
    """Every figure in full: the total, what stands beside it, the period before, each group that may be shown."""
    for name, indicator in study.report.indicators.items():
        yield name, "total", "", *_full(indicator.total.estimate)
        for key, beside in indicator.total.beside.items():
            yield name, "beside", key, *_full(beside)
        if indicator.before is not None:
            yield name, "before", "", *_full(indicator.before.estimate)
        for dimension, groups in indicator.groups.items():
            for group in groups:
                label = group.label or ("" if group.key is None else group.key)
                yield name, dimension, label, *_full(group.figure.estimate)


def _full(estimate: Estimate) -> Sequence[Any]:
    return (
        estimate.value, estimate.low, estimate.high, estimate.n, estimate.coverage, estimate.unit,
        estimate.definition.name, estimate.definition.version,
    )  # fmt: skip


def _name(key: str, taken: set[str]) -> str:
    """A file's name for a key, unlike all others."""
    base = re.sub(r"[^\w.-]+", "-", key).strip("-.")[:80] or "table"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return f"{name}.csv"


def _write(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([neutral(each) for each in headers])
        writer.writerows([neutral(each) for each in row] for row in rows)


def _behind(study: Study, name: str, path: Path) -> None:
    """All conversations behind a figure, a page at a time; instants are Unix seconds, durations seconds."""
    selection, after = study.report.indicators[name].total.selection, None
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        while True:
            page = conversations(study.facts, selection, limit=PAGE, after=after)
            if after is None:
                writer.writerow(page.column_names)
            columns = [page.column(column).to_pylist() for column in page.column_names]
            writer.writerows([neutral(each) for each in row] for row in zip(*columns, strict=True))
            if page.num_rows < PAGE:
                return
            after = (columns[1][-1], columns[0][-1])
