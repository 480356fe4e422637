"""Rows that others speak of: by number, and by a name that people know."""

from typing import Any

from django.db.models import Model

from answerable.api.schema import number, shape, text
from answerable.customers.models import Contact

REFERENCE = shape(
    "Reference",
    "Another row.",
    id=number(),
    name=text("What it is called now; empty for a contact whose name nobody knows.", "Support"),
)


def reference(row: Model | None) -> dict[str, Any] | None:
    return None if row is None else {"id": row.pk, "name": name_of(row)}


def name_of(row: Model) -> str:
    """The same in every language: a contact who has no name has none."""
    return row.name if isinstance(row, Contact) else str(row)
