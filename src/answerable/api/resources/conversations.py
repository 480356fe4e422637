"""Conversations: listed, begun, read, changed."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from django import forms
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from answerable.api.etags import check_match
from answerable.api.filters import FILTERS, filtered
from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.conversations import CONVERSATION, PRIORITIES, conversation, rows
from answerable.api.paging import PAGING, page
from answerable.api.schema import Schema, choice, flag, given, listed, maybe, moment, number, text
from answerable.customers.actions import contact_for_address
from answerable.customers.models import Address
from answerable.desk.actions.changes import LONGEST_TAG
from answerable.desk.actions.conversations import (
    assign,
    move,
    set_copied,
    set_priority,
    set_status,
    set_tags,
    snooze,
    wake,
)
from answerable.desk.actions.copies import MOST_COPIES
from answerable.desk.actions.fields import set_details
from answerable.desk.actions.held import locked
from answerable.desk.actions.opening import write_first
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all
from answerable.desk.actions.spam import mark_spam, unmark_spam
from answerable.desk.details import LONGEST, control
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.forms.changes import SETTABLE
from answerable.desk.forms.writing import LONGEST_TEXT, AddressesField
from answerable.desk.models import Conversation, Field, Inbox, Priority
from answerable.desk.queues import Somebody
from answerable.people.models import Team, User
from answerable.web.standing import Given, Standing

CHANNEL = "api"
MOST_TAGS = 50
VALUES: Schema = {
    "type": "object",
    "description": "What is known besides the words: the number of a field (see `/fields`), and its value as text; "
    "null forgets it. Fields that are not named stay.",
    "additionalProperties": maybe(text("Its value.", "A-1042", longest=LONGEST)),
    "propertyNames": {"pattern": "^[0-9]{1,18}$"},
    "examples": [{"3": "A-1042"}],
}
ADDRESSES = listed(
    "Addresses that get a copy of each reply.", text("", "office@customer.example", longest=320), most=MOST_COPIES
)
PERSON = {
    "address": text("Their e-mail address.", "dace@customer.example", longest=320, shortest=1),
    "name": text("Their name, for who is not known yet.", "Dace Ozola", longest=200),
}
NEW = given(
    "Either `to`: we write first, and the text is sent to them. Or `from`: they wrote to us, and the text is theirs.",
    ["inbox", "subject", "text"],
    inbox=number("The inbox it belongs to.", 1),
    subject=text("What it is about.", "Where is my order?", longest=500, shortest=1),
    text=text(
        "The first message.", "I ordered a book on Monday and it has not come.", longest=LONGEST_TEXT, shortest=1
    ),
    to=given("Whom we write to.", ["address"], **PERSON),
    **{"from": given("Who wrote to us.", ["address"], **PERSON)},
    fields=VALUES,
)
CHANGE = given(
    "What is to be otherwise; all of it, or nothing where one change is refused.",
    status=choice("`solved` and `closed` stop the clocks.", [key for key, _label in SETTABLE], "solved"),
    assignee=maybe(number("A colleague of its team; null for nobody.", 5)),
    team=number("The team that gets it.", 2),
    priority=choice("How urgent it is.", PRIORITIES, "high"),
    tags=listed("All its tags.", text("", "delivery", longest=LONGEST_TAG), most=MOST_TAGS),
    fields=VALUES,
    copied=ADDRESSES,
    snoozed_until=maybe(moment("Out of the queues until then; null wakes it.")),
    is_spam=flag("Whether it is spam."),
)
NEW["examples"] = [
    {
        "inbox": 1,
        "subject": "Where is my order?",
        "text": "I ordered a book on Monday and it has not come.",
        "from": {"address": "dace@customer.example", "name": "Dace Ozola"},
    }
]
CHANGE["examples"] = [{"assignee": 5, "priority": "high", "tags": ["delivery"]}]


@operation(
    "GET",
    "/conversations",
    "List conversations",
    tag="Conversations",
    scope="conversations:read",
    answers=Listed(CONVERSATION),
    query=FILTERS | PAGING,
    about="Those of your teams, the newest first. Filters narrow each other down.",
)
def list_conversations(call: Call) -> Answer:
    return page(call, filtered(rows().visible_to(call.by), call.query, call.by), conversation)


@operation(
    "POST",
    "/conversations",
    "Begin a conversation",
    tag="Conversations",
    scope="conversations:write",
    answers=CONVERSATION,
    status=201,
    body=NEW,
    takes_files=True,
    about="Files may come with the first message: send `multipart/form-data` with the JSON as `message` and the "
    "files as `attachments`.",
)
def begin_conversation(call: Call) -> Answer:
    inbox = Inbox.objects.filter(team_id__in=call.by.team_ids, retired_at=None, pk=call.body["inbox"]).first()
    if inbox is None:
        raise Refused(_("There is no such inbox, or it is not yours."), field="inbox")
    if ("to" in call.body) == ("from" in call.body):
        raise Refused(_("Give either `to` or `from`."), field="to")
    values = _values(call.body.get("fields", {}), call.by)
    made = _written_first(call, inbox) if "to" in call.body else _came_in(call, inbox)
    if values:
        set_details(made, values=values, by=call.by)
    return _shown(made.pk, status=201, location=f"/conversations/{made.pk}")


@operation(
    "GET",
    "/conversations/{id}",
    "Read a conversation",
    tag="Conversations",
    scope="conversations:read",
    answers=CONVERSATION,
)
def read_conversation(call: Call) -> Answer:
    found = _visible(call.by.team_ids).first(key=call.numbers["id"])
    if found is None:
        raise Http404
    return Answer(conversation(found))


@operation(
    "PATCH",
    "/conversations/{id}",
    "Change a conversation",
    tag="Conversations",
    scope="conversations:write",
    answers=CONVERSATION,
    body=CHANGE,
    about="Send `If-Match` with the `ETag` you have read, and nobody's change is lost: where somebody was faster, "
    "the answer is 412.",
)
def change_conversation(call: Call) -> Answer:
    row = locked(call.one(Conversation.objects.visible_to(call.by)))
    check_match(call, lambda: conversation(rows().get(pk=row.pk)))
    check_can_handle(call.by, row)
    for name, do in CHANGES.items():
        if name in call.body:
            do(row, call.body[name], call.by)
    found = rows().visible_to(call.by).filter(pk=row.pk).first()
    return Answer(conversation(found or rows().get(pk=row.pk)))


@lru_cache(maxsize=1024)
def _visible(team_ids: frozenset[int]) -> Standing[Conversation]:
    return Standing(lambda: rows().visible_to(cast(User, Somebody(team_ids))).filter(pk=Given("key")))


def _to_team(row: Conversation, to: int, by: User) -> None:
    team = Team.objects.filter(pk=to, retired_at=None).first()
    if team is None:
        raise Refused(_("There is no such team."), field="team")
    move(row, to=team, by=by)


def _to_person(row: Conversation, to: int | None, by: User) -> None:
    person = None if to is None else User.objects.active().filter(pk=to).first()
    if to is not None and person is None:
        raise Refused(_("There is no such colleague."), field="assignee")
    assign(row, to=person, by=by)


def _to_sleep(row: Conversation, until: Any, by: User) -> None:
    if until is None:
        wake(row, by=by)
    else:
        snooze(row, until=until, by=by)


# In this order: those who lose sight of it with the team have done all else by then; closing it comes after what a
# closed one refuses.
CHANGES: Mapping[str, Any] = {
    "assignee": _to_person,
    "priority": lambda row, to, by: set_priority(row, to=Priority[to.upper()], by=by),
    "tags": lambda row, to, by: set_tags(row, tags=to, by=by),
    "fields": lambda row, to, by: set_details(row, values=_values(to, by), by=by),
    "copied": lambda row, to, by: set_copied(row, to=addresses_given(to), by=by),
    "snoozed_until": _to_sleep,
    "status": lambda row, to, by: set_status(row, to=to, by=by),
    "is_spam": lambda row, to, by: mark_spam(row, by=by) if to else unmark_spam(row, by=by),
    "team": _to_team,
}


def _written_first(call: Call, inbox: Inbox) -> Conversation:
    person = call.body["to"]
    return write_first(
        inbox=inbox,
        to=_address(person["address"], "to.address"),
        name=person.get("name", ""),
        subject=call.body["subject"],
        text=call.body["text"],
        by=call.by,
        attachments=call.files,
    )


def _came_in(call: Call, inbox: Inbox) -> Conversation:
    """As if the customer had written to the inbox; who handles its conversations may say so."""
    person = call.body["from"]
    address = _address(person["address"], "from.address")
    begins = Beginning(inbox=inbox, subject=call.body["subject"], channel=CHANNEL)
    check_can_handle(call.by, Conversation(team_id=inbox.team_id))
    if not call.body["text"].strip():
        raise Refused(_("Write something first."), field="text")
    if Inbox.objects.filter(address=address).exists():
        raise Refused(_("This is an address of ours."), field="from.address")
    contact = contact_for_address(address, person.get("name", ""))
    coming = Incoming(to=begins, contact=contact, text=call.body["text"], written_from=address, files=call.files)
    return receive_all([coming])[0].conversation


def _address(value: str, place: str) -> str:
    field = forms.EmailField(max_length=Address._meta.get_field("value").max_length)
    try:
        return str(field.clean(value)).lower()
    except forms.ValidationError as error:
        raise Refused(error.messages[0], field=place) from None


def addresses_given(values: list[str], *, field: str = "copied") -> list[str]:
    try:
        found: list[str] = AddressesField().clean(",".join(values))
    except forms.ValidationError as error:
        raise Refused(error.messages[0], field=field) from None
    return found


def _values(given_values: Mapping[str, str | None], by: User) -> dict[Field, str]:
    """Each as its field keeps it: numbers with a point, dates as 2026-03-08, whatever the reader's language."""
    fields = Field.objects.current().in_bulk([int(key) for key in given_values])
    found: dict[Field, str] = {}
    for key, value in given_values.items():
        field = fields.get(int(key))
        if field is None:
            raise Refused(_("There is no such field."), field=f"fields.{key}")
        asked = control(field, "en")
        with translation.override("en"):
            try:
                found[field] = asked.clean("" if value is None else value)
            except forms.ValidationError as error:
                raise Refused(error.messages[0], field=f"fields.{key}") from None
    return found


def _shown(pk: int, **more: Any) -> Answer:
    return Answer(conversation(rows().get(pk=pk)), **more)
