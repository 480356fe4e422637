"""The contacts behind addresses, many at once; whoever is not known yet becomes known."""

from collections.abc import Iterable, Mapping

from answerable.customers.models import Address, Contact, Organisation
from answerable.events.record import event_of, record_all

Names = Mapping[str, str]


def contacts_for(names: Names) -> dict[str, Contact]:
    """By address in lower case, for the addresses in `names`; a name fills in only where there is none.

    An address that mail had come back from is good again: somebody has just written from it.
    """
    found = _known(names)
    missing = {address: name for address, name in names.items() if address not in found}
    if missing:
        _meet(missing)
        found |= _known(missing)
    nameless = [contact for address, contact in found.items() if not contact.name and names[address]]
    for contact in nameless:
        contact.name = next(names[address][:200] for address, each in found.items() if each.pk == contact.pk)
    if nameless:
        Contact.objects.bulk_update(nameless, ["name"])
    return found


def _known(addresses: Iterable[str]) -> dict[str, Contact]:
    rows = Address.objects.filter(kind=Address.Kind.EMAIL, value__in=list(addresses)).select_related(
        "contact__segment", "contact__organisation__segment", "contact__merged_into__organisation__segment"
    )
    rows_now = list(rows)
    back = [row.pk for row in rows_now if row.bounced_at is not None]
    if back:
        Address.objects.filter(pk__in=back).update(bounced_at=None)
    return {row.value: row.contact.merged_into or row.contact for row in rows_now}


def _meet(names: Names) -> None:
    """New contacts, each in the organisation whose domain their address has."""
    domains = {address.rpartition("@")[2] for address in names}
    organisations = {
        domain: organisation
        for organisation in Organisation.objects.filter(domains__overlap=list(domains)).order_by("-id")
        for domain in organisation.domains
    }
    contacts = Contact.objects.bulk_create(
        Contact(name=name[:200], organisation=organisations.get(address.rpartition("@")[2]))
        for address, name in names.items()
    )
    Address.objects.bulk_create(
        [Address(contact=contact, value=address) for contact, address in zip(contacts, names, strict=True)],
        ignore_conflicts=True,
    )
    # Somebody else may have met one of them at the same moment: theirs stands.
    theirs = set(
        Address.objects.filter(value__in=list(names), kind=Address.Kind.EMAIL).values_list("contact", flat=True)
    )
    Contact.objects.filter(pk__in=[contact.pk for contact in contacts if contact.pk not in theirs]).delete()
    record_all(event_of("contact.met", subject=contact, by=None) for contact in contacts if contact.pk in theirs)
