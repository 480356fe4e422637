"""A macro applied to one of many conversations: its steps are taken; its text waits there as a draft of whoever asked.

Nobody has read that text in each of them, so nothing is sent. Both are put back while nobody has gone on with them.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from answerable.desk.actions.drafts import keep_draft
from answerable.desk.actions.macros import apply_macro, take_back_macro
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Draft, Macro
from answerable.events.models import Event, noun
from answerable.people.models import User
from answerable.web.formatted import as_html


def apply_to_one(macro: Macro, conversation: Conversation, *, by: User) -> Conversation:
    """Its text stands below what they have begun to write there. Refused where the macro is another team's."""
    if macro.team_id is not None and macro.team_id != conversation.team_id:
        raise Refused(_("The macro is of another team."))
    applied = apply_macro(macro, conversation, by=by)
    if applied.text.strip():
        begun = Draft.objects.filter(conversation=conversation, user=by, kind=macro.into).first()
        text, html = applied.text, ""
        if begun is not None and begun.text.strip():
            html = begun.html + as_html(applied.text) if begun.html else ""
            text = f"{begun.text}\n\n{applied.text}"
        keep_draft(conversation, kind=macro.into, text=text, html=html, seen_event=None, by=by)
    return applied.conversation


def applied_so_far(conversation: Conversation, by: User) -> dict[str, Any]:
    """The last macro they applied there, and what they are writing."""
    drafts = Draft.objects.filter(conversation=conversation, user=by).order_by("kind")
    written = {draft.kind: [draft.text, draft.html] for draft in drafts}
    last = _applied(conversation, by)
    return {"applied": last.pk if last else None, "drafts": written}


def take_back_from_one(conversation: Conversation, before: Mapping[str, Any], by: User) -> None:
    """As it was before: the steps by what they left behind, the draft by its words."""
    last = _applied(conversation, by)
    if last is not None and last.pk != before["applied"]:
        take_back_macro(last, by=by)
    for draft in Draft.objects.filter(conversation=conversation, user=by):
        text, html = before["drafts"].get(draft.kind, ("", ""))
        if draft.text != text:
            keep_draft(conversation, kind=draft.kind, text=text, html=html, seen_event=None, by=by)


def _applied(conversation: Conversation, by: User) -> Event | None:
    rows = Event.objects.filter(root=noun(conversation), verb="macro.applied", actor=by)
    return rows.order_by("-id").first()
