"""When it was, how long it lasts and how long is left, in the reader's zone and language."""

from datetime import datetime, time, timedelta
from functools import lru_cache

from django.template import Library
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from answerable.web import words
from answerable.web.components.labels import icon

register = Library()
SOON = timedelta(hours=1)


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
def time_of_day(at: datetime | time | None) -> str:
    """Hour and minute as the reader's language says them, of an instant in the reader's zone; nothing for None."""
    return words.reader().time_of_day(at) if at else ""


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
        'data-soon="{}" data-within="{}" data-late="{}">{}', soon_seconds, within, late, icon("clock")
    )
    return escape(within), escape(late), opening
