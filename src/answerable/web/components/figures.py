"""Numbers and drawings, each with what it means one click away."""

import itertools
from typing import Any, Literal

from django.template import Library

from answerable.web import words

register = Library()
_numbers = itertools.count(1)


@register.filter
def number(count: int | Literal[""] | None) -> str:
    """A count with its digits in groups, as the reader's language writes it; nothing where there is none."""
    return "" if count in (None, "") else words.reader().number(int(count))


@register.inclusion_tag("web/figure.html")
def figure(label: str, value: str, definition: str, **facts: Any) -> dict[str, Any]:
    """A number and, one click away, what it means.

    `facts`: interval, sample, period, source (all words), href (the conversations behind it), note (a line
    under the number), tone ("bad" where the promise is missed).
    """
    return {"label": label, "value": value, "definition": definition, "number": next(_numbers), **facts}


@register.inclusion_tag("web/chart.html")
def chart(title: str, drawing: str, **facts: Any) -> dict[str, Any]:
    """A drawing (SVG, made by us) under a title that states what it shows, with its table behind a click.

    `facts`: subtitle, columns (words), rows (tuples as long as columns; the first cell heads its row), open.
    """
    return {"title": title, "drawing": drawing, "number": next(_numbers), **facts}
