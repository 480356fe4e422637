"""What a page says of itself as a whole: its look, its languages, its messages, that it is empty."""

from functools import lru_cache

from django.conf import settings
from django.template import Context, Library
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from answerable.events.models import Event
from answerable.web import words

register = Library()
THEMES = ("auto", "light", "dark")


@register.inclusion_tag("web/empty.html")
def empty(
    title: str, text: str = "", *, symbol: str = "inbox", action: str = "", href: str = "", css: str = ""
) -> dict[str, str]:
    """What an empty page is for, and the one button to start: `action` (words) leads to `href`."""
    return {"title": title, "text": text, "symbol": symbol, "action": action, "href": href, "css": css}


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """light, dark or auto: this device's choice (cookie), else the reader's, else the system's."""
    request = context.get("request")
    cookie = request.COOKIES.get("theme") if request else None
    chosen = cookie or getattr(getattr(request, "user", None), "theme", None)
    return chosen if chosen in THEMES else "auto"


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Those there are, each in its own words."""
    return list(settings.LANGUAGES)


@register.simple_tag
def script_words() -> SafeString:
    """What the scripts say, as data in the page."""
    return _script_words(get_language() or "en")


@lru_cache(maxsize=64)
def _script_words(_language: str) -> SafeString:
    return json_script(words.script_words(), "words")


@register.simple_tag(takes_context=True)
def latest_event(context: Context) -> int:
    """The newest event's id: where this page's live stream begins. A query, unless the view has asked: `live_since`."""
    if "live_since" in context:
        return int(context["live_since"])
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@register.filter
def tone(message_tags: str) -> str:
    """A Django message's level as a toast's tone."""
    names = message_tags.split()
    for level, name in (("error", "bad"), ("warning", "warn"), ("success", "good")):
        if level in names:
            return name
    return "info"


@register.filter
def tone_icon(tone: str) -> str:
    return {"bad": "octagon-alert", "warn": "triangle-alert", "good": "circle-check"}.get(tone, "info")
