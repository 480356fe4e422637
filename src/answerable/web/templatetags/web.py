"""The components that need more than a class: `{% load web %}`."""

import itertools
import re
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.template import Context
from django.template.base import FilterExpression, token_kwargs
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from answerable.events.models import Event
from answerable.web import words
from answerable.web.channels import channel_icon, channel_name
from answerable.web.icons import shapes
from answerable.web.navigation import SETTINGS, Link, links, tabs

register = template.Library()

THEMES = ("auto", "light", "dark")
SOON = timedelta(hours=1)
STATUS_LOOKS = {
    "new": ("info", "circle-dot"),
    "on_hold": ("note", "circle-pause"),
    "solved": ("", "check"),
    "merged": ("outline", "git-merge"),
    "beside": ("outline", "messages-square"),
}
PRIORITY_LOOKS = {
    "urgent": ("bad", "chevrons-up"),
    "high": ("warn", "chevron-up"),
    "low": ("", "chevron-down"),
}
MOST_DRAWN = 500
"""What one `still` keeps; then it begins anew."""
_numbers = itertools.count(1)


@register.simple_tag
def icon(name: str, label: object = "", css: str = "") -> SafeString:
    """An icon. Without `label` it is an ornament beside words; with it, it stands alone and says that."""
    return _icon(name, str(label), css)


@lru_cache(maxsize=1024)
def _icon(name: str, label: str = "", css: str = "") -> SafeString:
    drawing = mark_safe(shapes(name))  # noqa: S308 (our own sprite)
    css = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', css, label, drawing
        )
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', css, drawing)


@register.filter
def channel_mark(key: str) -> SafeString:
    """A channel's icon, which says its name."""
    return _icon(channel_icon(key), channel_name(key))


@register.simple_tag
def badge(label: object, tone: str = "", symbol: str = "") -> SafeString:
    """A word or two on a soft ground. Tones: info, good, warn, bad, note, outline; none is grey."""
    return _badge(str(label), tone, symbol)


@lru_cache(maxsize=4096)
def _badge(label: str, tone: str, symbol: str) -> SafeString:
    drawn = _icon(symbol) if symbol else ""
    return format_html('<span class="{}">{}<span class="cut">{}</span></span>', f"badge {tone}".strip(), drawn, label)


@register.simple_tag
def status(value: str, label: object = "") -> SafeString:
    """A conversation's status (new, open, pending, on_hold, solved, closed, merged, beside), said as `label`."""
    tone, symbol = STATUS_LOOKS.get(value, ("", ""))
    return badge(label or value, tone, symbol)


@register.simple_tag
def priority(value: str, label: object = "") -> SafeString:
    """A priority that deviates from normal; nothing for a normal one."""
    if value not in PRIORITY_LOOKS:
        return SafeString("")
    tone, symbol = PRIORITY_LOOKS[value]
    return badge(label or value, tone, symbol)


@register.filter
@register.simple_tag
def avatar(who: object, size: str = "") -> SafeString:
    """Initials of a user, a contact or any name. An ornament: the name stands beside it, or add it unseen."""
    return _avatar(str(who) if who else "", size)


@lru_cache(maxsize=4096)
def _avatar(name: str, size: str) -> SafeString:
    return format_html(
        '<span class="{}" data-tint="{}" aria-hidden="true">{}</span>',
        f"avatar {size}".strip(),
        words.tint(name),
        words.initials(name),
    )


@register.simple_tag
def presence(attendance: Any) -> SafeString:
    """Whether somebody is there: a mark and its word. Of anything with a `state` that Django displays; not of None."""
    return _presence(attendance.state, str(attendance.get_state_display())) if attendance else SafeString("")


@lru_cache(maxsize=64)
def _presence(state: str, label: str) -> SafeString:
    mark = '<span class="presence-state"><span class="presence-mark" data-state="{}"></span>{}</span>'
    return format_html(mark, state, label)


@register.filter
@register.simple_tag
def ago(at: datetime | None, style: str = "long") -> SafeString:
    """When it was, in words that keep themselves fresh, long or "short"; nothing for None."""
    if at is None:
        return SafeString("")
    return drawn_ago(at, timezone.now(), words.reader(), "short" if style == "short" else "long")


def drawn_ago(at: datetime, now: datetime, reader: words.Reader, style: str) -> SafeString:
    """The same where many are drawn for one reader at one time."""
    said = escape(reader.ago(at, now, short=style == "short"))
    return SafeString(f'<time {_instant(at, reader)} data-ago="{style}">{said}</time>')


@register.filter
def lasting(since: datetime | None) -> SafeString:
    """How long it has lasted, in words that keep themselves fresh; nothing for None."""
    if since is None:
        return SafeString("")
    reader = words.reader()
    said = escape(reader.duration(timezone.now() - since))
    return SafeString(f"<time {_instant(since, reader)} data-lasting>{said}</time>")


