"""Inboxes, and the fields of conversations."""

from django.db.models import QuerySet

from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.inboxes import FIELD, INBOX, field, fields, inbox, inboxes
from answerable.api.paging import PAGING, page
from answerable.desk.models import Inbox


@operation(
    "GET",
    "/inboxes",
    "List inboxes",
    tag="Inboxes",
    scope="inboxes:read",
    answers=Listed(INBOX),
    query=PAGING,
    about="Those of your teams.",
)
def list_inboxes(call: Call) -> Answer:
    return page(call, _visible(call), inbox, ascending=True)


@operation("GET", "/inboxes/{id}", "Read an inbox", tag="Inboxes", scope="inboxes:read", answers=INBOX)
def read_inbox(call: Call) -> Answer:
    return Answer(inbox(call.one(_visible(call))))


@operation(
    "GET",
    "/fields",
    "List fields",
    tag="Inboxes",
    scope="inboxes:read",
    answers=Listed(FIELD),
    query=PAGING,
    about="What is asked of a conversation besides its words.",
)
def list_fields(call: Call) -> Answer:
    return page(call, fields(), field, ascending=True)


def _visible(call: Call) -> "QuerySet[Inbox]":
    return inboxes().filter(team_id__in=call.by.team_ids)
