"""What somebody wrote, and the files that came with it."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.module_loading import import_string

from answerable.api.outputs.references import name_of
from answerable.api.schema import (
    choice,
    flag,
    instant,
    listed,
    maybe,
    moment,
    named,
    number,
    record,
    shape,
    text,
    whole,
)
from answerable.desk.formatting import with_pictures
from answerable.desk.models import Attachment, Delivery, Kind, Message
from answerable.desk.sealed import sealed
from answerable.web.formatted import as_html

KINDS = [kind.value for kind in Kind]
STATES = [state.value for state in Delivery.State]

ATTACHMENT = shape(
    "Attachment",
    "A file of a message.",
    id=number(),
    message=number("The message it came with.", 7),
    name=text("Its name.", "invoice.pdf"),
    content_type=text("What the sender says it is.", "application/pdf"),
    size=whole("In bytes.", 48213),
    sha256=text("Of its bytes, in hexadecimal.", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    is_inline=flag("Whether it is a picture within the message."),
    created_at=moment("When it came."),
    content_url=text("Where its bytes are.", "https://service.example.com/api/v1/attachments/9/content", form="uri"),
)
AUTHOR = named(
    "Author",
    record(
        "Who wrote it.",
        type=choice("A contact, a member of staff (`user`), or the `system` itself.", ["contact", "user", "system"]),
        id=maybe(number("Of the contact or the member of staff.", 11)),
        name=text("What they are called.", "Dace Ozola"),
    ),
)
DELIVERY = named(
    "Delivery",
    record(
        "How a reply gets to the customer.",
        state=choice("Where it stands.", STATES, "sent"),
        recipients=listed("To whom.", text("An address.", "dace@customer.example")),
        copied=listed("To whom else.", text("An address.", "office@customer.example")),
        blind=listed("To whom unseen by all others.", text("An address.", "lawyer@example.com")),
        attempts=whole("How often it was tried.", 1),
        error=text("What the last attempt met with; empty where nothing is wrong.", ""),
        due_at=moment("Not before this."),
        sent_at=maybe(moment("When it left.")),
    ),
)
MESSAGE = shape(
    "Message",
    "What somebody wrote.",
    id=number(example=7),
    conversation=number("The conversation it stands in."),
    kind=choice("From the customer, to the customer, or a note among colleagues.", KINDS),
    is_automatic=flag("Whether a machine wrote it. Then it starts and stops no clock."),
    author=AUTHOR.ref,
    text=text("Its words.", "I ordered a book on Monday and it has not come."),
    html=text(
        "The same, formatted: harmless HTML, as it was written or made of `text`. Nothing in it is fetched from "
        "elsewhere; pictures that came with it have the `content_url` of their file.",
        "<p>I ordered a book on Monday and it has not come.</p>",
    ),
    quoted=listed(
        "Stretches of the text that repeat earlier messages: from (counted in characters) and to.",
        listed("From, to.", whole("A place in the text.", 0)),
    ),
    attachments=listed("Files that came with it.", ATTACHMENT.ref),
    delivery=maybe(DELIVERY.ref),
    sent_at=maybe(moment("What the sender's own clock said.")),
    created_at=moment("When we had it."),
)


def attachments() -> "QuerySet[Attachment]":
    """With all that `attachment` shows, and without the bytes: one query."""
    return Attachment.objects.select_related("file").defer("file__content").order_by("id")


def attachment(row: Attachment) -> dict[str, Any]:
    """One of `attachments`."""
    return {
        "id": row.pk,
        "message": row.message_id,
        "name": row.name,
        "content_type": row.content_type,
        "size": row.size,
        "sha256": row.file.sha256,
        "is_inline": row.is_inline,
        "created_at": instant(row.created_at),
        "content_url": _content_url(row),
    }


def rows() -> "QuerySet[Message]":
    """With all that `message` shows: two queries, one of them for the files."""
    found = Message.objects.select_related("contact", "user", "delivery")
    return found.prefetch_related(Prefetch("attachments", attachments()))


def message(row: Message) -> dict[str, Any]:
    """One of `rows`."""
    return {
        "id": row.pk,
        "conversation": row.conversation_id,
        "kind": row.kind,
        "is_automatic": row.automatic,
        "author": _author(row),
        "text": sealed(row.text),
        "html": _html(row),
        "quoted": row.folds,
        "attachments": [attachment(file) for file in row.attachments.all()],
        "delivery": _delivery(getattr(row, "delivery", None)),
        "sent_at": instant(row.sent_at),
        "created_at": instant(row.created_at),
    }


def _html(row: Message) -> str:
    """Through the door that what agents write goes through, too: little is left, and nothing that could do harm."""
    clean = import_string(settings.HTML_WRITTEN)(row.html, lambda _address: None).html if row.html else ""
    if not clean:
        return as_html(sealed(row.text))
    files = {file.content_id: file for file in row.attachments.all() if file.content_id}
    return with_pictures(sealed(clean), lambda name: _content_url(files[name]) if name in files else "")


def _content_url(row: Attachment) -> str:
    return f"{settings.SITE_URL}/api/v1/attachments/{row.pk}/content"


def _author(row: Message) -> dict[str, Any]:
    person = row.contact or row.user
    kind = "contact" if row.contact else "user" if row.user else "system"
    return {"type": kind, "id": person.pk if person else None, "name": name_of(person) if person else ""}


def _delivery(row: Delivery | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "state": row.state,
        "recipients": row.recipients,
        "copied": row.copied,
        "blind": row.blind,
        "attempts": row.attempts,
        "error": row.error,
        "due_at": instant(row.due_at),
        "sent_at": instant(row.sent_at),
    }
