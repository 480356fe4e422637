"""What many conversations can be changed by: a form's data, kept as it was sent, and what it does to each of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _

from answerable.desk.actions.conversations import (
    add_tags,
    assign,
    move,
    set_priority,
    set_status,
    snooze,
    wake,
)
from answerable.desk.actions.macros_at_once import apply_to_one
from answerable.desk.actions.spam import mark_spam, unmark_spam
from answerable.desk.errors import Refused
from answerable.desk.forms.changes import (
    AssignmentForm,
    MacroChoiceForm,
    PriorityForm,
    SnoozeForm,
    SpamForm,
    StatusForm,
    TagsForm,
    TeamForm,
)
from answerable.desk.models import Batch, Conversation, Priority, Status
from answerable.people.models import User

Act = Callable[[Conversation, dict[str, Any], User], Conversation]


def put_aside(found: Conversation, given: dict[str, Any], by: User) -> Conversation:
    """Until a time; without one, back into the queues."""
    return snooze(found, until=given["until"], by=by) if given["until"] else wake(found, by=by)


def say_spam(found: Conversation, given: dict[str, Any], by: User) -> Conversation:
    """Or say that it is none."""
    return mark_spam(found, by=by) if given["to"] else unmark_spam(found, by=by)


CHANGES: Mapping[str, tuple[type[BaseForm], Act]] = {
    "assignment": (AssignmentForm, lambda found, given, by: assign(found, to=given["to"], by=by)),
    "team": (TeamForm, lambda found, given, by: move(found, to=given["to"], by=by)),
    "status": (StatusForm, lambda found, given, by: set_status(found, to=given["to"], by=by)),
    "priority": (PriorityForm, lambda found, given, by: set_priority(found, to=given["to"], by=by)),
    "tags": (TagsForm, lambda found, given, by: add_tags(found, tags=given["tags"], by=by)),  # besides their own
    "snooze": (SnoozeForm, put_aside),
    "spam": (SpamForm, say_spam),
    "macro": (MacroChoiceForm, lambda found, given, by: apply_to_one(given["to"], found, by=by)),
}


def kept(change: str, posted: QueryDict, given: Mapping[str, Any]) -> dict[str, str]:
    """What a form was sent with, to be read again by the worker. “Tomorrow” is the instant it means now."""
    if change == "snooze":
        return {"until": given["until"].isoformat()} if given["until"] else {}
    return {name: str(posted[name]) for name in ("to", "tags") if posted.get(name)}


def change_of(batch: Batch) -> Callable[[Conversation, User], Conversation]:
    """What a batch does to one conversation: refuse, where what it was asked with means nothing any more."""
    kind, act = CHANGES[batch.change]
    sent = dict(batch.given)
    if batch.change == "snooze":
        until = datetime.fromisoformat(sent["until"]) if "until" in sent else None
        return lambda conversation, by: put_aside(conversation, {"until": until}, by)
    form = kind(sent)
    if not form.is_valid():
        return _refusing("; ".join(str(error) for errors in form.errors.values() for error in errors))
    return lambda conversation, by: act(conversation, form.cleaned_data, by)


def _refusing(why: str) -> Callable[[Conversation, User], Conversation]:
    def refuse(_conversation: Conversation, _by: User) -> Conversation:
        raise Refused(why)

    return refuse


def label_of(change: str, given: Mapping[str, Any]) -> str:
    """What is asked, in the reader's words."""
    to: Any = given.get("to")
    match change:
        case "assignment":
            return _("Assign to %(name)s") % {"name": to} if to else _("Assign to nobody")
        case "team":
            return _("Move to %(team)s") % {"team": to}
        case "status":
            return _("Set the status to %(status)s") % {"status": Status(to).label}
        case "priority":
            return _("Set the priority to %(priority)s") % {"priority": Priority(to).label}
        case "tags":
            return _("Add the tags %(tags)s") % {"tags": ", ".join(given["tags"])}
        case "macro":
            return _("Apply the macro %(name)s") % {"name": to}
        case "snooze":
            return _("Put aside") if given["until"] else _("Bring back")
    return _("Mark as spam") if to else _("Say that it is no spam")
