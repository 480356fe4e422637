"""The report on a terminal: six cards, what stands out, and how the files were understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answerable.measure.document.cover import card, outstanding, when
from answerable.measure.document.indicators import cut_of
from answerable.measure.document.model import Card
from answerable.measure.document.texts import WRONG
from answerable.measure.measuring import SIX
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from answerable.measure.document.pen import Pen
    from answerable.measure.kpi.population import DataError
    from answerable.measure.reading import BadRow
    from answerable.measure.study import Study

_COLOURS = {"good": "green", "bad": "red", "muted": "dim", "warn": "yellow", "": ""}
_BARS = "▁▂▃▄▅▆▇█"


def show(study: Study, pen: Pen, console: Console) -> None:
    """Print the summary. What comes from files is text, never markup."""
    from rich.table import Table
    from rich.text import Text

    console.print()
    console.print(Text(pen(gettext_noop("Customer service report")), style="bold"))
    console.print(Text(when(study, pen), style="dim"))
    console.print()
    beside = 3 if console.width >= 110 else 2 if console.width >= 76 else 1
    panels = [_panel(pen, card(study, pen, name), sparkline(study, name)) for name in SIX]
    grid = Table.grid(expand=True, padding=(0, 1))
    for _ in range(beside):
        grid.add_column(ratio=1)
    for start in range(0, len(panels), beside):
        grid.add_row(*panels[start : start + beside])
    console.print(grid)
    for remark in study.remarks:
        console.print(Text(pen(remark), style="yellow"))
    _list(console, pen(gettext_noop("Measured as well")), _beyond(study, pen))
    _list(console, pen(gettext_noop("What stands out")), outstanding(study, pen))
    _files(console, study, pen)
    _list(console, pen(WRONG), [_error(each, pen) for each in study.report.errors])
    lacking = [f"{pen(_name(each.kpi))}: {pen(each.needs)}; {pen(each.remedy)}" for each in study.reading.missing]
    _list(console, pen(gettext_noop("Not measured, and what it needs")), lacking)


def sparkline(study: Study, name: str) -> str:
    """The trend as bars of eight heights; a space where a piece has no value."""
    indicator = study.report.indicators.get(name)
    cut = cut_of(indicator) if indicator else None
    groups = indicator.groups[cut] if indicator and cut else []
    values = [group.figure.estimate.value for group in groups][-24:]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    return "".join(" " if value is None else _BARS[round((value - low) / span * 7)] for value in values)


def _beyond(study: Study, pen: Pen) -> list[str]:
    """What the files tell besides the six, each with its interval."""
    indicators = study.report.indicators.items()
    cards = [card(study, pen, name) for name, each in indicators if name not in SIX and each.total.estimate.n]
    return [f"{each.title}: {each.value}" + (f" ({each.interval})" if each.interval else "") for each in cards]


def _name(kpi: str) -> str:
    from answerable.measure.document.texts import name_of

    return name_of(kpi)


def _panel(pen: Pen, of: Card, trend: str) -> RenderableType:
    from rich.panel import Panel
    from rich.text import Text

    body = Text(f"{of.title}\n", style="bold")
    if of.reason:
        body.append(of.reason, style="dim")
    else:
        body.append(of.value, style=f"bold {_COLOURS[of.tone]}".strip())
        if of.interval:
            body.append(f"  ({of.interval})", style="dim")
        if trend:
            said = pen(gettext_noop("Trend"))
            body.append(f"\n{said}: ", style="dim")
            body.append(trend)
        for label, said in of.lines:
            body.append(f"\n{label}: ", style="dim")
            body.append(said)
    return Panel(body)


def _list(console: Console, title: str, items: list[str]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if items:
        console.print()
        console.print(Text(title, style="bold"))
        for item in items:
            console.print(Padding(Text(f"• {item}"), (0, 0, 0, 2)))


def _files(console: Console, study: Study, pen: Pen) -> None:
    """Each file: what it was taken for, its rows, the guesses, and what to check."""
    from answerable.measure.document.method import summary, unusable

    for file in study.reading.files:
        head, items = summary(file, pen)
        _list(console, head, items)
    if study.reading.bad_count:
        shown = [_left_out(each, pen) for each in study.reading.bad[:5]]
        _list(console, unusable(study.reading.bad_count, pen), shown)


def _error(of: DataError, pen: Pen) -> str:
    """What cannot be true, how often, and the first conversations of which it is said."""
    which = ", ".join(str(key) for key in of.conversations[:5])
    return f"{pen(_name(of.measure))}: {pen(of.what)}: {pen.count(of.count)}" + (f" ({which})" if which else "")


def _left_out(row: BadRow, pen: Pen) -> str:
    """A row that could not be used: where it is, what it says, and why."""
    line = "" if row.line is None else pen(gettext_noop("line {n}"), n=str(row.line))
    where = ", ".join(each for each in (row.file, line, row.column) if each)
    value = "" if row.value is None else f" {row.value}:"
    return f"{where}:{value} {pen(row.reason)}"
