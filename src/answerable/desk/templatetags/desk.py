"""Filters of the desk's templates: `{% load desk %}`."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template import Context
from django.utils.html import Urlizer, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from answerable.desk import drawn
from answerable.desk.entries import Happening, Part
from answerable.desk.forms.writing import LARGEST_FILE, LARGEST_MESSAGE
from answerable.desk.rows import Row
from answerable.people.models import User

register = template.Library()
LONGEST_LINKED = 50_000


class _Outward(Urlizer):
    """Links open in a tab of their own, and tell the other site nothing of us."""

    url_template = '<a href="{href}" target="_blank"{attrs}>{url}</a>'

    def trim_url(self, x: str, *, limit: int | None) -> str:
        return super().trim_url(x, limit=limit)


_outward = _Outward()


@register.filter
@lru_cache(maxsize=512)
def linked(text: str) -> SafeString:
    """Escaped words with their addresses as links; very long words without."""
    if len(text) > LONGEST_LINKED or ("." not in text and "://" not in text):
        return SafeString(template.defaultfilters.force_escape(text))
    return mark_safe(_outward(text, nofollow=True, autoescape=True))  # noqa: S308 (urlize escapes)


@register.filter
def said(parts: Iterable[Part]) -> SafeString:
    """A message's words, those it quotes and its signature folded."""
    return drawn.said((part, linked(part.text)) for part in parts)


@register.filter
def happened(happening: Happening) -> SafeString:
    """A line of the timeline."""
    return drawn.happened(happening)


@register.filter
def breaking(address: str) -> SafeString:
    """An address that, where it does not fit in a line, goes on behind its `@`; one that begins with it, at its `:`."""
    mark = ":" if address.startswith("@") else "@"
    return mark_safe(escape(address).replace(mark, f"{mark}<wbr>"))  # noqa: S308 (escaped)


@register.simple_tag
def file_limits() -> SafeString:
    """Of an `<answer-files>`: the bytes that each file may have, and all together, as the server takes them."""
    return format_html('data-max-bytes="{}" data-max-together="{}"', LARGEST_FILE, LARGEST_MESSAGE)


@register.simple_tag(takes_context=True)
def rows(context: Context, found: Iterable[Row]) -> SafeString:
    """A list's rows, as read in the context's `queue`; the one of `open_pk` is marked."""
    queue = context.get("queue")
    key = queue.key if queue else ""
    me = context["request"].user.pk
    return drawn.rows(found, queue=key, current=context.get("open_pk"), fields=context.get("shown"), me=me)


@register.filter
def said_to(row: Row, reader: User) -> str:
    """How its last message begins, and whose words that is."""
    return row.said(own=row.preview_by == reader.pk)
