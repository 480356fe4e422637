"""A word or two, or a mark, on what somebody looks at: icons, badges, names, presence."""

from functools import lru_cache
from typing import Any

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from answerable.web import words
from answerable.web.channels import channel_icon, channel_name
from answerable.web.icons import shapes

register = Library()
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
