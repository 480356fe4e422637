"""Organisations, contacts and members of staff of an export: found among ours by address, else made."""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings

from answerable.customers.actions import contacts_for
from answerable.customers.models import Address, Contact, normalised
from answerable.customers.models import Organisation as OurOrganisation
from answerable.events.record import event_of, record_all
from answerable.imports.models import Origin
from answerable.imports.origins import Origins
from answerable.imports.records import Organisation, Person
from answerable.imports.stage import Remarks
from answerable.people.models import User

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def take_organisations(rows: Sequence[Organisation], origins: Origins) -> int:
    """By name and domains; one of ours of the same name is the same. How many are new."""
    known = origins.known(Origin.Kind.ORGANISATION, [row.key for row in rows])
    wanted = [row for row in rows if row.key not in known]
    ours = {row.name.casefold(): row for row in OurOrganisation.objects.filter(name__in=[row.name for row in wanted])}
    new = {row.name.casefold(): row for row in wanted if row.name.casefold() not in ours}
    made = OurOrganisation.objects.bulk_create(
        [OurOrganisation(name=row.name, domains=row.domains, notes=row.notes) for row in new.values()]
    )
    record_all(event_of("organisation.added", subject=row, by=origins.by) for row in made)
    ours |= {row.name.casefold(): row for row in made}
    origins.note(Origin.Kind.ORGANISATION, {row.key: ours[row.name.casefold()].pk for row in wanted})
    return len(made)


def take_contacts(rows: Sequence[Person], origins: Origins, remarks: Remarks) -> int:
    """Customers: one of ours who has any of their addresses is the same person. How many are new."""
    known = origins.known(Origin.Kind.CONTACT, [row.key for row in rows])
    wanted = [row for row in rows if row.key not in known]
    before = _owners(address for row in wanted for address in _all(row))
    named = {address: row.name for row in wanted if (address := _best(row, before))}
    by_address = contacts_for(named) if named else {}
    found: dict[str, Contact] = {}
    new = 0
    for row in wanted:
        address = _best(row, before)
        contact = by_address.get(address) if address else None
        new += not any(value in before for value in _all(row))
        if contact is None:
            owner = next((before[value] for value in _all(row) if value in before), None)
            contact = owner or Contact.objects.create(name=row.name)
        found[row.key] = contact
    _complete(wanted, found, origins)
    _add_addresses(wanted, found, before, remarks)
    origins.note(Origin.Kind.CONTACT, {key: contact.pk for key, contact in found.items()})
    return new


def contact_without_address(key: str, name: str, origins: Origins) -> int:
    """For a customer of whom the export knows no more."""
    contact = Contact.objects.create(name=name[:200])
    record_all([event_of("contact.added", subject=contact, by=origins.by)])
    origins.note(Origin.Kind.CONTACT, {key: contact.pk})
    return contact.pk


def users_for(people: Sequence[Person], origins: Origins, mapped: Mapping[str, str]) -> dict[str, int]:
    """Key -> member of our staff: named in the mapping, or of the same address; else a name of the past, who cannot
    sign in and is in no team."""
    found = origins.known(Origin.Kind.USER, [person.key for person in people])
    new = {person.key: _user(person, origins, mapped) for person in people if person.key not in found}
    origins.note(Origin.Kind.USER, new)
    return found | new


def _user(person: Person, origins: Origins, mapped: Mapping[str, str]) -> int:
    wanted = [mapped[word] for word in (person.key, *person.emails) if word in mapped]
    row = User.objects.filter(email__in=[one.lower() for one in wanted] or person.emails).order_by("pk").first()
    if row is None:
        email = person.emails[0] if person.emails else f"{origins.slug}-{person.key}@imported.invalid"
        row = User(email=email[:254], name=(person.name or email)[:150], is_active=False)
        row.set_unusable_password()
        row.save()
        record_all([event_of("user.imported", subject=row, by=origins.by)])
    return int(row.pk)


def _all(row: Person) -> list[str]:
    phones = [normalised(Address.Kind.PHONE, phone) for phone in row.phones]
    return [*row.emails, *(phone for phone in phones if len(phone) > 4)]


def _owners(values: Iterable[str]) -> dict[str, Contact]:
    rows = Address.objects.filter(value__in=set(values)).select_related("contact")
    return {row.value: row.contact for row in rows}


def _best(row: Person, before: dict[str, Contact]) -> str:
    """The e-mail address that somebody of ours has, else the first."""
    return next((email for email in row.emails if email in before), row.emails[0] if row.emails else "")


def _complete(rows: Sequence[Person], found: dict[str, Contact], origins: Origins) -> None:
    """Fill in what was not known of them; what is known stays."""
    places = origins.known(Origin.Kind.ORGANISATION, {row.organisation for row in rows if row.organisation})
    changed: dict[int, Contact] = {}
    for row in rows:
        contact = found[row.key]
        if contact.organisation_id is None and row.organisation in places:
            contact.organisation_id = places[row.organisation]
            changed[contact.pk] = contact
        if not contact.language and row.language in LANGUAGES:
            contact.language = row.language
            changed[contact.pk] = contact
    Contact.objects.bulk_update(changed.values(), ["organisation", "language"])


def _add_addresses(
    rows: Sequence[Person], found: dict[str, Contact], before: dict[str, Contact], remarks: Remarks
) -> None:
    new: dict[str, Address] = {}
    for row in rows:
        contact = found[row.key]
        for value in _all(row):
            owner = before.get(value) or (new[value].contact if value in new else None)
            if owner is None:
                kind = Address.Kind.EMAIL if "@" in value else Address.Kind.PHONE
                new[value] = Address(contact=contact, kind=kind, value=value)
            elif owner.pk != contact.pk:
                remarks.add(f"person {row.key}", "address_taken", address=value)
    Address.objects.bulk_create(new.values(), ignore_conflicts=True)
