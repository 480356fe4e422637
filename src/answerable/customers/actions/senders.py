"""Whoever writes to us: found by address, or made. Safe for any number of processes at once."""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction

from answerable.customers.domains import organisations_of
from answerable.customers.models import Address, Contact, normalised
from answerable.events.inserting import insert_all
from answerable.events.record import event_of, record_all

# Shared with everybody who finds the same sender; whoever merges contacts waits until these are done with, so that
# nothing is written to a contact that has just become another.
FIND = """
SELECT value, contact_id FROM customers_address
WHERE kind = 'email' AND value = ANY(%s) ORDER BY id FOR SHARE
"""


def contact_for_address(address: str, name: str = "") -> Contact:
    """The contact who has this e-mail address; a new one, by this name, if nobody has it."""
    return contacts_for({address: name})[address]


def contacts_for(names: Mapping[str, str]) -> dict[str, Contact]:
    """The contact of each e-mail address (address -> name), however many, in a handful of statements.

    Who is new gets the name, and the organisation that owns the address's domain. A contact we know without a name
    gets one. Call it in the transaction that uses the contacts: their addresses stay theirs until it ends.
    """
    wanted = {address: normalised(Address.Kind.EMAIL, address) for address in names}
    with transaction.atomic():
        found = _find(wanted.values())
        missing = {wanted[address]: names[address] for address in names if wanted[address] not in found}
        if missing:
            _make(missing)
            found = _find(wanted.values())
        contacts = Contact.objects.select_related("segment", "organisation__segment").in_bulk(set(found.values()))
        _name({contacts[found[wanted[address]]]: name for address, name in names.items() if name})
    return {address: contacts[found[value]] for address, value in wanted.items()}


def _find(values: Iterable[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(FIND, [sorted(set(values))])
        return dict(cursor.fetchall())


def _make(names: Mapping[str, str]) -> None:
    """New contacts in a fixed order, so that two who make the same ones wait for, and never block, each other."""
    organisations = organisations_of(names)
    values = sorted(names)
    contacts = insert_all(Contact(name=names[value][:200], organisation=organisations.get(value)) for value in values)
    Address.objects.bulk_create(
        (Address(contact=contact, value=value) for value, contact in zip(values, contacts, strict=True)),
        ignore_conflicts=True,
    )
    ours = set(Address.objects.filter(contact__in=contacts).values_list("contact_id", flat=True))
    record_all(
        event_of("contact.added", subject=contact, by=None, address=value)
        for value, contact in zip(values, contacts, strict=True)
        if contact.pk in ours
    )
    Contact.objects.filter(pk__in=[contact.pk for contact in contacts if contact.pk not in ours]).delete()


def _name(names: Mapping[Contact, str]) -> None:
    """Give a name to those who had none."""
    nameless = [contact for contact in names if not contact.name]
    for contact in nameless:
        contact.name = names[contact][:200]
    Contact.objects.bulk_update(nameless, ["name"])
    record_all(
        event_of("contact.changed", subject=contact, by=None, fields=["name"], before={"name": ""})
        for contact in nameless
    )
