"""Every table of a report: its words, its charts' numbers, its figures in full, and what stands behind each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerable.measure.behind import amounts, answers, conversations
from answerable.measure.document.indicators import answered, listed
from answerable.measure.document.model import Block, Cards, Document, Drawing, Grid, Pairs, Section
from answerable.measure.kpi import quality

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.measure.study import Study

PAGE = 50_000
MOST_ANSWERS = 10_000_000
FIGURES = (
    "indicator", "group", "key", "value", "low", "high", "n", "coverage", "unit", "definition", "version",
)  # fmt: skip
INSTANTS = ("at", "rated_at", "due_at")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under a name unlike all others. `rows` may be taken once. `numbers` are the places of columns whose
    words are numbers, `instants` those of columns of Unix seconds."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    numbers: frozenset[int] = frozenset()
    instants: frozenset[int] = frozenset()


def sheets(document: Document, study: Study) -> Iterator[Sheet]:
    """All tables, in the order of the report; what stands behind a figure comes last, whole."""
    taken: set[str] = set()
    for section in document.walk():
        for block in section.blocks:
            if (found := _of(block, section, document)) is not None:
                key, headers, rows, numbers = found
                yield Sheet(_name(key, taken), headers, rows, numbers)
    yield Sheet(_name("figures", taken), FIGURES, _figures(study))
    for name, indicator in study.report.indicators.items():
        if not indicator.total.estimate.n:
            continue
        if listed(name):
            pages = _pages(study, name)
            yield _whole(_name(f"{name}-conversations", taken), pages)
        elif answered(name):
            rows = answers(study.facts, indicator.total.selection, limit=MOST_ANSWERS)
            yield _whole(_name(f"{name}-each", taken), iter([rows]))
        elif name == quality.REFUNDS:
            rows = amounts(study.facts, indicator.total.selection, limit=MOST_ANSWERS)
            yield _whole(_name(f"{name}-each", taken), iter([rows]))


def _of(
    block: Block, section: Section, document: Document
) -> tuple[str, Sequence[str], Iterable[Sequence[str]], frozenset[int]] | None:
    """Key, headers, rows and columns of numbers of a block that is a table."""
    match block:
        case Grid() if not block.key.endswith("-behind"):
            return block.key, block.headers, block.rows, block.numbers
        case Drawing(chart):
            table = chart.table
            return chart.key, table.headers, table.rows, frozenset(range(1, len(table.headers)))
        case Pairs(items):
            return section.key, (section.title, ""), items, frozenset({1})
        case Cards(items):
            rows = [
                (card.title, line, said)
                for card in items
                for line, said in ((document.words["value"], card.value or card.reason),
                                   (document.words["interval"], card.interval), *card.lines)
            ]  # fmt: skip
            return section.key, (section.title, "", ""), rows, frozenset({2})
    return None


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


def _pages(study: Study, name: str) -> Iterator[Any]:
    """All conversations behind a figure as Arrow tables, a page at a time; instants are Unix seconds, durations
    seconds."""
    selection, after = study.report.indicators[name].total.selection, None
    while True:
        page = conversations(study.facts, selection, limit=PAGE, after=after)
        yield page
        if page.num_rows < PAGE:
            return
        after = (page.column("at")[-1].as_py(), page.column("conversation_id")[-1].as_py())


def _whole(name: str, pages: Iterator[Any]) -> Sheet:
    """Arrow tables of the same columns as one table."""
    first = next(pages)
    headers: list[str] = first.column_names

    def rows() -> Iterator[Sequence[Any]]:
        page = first
        while page is not None:
            yield from zip(*(page.column(column).to_pylist() for column in headers), strict=True)
            page = next(pages, None)

    return Sheet(name, headers, rows(), instants=frozenset(n for n, key in enumerate(headers) if key in INSTANTS))


def _name(key: str, taken: set[str]) -> str:
    """A name for a key, unlike all others."""
    base = re.sub(r"[^\w.-]+", "-", key).strip("-.")[:80] or "table"
    name, number = base, 2
    while name.lower() in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name.lower())
    return name
