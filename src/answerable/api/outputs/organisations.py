"""What contacts belong to."""

from typing import Any

from django.db.models import QuerySet

from answerable.api.schema import instant, listed, maybe, moment, number, shape, text
from answerable.customers.models import Organisation

ORGANISATION = shape(
    "Organisation",
    "What contacts belong to.",
    id=number(example=4),
    name=text("Its name.", "Harbour Books"),
    domains=listed("Whoever writes from them belongs to it.", text("A domain.", "harbour.example")),
    segment=maybe(text("Key of its segment.", "gold")),
    notes=text("What colleagues noted.", "Invoices go to the head office."),
    created_at=moment("When it was added."),
)


def rows() -> "QuerySet[Organisation]":
    """With all that `organisation` shows: one query."""
    return Organisation.objects.select_related("segment")


def organisation(row: Organisation) -> dict[str, Any]:
    """One of `rows`."""
    return {
        "id": row.pk,
        "name": row.name,
        "domains": row.domains,
        "segment": row.segment.key if row.segment else None,
        "notes": row.notes,
        "created_at": instant(row.created_at),
    }
