"""The rows of a list as HTML.

Drawn here rather than by a template: a page has fifty of them, and a template took ten times as long as everything
else on it (docs/benchmarks.md measures the list). The pieces are the components of `{% load web %}`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from answerable.desk.models import Conversation, Priority, Status
from answerable.web.templatetags.web import ago, avatar, clock, icon, status

QUIET = (Status.NEW, Status.OPEN)  # a row doesn't say that it is simply our turn


@dataclass(frozen=True)
class Words:
    """What every row says in one language, as HTML: a mark for each status and priority that deviates."""

    waits: str
    no_subject: str
    assigned: str
    statuses: dict[str, str]
    priorities: dict[int, str]


@lru_cache(maxsize=64)
def _words(_language: str) -> Words:
    return Words(
        waits=f'<span class="unseen">{escape(_("Waits for an answer:"))} </span>',
        no_subject=escape(_("(no subject)")),
        assigned=escape(_("Assigned to %(name)s")),
        statuses={each: "" if each in QUIET else status(each, each.label) for each in Status},
        priorities={each: "" if each == Priority.NORMAL else _rank(each) for each in Priority},
    )


def _rank(priority: Priority) -> str:
    as_seen = Conversation(priority=priority)
    drawing = icon(as_seen.priority_icon, priority.label)
    return f'<span class="rank" data-rank="{as_seen.priority_key}" title="{escape(priority.label)}">{drawing}</span>'


def rows(conversations: Iterable[Conversation], *, queue: str = "", current: int | None = None) -> SafeString:
    """A list item for each; `queue` is the one they are read in, `current` the key of the one that is open."""
    words, asked = _words(get_language() or "en"), f"?queue={escape(queue)}" if queue else ""
    return mark_safe("\n".join(_row(each, words, asked, each.pk == current) for each in conversations))  # noqa: S308 (all escaped)


def _row(conversation: Conversation, words: Words, asked: str, is_current: bool) -> str:
    key, waits = conversation.pk, conversation.unanswered_since is not None
    mark = ' aria-current="true"' if is_current else ""
    return (
        f'<li class="item{" unread" if waits else ""}" id="row-{key}">'
        f'<label class="tick"><input type="checkbox" name="ids" value="{key}" form="selection" '
        f'aria-labelledby="title-{key}"></label>'
        f'<a class="title cut" id="title-{key}" href="/conversations/{key}/{asked}" data-keys-item{mark}>'
        f"{words.waits if waits else ''}"
        f"{escape(conversation.subject) or words.no_subject}</a>"
        f'<span class="when">{ago(conversation.last_message_at, "short")}</span>'
        f'<p class="snippet">{escape(str(conversation.contact))} · {escape(conversation.preview)}</p>'
        f'<p class="item-foot">{_foot(conversation, words)}</p></li>'
    )


def _foot(conversation: Conversation, words: Words) -> str:
    """When it is due or wakes, what is special about it, and who has it."""
    if conversation.snoozed_until:
        when = f"{icon('hourglass')}{ago(conversation.snoozed_until)}"
    else:
        when = clock(conversation.due_at, conversation.next_task)
    marks = f"{when}{words.priorities[conversation.priority]}{words.statuses[conversation.status]}"
    if conversation.assignee is None:
        return marks
    name = str(conversation.assignee)
    assigned = words.assigned.replace("%(name)s", escape(name))
    return (
        f'{marks}<span class="push" title="{escape(name)}">{avatar(name, "small")}'
        f'<span class="unseen">{assigned}</span></span>'
    )
