"""A conversation as its visitor's browser gets it: JSON, and only what it does not have yet."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.channels.chat.here import LONG, is_long, there
from answerable.channels.chat.models import Visit
from answerable.channels.chat.visits import (
    AT_ONCE,
    MOST_CONVERSATIONS,
    Known,
    came_to,
    is_another_browsers,
    messages_in,
    readable_by,
    shown_to,
    visit_of,
    visits_of,
)
from answerable.core.waiting import Wait
from answerable.desk.actions.previews import preview_of
from answerable.desk.models import Attachment, Conversation, Kind, Message, Status
from answerable.desk.models.notice import TYPING_LASTS
from answerable.web.words import reader

CHOICES = re.compile(r"(?:\s*\[[^\[\]\n]{1,60}\]){2,8}\s*")
CHOICE = re.compile(r"\[([^\[\]\n]{1,60})\]")
Json = dict[str, Any]


def told(known: Known, conversation: int, *, after: int) -> Json | None:
    """The messages after `after`, whether there may be more than these, and how things stand; None where it is none of
    theirs. Two queries."""
    now = timezone.now()
    visit = visit_of(known, conversation)
    if visit is None:
        return None
    messages = messages_in(known, visit, after=after)
    found = [said(message, files) for message, files in messages]
    return {**_state(visit, known, now), "messages": found, "more": len(found) == AT_ONCE}


def conversations(known: Known) -> list[Json]:
    """Those they may read, the newest first, for the list of what they asked: each with how the last message that they
    may read begins. One query. What was split off, and brought back, holds nothing and is not listed."""
    theirs = Message.objects.filter(shown_to(known), came_to(OuterRef("conversation"), theirs=visits_of(known)))
    files = ArraySubquery(Attachment.objects.filter(message=OuterRef("pk")).values("name"))
    last = Subquery(theirs.order_by("-id").values(said=JSONObject(text="text", files=files))[:1])
    found = readable_by(known).select_related("conversation", "visitor").annotate(last=last).filter(last__isnull=False)
    rows: Any = found[:MOST_CONVERSATIONS]
    return [
        {
            "id": row.conversation_id,
            "subject": row.conversation.subject,
            "state": "ended" if is_another_browsers(known, row) else _phase(row.conversation),
            "at": row.conversation.last_message_at.isoformat(),
            "preview": preview_of(**row.last),
        }
        for row in rows
    ]


def said(message: Message, files: Iterable[Attachment]) -> Json:
    """One message. A last line of `[…] […]` is what they may choose from."""
    is_theirs = message.kind == Kind.INBOUND
    text, choices = (message.text, []) if is_theirs else with_choices(message.text)
    return {
        "id": message.pk,
        "conversation": message.conversation_id,
        "mine": is_theirs,
        "name": "" if is_theirs or message.user is None else message.user.get_short_name(),
        "text": text,
        "choices": choices,
        "at": message.created_at.isoformat(),
        "files": [
            {"id": file.pk, "name": file.name or _("file"), "size": file.size, "type": file.content_type}
            for file in files
        ],
    }


def with_choices(text: str) -> tuple[str, list[str]]:
    """The words, and what stands in brackets on a last line of two to eight of them: `[Yes] [No]`."""
    above, _newline, last = text.rstrip().rpartition("\n")
    if not CHOICES.fullmatch(last):
        return text, []
    return above.rstrip(), [choice.strip() for choice in CHOICE.findall(last)]


def line_words(ahead: int, wait: Wait | None) -> str:
    """Their place in line and how long it will be, in a sentence or two."""
    place = ngettext("%(n)s person is before you.", "%(n)s people are before you.", ahead) % {"n": ahead}
    said = [place if ahead else _("You are next.")]
    if wait is not None:
        about = timedelta(seconds=60 * max(1, round(wait.seconds / 60)))
        said.append(_("You will have an answer in about %(time)s.") % {"time": reader().duration(about)})
    return " ".join(said)


def _state(visit: Visit, known: Known, now: datetime) -> Json:
    conversation, phase = visit.conversation, _phase(visit.conversation)
    if is_another_browsers(known, visit):
        return {
            "id": conversation.pk,
            "state": "ended",
            "is_anothers": True,
            "seen": 0,
            "address": known.visitor.address,
        }
    looked_at, typed_at = getattr(visit, "looked_at", None), getattr(visit, "typed_at", None)
    state: Json = {
        "id": conversation.pk,
        "state": phase,
        "agent": conversation.assignee.get_short_name() if conversation.assignee else "",
        "is_read": looked_at is not None,
        "is_typing": typed_at is not None and now - typed_at < TYPING_LASTS and phase != "ended",
        "seen": visit.seen_message_id,
        "address": known.visitor.address,
        "line": "",
    }
    if phase == "waiting":
        inbox = known.visitor.widget.inbox
        found = there(inbox.team, inbox.region, now)
        ahead, wait = found.place(now, conversation.created_at)
        has_waited = now - conversation.created_at >= LONG  # however soon the others were answered
        state |= {"is_here": found.is_here, "is_long": has_waited or is_long(wait) or not found.is_here}
        state["line"] = line_words(ahead, wait) if found.is_here else ""
    return state


def _phase(conversation: Conversation) -> str:
    """waiting (for a first answer), open, or ended; what became part of another one has ended for who began it here."""
    if conversation.status in (Status.SOLVED, Status.CLOSED, Status.MERGED):
        return "ended"
    return "waiting" if conversation.first_answered_at is None else "open"
