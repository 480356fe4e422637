"""Where one is, and where one can go."""

from typing import Any

from django.template import Context, Library
from django.utils.functional import Promise

from answerable.web.navigation import SETTINGS, Link, links, tabs

register = Library()


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """The name of the place that this page belongs to, or nothing."""
    return next((link.place.name for link in links(context.get("request")) if link.is_current), "")


@register.simple_tag(takes_context=True)
def places(context: Context) -> list[Link]:
    return list(links(context.get("request")))


@register.simple_tag(takes_context=True)
def settings_places(context: Context) -> list[tuple[Promise, list[Link]]]:
    """The pages of Settings that are open to the reader, under their headings."""
    chapters = ((chapter.heading, list(links(context.get("request"), chapter.places))) for chapter in SETTINGS)
    return [(heading, found) for heading, found in chapters if found]


@register.simple_tag(takes_context=True)
def area_tabs(context: Context, area: str) -> list[Link]:
    return tabs(context.get("request"), area)


@register.inclusion_tag("web/pager.html", takes_context=True)
def pager(context: Context, page: object) -> dict[str, Any]:
    """Links to the next and the previous Page; the rest of the address stays."""
    return {"page": page, "request": context.get("request")}