@lru_cache(maxsize=8192)
def _instant(at: datetime, reader: words.Reader) -> str:
    """What a time says of itself, however long ago it is: it is looked at again and again."""
    return f'datetime="{at.isoformat()}" title="{reader.moment(at)}"'


@register.filter
def moment(at: datetime | None) -> str:
    """Date and time in the reader's zone and language; nothing for None."""
    return words.reader().moment(at) if at else ""


@register.filter
def number(count: int | Literal[""] | None) -> str:
    """A count with its digits in groups, as the reader's language writes it; nothing where there is none."""
    return "" if count in (None, "") else words.reader().number(int(count))


@register.filter
def duration(length: timedelta | float | None) -> str:
    """A timedelta, or a number of seconds, in words; nothing for None."""
    if length is None:
        return ""
    return words.reader().duration(length if isinstance(length, timedelta) else timedelta(seconds=float(length)))


@register.simple_tag
def clock(due_at: datetime | None, task: str = "answer", *, paused: bool = False, soon: timedelta = SOON) -> SafeString:
    """How long is left until `due_at` to `task` (answer or solve), calm until `soon` before it, then late.

    Nothing for None. A paused clock has no due time to show and says so.
    """
    if paused:
        return format_html('<span class="clock" data-state="calm">{}{}</span>', icon("pause"), _("clock paused"))
    if due_at is None:
        return SafeString("")
    return drawn_clock(due_at, timezone.now(), words.reader(), task, soon)


def drawn_clock(due_at: datetime, now: datetime, reader: words.Reader, task: str, soon: timedelta = SOON) -> SafeString:
    """The same where many are drawn for one reader at one time."""
    within, late, opening = _clock_words(task, int(soon.total_seconds()), reader.language)
    left = due_at - now
    state = "late" if left < timedelta() else "soon" if left <= soon else "calm"
    said = (late if state == "late" else within).replace("%s", reader.duration(left))
    due = due_at.isoformat()
    return SafeString(
        f'<span class="clock" data-state="{state}" data-due="{due}" {opening}'
        f"<time {_instant(due_at, reader)}>{said}</time></span>"
    )


@lru_cache(maxsize=256)
def _clock_words(task: str, soon_seconds: int, _language: str) -> tuple[str, str, str]:
    """The two sentences of a clock, escaped, and its markup up to the time: the same for every row of a list."""
    within, late = {
        "answer": (_("answer within %s"), _("answer %s late")),
        "solve": (_("solve within %s"), _("solution %s late")),
    }[task]
    opening = format_html(
        'data-soon="{}" data-within="{}" data-late="{}">{}', soon_seconds, within, late, _icon("clock")
    )
    return escape(within), escape(late), opening


@register.inclusion_tag("web/field.html")
def field(field: BoundField, css: str = "", **attrs: Any) -> dict[str, Any]:
    """One field of a form with its label, help and errors. `attrs` go to its control (`_` for `-`)."""
    widget = field.field.widget
    widget.attrs.update({name.replace("_", "-"): value for name, value in attrs.items()})
    return {"field": field, "css": css}


@register.filter
def is_choice(field: BoundField) -> bool:
    """Whether the label belongs behind the control, as with a single checkbox."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether its label says so: not where that is plain, nor where the form takes it later but cannot do without
    (`needed_later`, the names of such fields)."""
    form = field.form
    is_needed = field.field.required or field.name in getattr(form, "needed_later", ())
    return not (is_needed or getattr(form, "mostly_optional", False) or is_choice(field))


@register.inclusion_tag("web/empty.html")
def empty(
    title: str, text: str = "", *, symbol: str = "inbox", action: str = "", href: str = "", css: str = ""
) -> dict[str, str]:
    """What an empty page is for, and the one button to start: `action` (words) leads to `href`."""
    return {"title": title, "text": text, "symbol": symbol, "action": action, "href": href, "css": css}


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


@register.inclusion_tag("web/pager.html", takes_context=True)
def pager(context: Context, page: object) -> dict[str, Any]:
    """Links to the next and the previous Page; the rest of the address stays."""
    return {"page": page, "request": context.get("request")}


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """light, dark or auto: this device's choice (cookie), else the reader's, else the system's."""
    request = context.get("request")
    cookie = request.COOKIES.get("theme") if request else None
    chosen = cookie or getattr(getattr(request, "user", None), "theme", None)
    return chosen if chosen in THEMES else "auto"


class Still(template.Node):
    """See `still`. What has been drawn lives as long as the template, which is shared by all requests."""

    def __init__(
        self, inside: template.NodeList, by: list[FilterExpression], given: dict[str, FilterExpression]
    ) -> None:
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
def still(parser: template.base.Parser, token: template.base.Token) -> Still:
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
