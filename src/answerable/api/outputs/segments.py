"""Kinds of customers that the policy may promise something of their own to."""

from typing import Any

from django.db.models import QuerySet

from answerable.api.schema import number, shape, text
from answerable.customers.models import Segment

SEGMENT = shape(
    "Segment",
    "A kind of customer. Contacts, organisations, conversations and the policy name it by its key.",
    id=number(example=3),
    key=text("How it is named; it never changes.", "gold"),
    name=text("What people call it.", "Gold customers"),
)


def rows() -> "QuerySet[Segment]":
    """One query."""
    return Segment.objects.all()


def segment(row: Segment) -> dict[str, Any]:
    return {"id": row.pk, "key": row.key, "name": row.name}
