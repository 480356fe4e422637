"""The rows of a list and the lines of a timeline as HTML.

Drawn here rather than by a template: a page has fifty of them, and a template took ten times as long as everything
else on it (docs/benchmarks.md measures the list). The pieces are the components of `{% load web %}`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from answerable.desk.entries import Happening, Part
from answerable.desk.models import Conversation, Priority, Status
from answerable.desk.rows import Row
from answerable.policy.models import Arm
from answerable.web import words
from answerable.web.channels import channel_names
from answerable.web.components.labels import avatar, channel_mark, icon, status
from answerable.web.components.times import drawn_ago, drawn_clock
from answerable.web.words import Reader

FOOT = '<p class="item-foot">'
QUIET = (Status.NEW, Status.OPEN)  # a row doesn't say that it is simply our turn


@dataclass(frozen=True)
class Words:
    """What every row says in one language, as HTML: a mark for each status and priority that deviates."""

    waits: str
    no_subject: str
    assigned: str
    quoted: str
    signature: str
    pilot: str
    statuses: dict[str, str]
    priorities: dict[int, str]
    channels: dict[str, str]


@lru_cache(maxsize=64)
def _words(_language: str) -> Words:
    waits = _("Waits for an answer:")
    return Words(
        waits=f'<span class="unseen">{escape(waits)} </span>',
        no_subject=escape(_("(no subject)")),
        assigned=escape(_("Assigned to %(name)s")),
        pilot=_badge(pgettext("of the policy", "Pilot"), "split"),
        quoted=_folded(_("Show quoted words")),
        signature=_folded(_("Signature")),
        statuses={each: "" if each in QUIET else status(each, each.label) for each in Status},
        priorities={each: "" if each == Priority.NORMAL else _rank(each) for each in Priority},
        channels={key: _channel(key, name) for key, name in channel_names().items()},
    )


def _folded(label: str) -> str:
    return f'<details class="quoted"><summary>{escape(label)}</summary>'


def _badge(label: str, symbol: str) -> str:
    """Without words, which a narrow list has no room for."""
    return f'<span class="badge info" title="{escape(label)}">{icon(symbol, label)}</span>'


def _rank(priority: Priority) -> str:
    as_seen = Conversation(priority=priority)
    drawing = icon(as_seen.priority_icon, priority.label)
    return f'<span class="rank" data-rank="{as_seen.priority_key}" title="{escape(priority.label)}">{drawing}</span>'


def _channel(key: str, name: str) -> str:
    """Where people wait for an answer with the page open, or a telephone in their hand; of letters nothing is said."""
    if settings.ANSWERED_BY.get(key, key) == "email":
        return ""
    return f'<span class="rank" title="{escape(name)}">{channel_mark(key)}</span>'


def rows(
    found: Iterable[Row],
    *,
    queue: str = "",
    current: int | None = None,
    fields: Mapping[int, str] | None = None,
    me: int = 0,
) -> SafeString:
    """A list item for each; `queue` is the one they are read in, `current` the key of the one that is open, `fields`
    what else is told of each, `me` who reads."""
    reader, now = words.reader(), timezone.now()
    asked = f"?queue={escape(queue)}" if queue else ""
    drawn = []
    for row in found:
        title, snippet, foot = _around(row, asked, row.pk == current, row.preview_by == me, reader.language)
        if fields and (more := fields.get(row.pk)):
            snippet = snippet.replace(FOOT, f'<p class="snippet">{escape(more)}</p>{FOOT}')
        when = drawn_ago(row.last_message_at, now, reader, "short")
        drawn.append(f"{title}{when}{snippet}{_next(row, now, reader)}{foot}")
    return SafeString("\n".join(drawn))


@lru_cache(maxsize=4096)
def _around(row: Row, asked: str, is_current: bool, is_own: bool, language: str) -> tuple[str, str, str]:
    """All of a row that does not depend on the time, drawn once: what stands before, between and after its times."""
    said, key, waits = _words(language), row.pk, row.unanswered_since is not None
    mark = ' aria-current="true"' if is_current else ""
    title = (
        f'<li class="item{" unread" if waits else ""}" id="row-{key}">'
        f'<label class="tick"><input type="checkbox" name="ids" value="{key}" form="selection" '
        f'aria-labelledby="title-{key}"></label>'
        f'<a class="title cut" id="title-{key}" href="/conversations/{key}/{asked}" data-keys-item{mark}>'
        f"{said.waits if waits else ''}"
        f"{escape(row.subject) or said.no_subject}</a>"
        f'<span class="when">'
    )
    snippet = f'</span><p class="snippet">{escape(row.customer)} · {escape(row.said(own=is_own))}</p>{FOOT}'
    pilot = said.pilot if row.pilot_arm == Arm.PILOT else ""
    came_by = said.channels.get(row.channel, "")
    marks = f"{came_by}{said.priorities[row.priority]}{said.statuses[row.status]}{pilot}{_assignee(row, said)}"
    return title, snippet, f"{marks}</p></li>"


def _assignee(row: Row, said: Words) -> str:
    name = row.assignee_name or row.assignee_email
    if not name:
        return ""
    who, assigned = escape(name), said.assigned.replace("%(name)s", escape(name))
    return f'<span class="push" title="{who}">{avatar(name, "small")}<span class="unseen">{assigned}</span></span>'


def _next(row: Row, now: datetime, reader: Reader) -> str:
    """When it wakes, or by when it must be answered or solved."""
    if row.snoozed_until:
        return f"{icon('hourglass')}{drawn_ago(row.snoozed_until, now, reader, 'long')}"
    if row.due_at is None:
        return ""
    return drawn_clock(row.due_at, now, reader, "answer" if row.unanswered_since else "solve")


def said(parts: Iterable[tuple[Part, str]]) -> SafeString:
    """A message's words: its parts, and each as HTML."""
    known = _words(words.reader().language)
    drawn = []
    for part, html in parts:
        quote = f'<blockquote class="words">{html}</blockquote>'
        fold = known.signature if part.is_signature else known.quoted
        folded = quote if part.is_answered else f"{fold}{quote}</details>"
        drawn.append(folded if part.is_quoted else f'<div class="words">{html}</div>')
    return SafeString("".join(drawn))


def happened(happening: Happening) -> SafeString:
    """A line of the timeline: what was done, and when."""
    at = drawn_ago(happening.at, timezone.now(), words.reader(), "long")
    mark, undo = icon(happening.icon), _undo(happening.undo) if happening.undo else ""
    return SafeString(
        f'<li class="happening" id="{happening.key}">{mark}<span>{escape(happening.words)}</span>{undo}{at}</li>'
    )


def _undo(number: int) -> str:
    address, label = f"{reverse('rearrangement_undoing')}?ids={number}", _("Undo")
    return (
        f'<button class="button small plain" type="button" hx-post="{address}" hx-swap="none">'
        f"{icon('undo-2')}{escape(label)}</button>"
    )
