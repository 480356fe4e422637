"""Whoever writes to us: found by address, or made. Safe for any number of processes at once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from answerable.core.bidi import unturned
from answerable.customers.domains import organisations_of
from answerable.customers.models import Address, Contact, normalised
from answerable.events.models import Event
from answerable.events.prepared import ask
from answerable.events.record import event_of, record_all

# Shared with everybody who finds the same sender; whoever merges contacts waits until these are done with, so that
# nothing is written to a contact that has just become another.
FIND = """
SELECT value, contact_id FROM customers_address
WHERE kind = %s AND value = ANY(%s) ORDER BY id FOR SHARE
"""
# Contacts with their addresses; none of whom somebody else has made just now.
MAKE = """
WITH new AS (
    SELECT nextval(pg_get_serial_sequence('customers_contact', 'id')) AS id, value, name, organisation_id
    FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS given (value, name, organisation_id)
), claimed AS (
    INSERT INTO customers_address (contact_id, kind, value, created_at) SELECT id, %s, value, %s FROM new
    ON CONFLICT (kind, value) DO NOTHING RETURNING contact_id, value
), made AS (
    INSERT INTO customers_contact (id, name, organisation_id, language, region, notes, created_at)
    SELECT id, name, organisation_id, '', '', '', %s FROM new WHERE id IN (SELECT contact_id FROM claimed)
)
SELECT value, contact_id FROM claimed
"""

Leave = Callable[[list[Event]], None]


def contact_for_address(
    address: str, name: str = "", *, kind: str = Address.Kind.EMAIL, leave: Leave = record_all
) -> Contact:
    """The contact who has this address; a new one, by this name, if nobody has it."""
    return contacts_for({address: name}, kind=kind, leave=leave)[address]


def contacts_for(
    names: Mapping[str, str], *, kind: str = Address.Kind.EMAIL, leave: Leave = record_all
) -> dict[str, Contact]:
    """The contact of each address of that kind (address -> name), however many, in a handful of statements.

    Who is new gets the name, and the organisation that owns an e-mail address's domain. A contact we know without a
    name gets one. Call it in the transaction that uses the contacts: their addresses stay theirs until it ends. What
    happened to contacts goes to `leave`, such as a list's `extend` where the caller records it with events of its own.
    """
    wanted = {address: normalised(kind, address) for address in names}
    with transaction.atomic(savepoint=False):
        found = _find(kind, wanted.values())
        missing = {wanted[address]: names[address] for address in names if wanted[address] not in found}
        made = _make(kind, missing, leave) if missing else {}
        if lost := missing.keys() - made.keys():  # somebody else has just made them
            found |= _find(kind, lost)
        known = Contact.objects.select_related("segment", "organisation__segment").in_bulk(set(found.values()))
        contacts = {value: known[pk] for value, pk in found.items()} | made
        _name({contacts[wanted[address]]: name for address, name in names.items() if name}, leave)
    return {address: contacts[value] for address, value in wanted.items()}


def _find(kind: str, values: Iterable[str]) -> dict[str, int]:
    return dict(ask(FIND, [str(kind), sorted(set(values))]))


def _make(kind: str, names: Mapping[str, str], leave: Leave) -> dict[str, Contact]:
    """New contacts of those addresses that nobody else has by now, in a fixed order, so that two who make the same
    ones wait for, and never block, each other."""
    organisations = organisations_of(names) if kind == Address.Kind.EMAIL else {}
    now = timezone.now()
    new = {
        value: Contact(name=unturned(names[value])[:200], organisation=organisations.get(value), created_at=now)
        for value in sorted(names)
    }
    people = new.values()
    columns: list[Any] = [list(new), [one.name for one in people], [one.organisation_id for one in people]]
    ours: dict[str, int] = dict(ask(MAKE, [*columns, str(kind), now, now]))
    for value, pk in ours.items():
        new[value].pk = pk
        new[value]._state.adding = False
    made = {value: contact for value, contact in new.items() if value in ours}
    leave([event_of("contact.added", subject=contact, by=None, address=value) for value, contact in made.items()])
    return made


def _name(names: Mapping[Contact, str], leave: Leave) -> None:
    """Give a name to those who had none."""
    nameless = [contact for contact in names if not contact.name]
    for contact in nameless:
        contact.name = unturned(names[contact])[:200]
    Contact.objects.bulk_update(nameless, ["name"])
    leave(
        [
            event_of("contact.changed", subject=contact, by=None, fields=["name"], before={"name": ""})
            for contact in nameless
        ]
    )
