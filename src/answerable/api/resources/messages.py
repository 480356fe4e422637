"""Messages of a conversation, and their files."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from answerable.api.operations import Answer, Bytes, Call, operation
from answerable.api.outputs.messages import ATTACHMENT, MESSAGE, attachment, attachments, message, rows
from answerable.api.resources.conversations import ADDRESSES, addresses_given
from answerable.api.resources.parts import parts
from answerable.api.schema import choice, given, listed, text, whole
from answerable.desk.actions.copies import MOST_COPIES, Envelope
from answerable.desk.actions.messages import add_note, reply
from answerable.desk.errors import Refused
from answerable.desk.formatting import text_of, written_by
from answerable.desk.forms.writing import AFTERWARDS, LONGEST_HTML, LONGEST_TEXT
from answerable.desk.models import Attachment, Conversation, Status
from answerable.desk.views.attachments import handed_out

OF_A_REPLY = ("html", "then", "seen_event", "to", "copied", "blind")
NEW = given(
    "A reply to the customer, or a note among colleagues.",
    ["kind"],
    kind=choice("A `reply` is sent to the customer; a `note` never is.", ["reply", "note"], "reply"),
    text=text("Its words. `@name@example.com` in a note tells that colleague.", "It left us this morning.",
              longest=LONGEST_TEXT, shortest=1),
    html=text("Of a reply, instead of `text`: its words, formatted. Paragraphs, lists, links, emphasis, quotations and "
              "code are kept, all else of HTML is not; `text` is made of it.", "<p>It left us <b>this morning</b>.</p>",
              longest=LONGEST_HTML, shortest=1),
    then=choice("The conversation's status after a reply; `pending` unless given.", [key for key, _label in AFTERWARDS],
                "solved"),
    seen_event=whole(
        "The conversation's `last_event` as you know it. Where somebody has written or closed it since, a reply is "
        "refused (409) with the events that came in between. Without it, a reply is sent whatever came.",
        981,
    ),
    to=text("Which of the customer's addresses it goes to; the one they last wrote from unless given.",
            "dace@customer.example", longest=320, shortest=1),
    copied=ADDRESSES,
    blind=listed("Who gets a copy of this reply alone, unseen by all others.",
                 text("An e-mail address.", "lawyer@example.com"), most=MOST_COPIES),
)  # fmt: skip
NEW["examples"] = [{"kind": "reply", "text": "It left us this morning.", "then": "solved"}]


parts(
    "messages",
    "List messages",
    tag="Messages",
    about="Messages and notes of a conversation, the oldest first.",
    of=MESSAGE,
    rows=rows,
    output=message,
)


@operation(
    "POST",
    "/conversations/{id}/messages",
    "Write a reply or a note",
    tag="Messages",
    scope="conversations:write",
    answers=MESSAGE,
    status=201,
    body=NEW,
    takes_files=True,
    may_be=("stale",),
    about="A reply leaves after a few seconds, by the way the conversation came. Files may come with it: send "
    "`multipart/form-data` with the JSON as `message` and the files as `attachments`.",
)
def write_message(call: Call) -> Answer:
    found, body = call.one(Conversation.objects.visible_to(call.by)), call.body
    if body["kind"] == "note":
        if misplaced := [name for name in OF_A_REPLY if name in body]:
            raise Refused(_("Only a reply has this."), field=misplaced[0])
        made = add_note(found, text=body.get("text", ""), by=call.by, files=call.files)
    else:
        if ("text" in body) == ("html" in body):
            raise Refused(_("Give either `text` or `html`."), field="text")
        formatted = written_by(found, call.by, body["html"]) if "html" in body else None
        made = reply(
            found,
            text=text_of(formatted) if formatted else body["text"],
            html=formatted.html if formatted else "",
            by=call.by,
            seen_event=body.get("seen_event"),
            then=body.get("then", Status.PENDING),
            files=call.files,
            anyway="seen_event" not in body,
            envelope=_envelope(body),
        )
    return Answer(message(rows().get(pk=made.pk)), status=201, location=f"/messages/{made.pk}")


@operation("GET", "/messages/{id}", "Read a message", tag="Messages", scope="conversations:read", answers=MESSAGE)
def read_message(call: Call) -> Answer:
    return Answer(message(call.one(rows().filter(conversation__team_id__in=call.by.team_ids))))


@operation(
    "GET",
    "/attachments/{id}",
    "Read about a file",
    tag="Messages",
    scope="conversations:read",
    answers=ATTACHMENT,
)
def read_attachment(call: Call) -> Answer:
    return Answer(attachment(call.one(_visible(call))))


@operation(
    "GET",
    "/attachments/{id}/content",
    "Fetch a file",
    tag="Messages",
    scope="conversations:read",
    answers=Bytes(),
)
def fetch_attachment(call: Call) -> HttpResponse:
    return handed_out(call.one(_visible(call).defer(None).select_related("file")))


def _envelope(body: Mapping[str, Any]) -> Envelope:
    copied = addresses_given(body["copied"]) if "copied" in body else None
    blind = addresses_given(body.get("blind", []), field="blind")
    return Envelope(to=body.get("to", ""), copied=copied, blind=blind)


def _visible(call: Call) -> "QuerySet[Attachment]":
    return attachments().filter(message__conversation__team_id__in=call.by.team_ids)
