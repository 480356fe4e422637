"""Pieces of a page that are drawn once and shown again and again."""

import re
import secrets

from django.template import Context, Library, Node, NodeList
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()
MOST_DRAWN = 500
"""What one `still` keeps; then it begins anew."""


class Still(Node):
    """See `still`. What has been drawn lives as long as the template, which is shared by all requests."""

    def __init__(self, inside: NodeList, by: list[FilterExpression], given: dict[str, FilterExpression]) -> None:
        self._inside = inside
        self._by = by
        self._given = list(given.values())
        self._marks = {name: f"{secrets.randbits(60):019d}" for name in given}
        self._cut = re.compile("|".join(self._marks.values()))
        self._drawn: dict[tuple[object, ...], tuple[list[str], list[int]]] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language() or "en", *[value.resolve(context) for value in self._by])
        drawn = self._drawn.get(key)
        if drawn is None:
            if len(self._drawn) >= MOST_DRAWN:
                self._drawn.clear()
            drawn = self._drawn[key] = self._draw(context)
        pieces, places = drawn
        if not places:
            return SafeString(pieces[0])
        given = [conditional_escape(value.resolve(context)) for value in self._given]
        filled = [pieces[0]]
        for place, piece in zip(places, pieces[1:], strict=True):
            filled += given[place], piece
        return SafeString("".join(filled))

    def _draw(self, context: Context) -> tuple[list[str], list[int]]:
        """The pieces between the given values, and which value stands after each piece but the last."""
        with context.push(**self._marks):
            drawn = self._inside.render(context)
        if not self._marks:
            return [drawn], []
        order = list(self._marks.values())
        return self._cut.split(drawn), [order.index(mark) for mark in self._cut.findall(drawn)]


@register.tag
def still(parser: Parser, token: Token) -> Still:
    """{% still VALUES %}...{% endstill %}: what is the same for the same values, in one language, is drawn once.

    Nothing inside may depend on anything but the values: not on who reads, on what else is shown or on the time. The
    values must be few and hashable; without any it is the same on every page.

    {% still VALUES with NAME=VALUE ... %}: inside, `NAME` may be printed or put into an address, and is filled in on
    each page. While it is drawn it is a number that stands for the value: no `if`, no filter and no part of the
    drawing may look at it.
    """
    bits = token.split_contents()[1:]
    end = bits.index("with") if "with" in bits else len(bits)
    by = [parser.compile_filter(bit) for bit in bits[:end]]
    given = token_kwargs(bits[end + 1 :], parser)
    inside = parser.parse(("endstill",))
    parser.delete_first_token()
    return Still(inside, by, given)
