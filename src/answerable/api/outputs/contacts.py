"""A person who writes to the company."""

from typing import Any

from answerable.api.outputs.references import REFERENCE, reference
from answerable.api.schema import choice, instant, listed, maybe, moment, named, number, record, shape, text
from answerable.customers.models import Address, Contact, ContactQuerySet

KINDS = [kind.value for kind in Address.Kind]
ADDRESS = named(
    "Address",
    record(
        "A way to reach somebody.",
        id=number(example=12),
        kind=choice("What it is.", KINDS),
        value=text("The address, or the telephone number.", "dace@customer.example"),
        bounced_at=maybe(moment("When mail to it came back for good.")),
    ),
)
CONTACT = shape(
    "Contact",
    "A person who writes to the company, at whatever address.",
    id=number(example=11),
    name=text("Their name; empty where it is not known.", "Dace Ozola"),
    organisation=maybe(REFERENCE.ref),
    segment=maybe(text("Key of a segment of their own; without one, their organisation's counts.", "gold")),
    language=text("As they chose or wrote; empty where it is not known.", "lv"),
    region=text("As the policy names it.", "LV"),
    notes=text("What colleagues noted.", "Prefers to be called in the morning."),
    addresses=listed("Where they can be reached, the first one known first.", ADDRESS.ref),
    merged_into=maybe(number("Who they were found to be: read that one instead.", 12)),
    created_at=moment("When they were first heard of."),
)


def rows() -> ContactQuerySet:
    """With all that `contact` shows: two queries, one of them for the addresses."""
    return Contact.objects.select_related("organisation", "segment").prefetch_related("addresses")


def contact(row: Contact) -> dict[str, Any]:
    """One of `rows`."""
    return {
        "id": row.pk,
        "name": row.name,
        "organisation": reference(row.organisation),
        "segment": row.segment.key if row.segment else None,
        "language": row.language,
        "region": row.region,
        "notes": row.notes,
        "addresses": [address(each) for each in row.addresses.all()],
        "merged_into": row.merged_into_id,
        "created_at": instant(row.created_at),
    }


def address(row: Address) -> dict[str, Any]:
    return {"id": row.pk, "kind": row.kind, "value": row.value, "bounced_at": instant(row.bounced_at)}
