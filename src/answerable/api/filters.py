"""Which conversations a list asks for."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from answerable.api.outputs.conversations import PRIORITIES, STATUSES
from answerable.api.schema import choice, listed, moment, number, text
from answerable.desk.actions.changes import LONGEST_TAG
from answerable.desk.errors import Refused
from answerable.desk.models import Priority
from answerable.desk.models.conversation import UNSOLVED, ConversationQuerySet
from answerable.people.models import User

FILTERS = {
    "status": listed("Of one of these statuses.", choice("", STATUSES, "open")),
    "priority": listed("Of one of these priorities.", choice("", PRIORITIES, "urgent")),
    "assignee": text("Of a colleague's number, `me`, or `none`.", "me", longest=19),
    "team": number("Of this team, and not of those below it.", 2),
    "inbox": number("That came by this inbox.", 1),
    "contact": number("Of this contact.", 11),
    "tag": text("With this tag.", "delivery", longest=LONGEST_TAG),
    "created_after": moment("That began after this."),
    "created_before": moment("That began before this."),
    "message_after": moment("In which somebody has written after this. What else happens in them, `/events` tells."),
}


def filtered(found: ConversationQuerySet, asked: Mapping[str, Any], user: User) -> ConversationQuerySet:
    """Those of `found` that pass every filter asked for. Raises Refused for what a filter cannot be."""
    simple = {
        "team": "team",
        "inbox": "inbox",
        "contact": "contact",
        "created_after": "created_at__gt",
        "created_before": "created_at__lt",
        "message_after": "last_message_at__gt",
    }
    found = found.filter(**{column: asked[name] for name, column in simple.items() if name in asked})
    if "priority" in asked:
        found = found.filter(priority__in=[Priority[name.upper()] for name in asked["priority"]])
    if "tag" in asked:
        found = found.filter(tags__contains=[asked["tag"].strip().lower()])
    if "status" in asked:
        found = _of_statuses(found, asked["status"])
    if "assignee" in asked:
        found = _of_assignee(found, asked["assignee"], user)
    return found


def _of_statuses(found: ConversationQuerySet, statuses: list[str]) -> ConversationQuerySet:
    """Said so that the indexes of what is awake and of what sleeps serve where only unsolved ones are asked for."""
    if set(statuses) <= set(UNSOLVED):
        awake, asleep = Q(snoozed_until=None), Q(snoozed_until__isnull=False)
        return found.filter(Q(status__in=statuses) & awake | Q(status__in=statuses) & asleep)
    return found.filter(status__in=statuses)


def _of_assignee(found: ConversationQuerySet, asked: str, user: User) -> ConversationQuerySet:
    if asked == "none":
        return found.filter(assignee=None)
    if asked == "me":
        return found.filter(assignee=user)
    if not (asked.isascii() and asked.isdigit() and int(asked) < 2**63):
        raise Refused(_("This is a colleague's number, `me`, or `none`."), field="assignee")
    return found.filter(assignee=int(asked))
