"""Formatted text: made harmless as settings.HTML_WRITTEN says, and made of plain words."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.html import escape
from django.utils.module_loading import import_string


def harmless(html: str, picture: Callable[[str], str | None] = lambda _address: None) -> Any:
    """What may be kept of it, as `html`, `text` and `pictures`. `picture` answers a picture's name for its address."""
    return import_string(settings.HTML_WRITTEN)(html, picture)


def as_html(text: str) -> str:
    """Plain words as the editor would have them."""
    return "".join(f"<p>{escape(block)}</p>".replace("\n", "<br>") for block in text.split("\n\n") if block.strip())
