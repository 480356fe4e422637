"""The report as one HTML file that needs nothing else: no network, no script, its own style for light, dark, paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib import resources

from answerable.measure.charts import Chart
from answerable.measure.document.model import (
    Block,
    Card,
    Cards,
    Document,
    Drawing,
    Grid,
    Pairs,
    Paragraph,
    Points,
    Section,
)
from answerable.measure.drawing import DrawingError, draw, inline

WIDTH = 480
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def as_html(document: Document) -> bytes:
    """The whole page, UTF-8. Every text is escaped. A chart that cannot be drawn leaves its table, open."""
    body = "".join(_section(section, document, 2) for section in document.sections)
    contents = "".join(
        f'<li><a href="#{escape(section.key)}">{escape(section.title)}</a></li>' for section in document.sections
    )
    page = (
        f'<!doctype html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="Answerable">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(document.title)}</h1><p>{escape(document.subtitle)}</p></header>\n"
        f'<nav aria-label="{escape(document.words["contents"])}"><ul>{contents}</ul></nav>\n'
        f"<main>\n{body}</main>\n<footer><p>{escape(document.words['made'])}</p></footer>\n</body>\n</html>\n"
    )
    return page.replace(_PLACE, "").encode() if not document.charts else _illustrated(page, document).encode()


_PLACE = "<!--chart-->"


def _illustrated(page: str, document: Document) -> str:
    """The page with its drawings where they belong."""
    pieces = page.split(_PLACE)
    pictures = drawn(document.charts)
    return "".join(piece + (pictures[number] if number < len(pictures) else "") for number, piece in enumerate(pieces))


def drawn(charts: Sequence[Chart]) -> list[str]:
    """Each chart as SVG for a page; empty where it could not be drawn."""
    try:
        return [inline(picture) for picture in draw([{**chart.spec, "width": WIDTH} for chart in charts])]
    except DrawingError:
        return [""] * len(charts)


@cache
def _style() -> str:
    return resources.files(__package__).joinpath("report.css").read_text("utf-8")


def _section(section: Section, document: Document, level: int) -> str:
    blocks = "".join(_block(block, document) for block in section.blocks)
    parts = "".join(_section(part, document, level + 1) for part in section.parts)
    heading = f"<h{level}>{escape(section.title)}</h{level}>"
    return f'<section id="{escape(section.key)}">{heading}\n{blocks}{parts}</section>\n'


def _block(block: Block, document: Document) -> str:
    match block:
        case Paragraph(text, tone):
            return f"<p{_class(tone)}>{escape(text)}</p>\n"
        case Points(items):
            return f"<ul>{_all('li', items)}</ul>\n"
        case Pairs(items):
            pairs = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(said)}</dd></div>" for name, said in items)
            return f"<dl>{pairs}</dl>\n"
        case Grid():
            return _grid(block, document)
        case Cards(items):
            return f'<div class="cards">{"".join(_card(card, document) for card in items)}</div>\n'
        case Drawing(chart):
            return _chart(chart, document)


def _chart(chart: Chart, document: Document) -> str:
    """A figure with its words and, folded, its table."""
    table = _table(chart.table.headers, chart.table.rows, frozenset(range(1, len(chart.table.headers))))
    return (
        f"<figure><figcaption><strong>{escape(chart.title)}</strong> <span>{escape(chart.subtitle)}</span></figcaption>"
        f"{_PLACE}<details><summary>{escape(document.words['numbers'])}</summary>{table}</details></figure>\n"
    )


def _card(card: Card, document: Document) -> str:
    title = f'<h3><a href="#{escape(card.key)}">{escape(card.title)}</a></h3>'
    if card.reason:
        return f'<article class="card empty"><h3>{escape(card.title)}</h3><p>{escape(card.reason)}</p></article>'
    said = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in card.lines)
    interval = f'<p class="interval">{escape(document.words["interval"])}: {escape(card.interval)}</p>'
    return (
        f'<article class="card {card.tone}">{title}<p class="value">{escape(card.value)}</p>'
        f"{interval if card.interval else ''}<dl>{said}</dl></article>"
    )


def _grid(grid: Grid, document: Document) -> str:
    more = f'<p class="muted">{escape(document.words["more"])}</p>' if grid.more else ""
    caption = f"<caption>{escape(grid.title)}</caption>"
    return _table(grid.headers, grid.rows, grid.numbers, caption) + more


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]], numbers: frozenset[int], caption: str = "") -> str:
    head = "".join(
        f'<th scope="col"{_number(place, numbers)}>{escape(text)}</th>' for place, text in enumerate(headers)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{_number(place, numbers)}>{escape(text)}</td>" for place, text in enumerate(row))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
        "</table></div>\n"
    )


def _number(place: int, numbers: frozenset[int]) -> str:
    return ' class="number"' if place in numbers else ""


def _class(tone: str) -> str:
    return f' class="{tone}"' if tone else ""


def _all(tag: str, items: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(item)}</{tag}>" for item in items)
