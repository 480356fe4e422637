"""Where conversations come in, and what is asked besides their words."""

from typing import Any

from django.db.models import QuerySet

from answerable.api.outputs.references import REFERENCE, reference
from answerable.api.schema import choice, instant, listed, maybe, moment, number, shape, text
from answerable.desk.models import Field, Inbox
from answerable.desk.models.field import FieldQuerySet

INBOX = shape(
    "Inbox",
    "An address or channel that conversations come in by.",
    id=number(example=1),
    name=text("Its name.", "Support"),
    channel=text("How they come.", "email"),
    address=text("Where customers write to.", "support@example.com"),
    team=REFERENCE.ref,
    language=text("Of those who write to it; empty where it is not known.", "lv"),
    region=text("As the policy names it.", "LV"),
    retired_at=maybe(moment("Since when nothing comes in by it.")),
)
FIELD = shape(
    "Field",
    "Something the company wants to know of a conversation besides its words.",
    id=number(example=3),
    name=text("What it is called.", "Order number"),
    kind=choice("What is written into it.", [kind.value for kind in Field.Kind]),
    choices=listed("Of a choice: what there is to choose from.", text("One of them.", "Online shop")),
    retired_at=maybe(moment("Since when it is asked for no longer.")),
)


def inboxes() -> "QuerySet[Inbox]":
    """With all that `inbox` shows: one query."""
    return Inbox.objects.select_related("team")


def inbox(row: Inbox) -> dict[str, Any]:
    """One of `inboxes`."""
    return {
        "id": row.pk,
        "name": row.name,
        "channel": row.channel,
        "address": row.address,
        "team": reference(row.team),
        "language": row.language,
        "region": row.region,
        "retired_at": instant(row.retired_at),
    }


def fields() -> FieldQuerySet:
    """One query."""
    return Field.objects.all()


def field(row: Field) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "kind": row.kind,
        "choices": row.choices,
        "retired_at": instant(row.retired_at),
    }
