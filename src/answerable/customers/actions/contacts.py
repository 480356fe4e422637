"""A contact and their addresses."""

from typing import Any

from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.forms import ValidationError
from django.utils.translation import gettext as _

from answerable.core.bidi import unturned
from answerable.customers.models import Address, Contact, normalised
from answerable.customers.permissions import check_may_tend
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User

SHORTEST_PHONE = 3


def add_contact(*, address: str, by: User, **fields: Any) -> Contact:
    """Somebody new, with the e-mail address they will be known by."""
    check_may_tend(by)
    with transaction.atomic():
        contact = Contact.objects.create(**fields)
        record("contact.added", subject=contact, by=by, address=address)
        add_address(contact, kind=Address.Kind.EMAIL, value=address, by=by)
    return contact


def add_stranger(*, name: str = "", language: str = "") -> Contact:
    """Somebody who writes on a live channel, and whose address we don't know (yet)."""
    with transaction.atomic():
        contact = Contact.objects.create(name=unturned(name), language=language)
        record("contact.added", subject=contact, by=None, address="")
    return contact


def change_contact(contact: Contact, *, by: User | None, **changes: Any) -> Contact:
    """Name, organisation, segment, language, region, notes. The event keeps what they were."""
    check_may_tend(by)
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(pk=contact.pk)
        before = {field: getattr(contact, field) for field in changes if getattr(contact, field) != changes[field]}
        if before:
            for field in before:
                setattr(contact, field, changes[field])
            contact.save(update_fields=list(before))
            record(
                "contact.changed",
                subject=contact,
                by=by,
                fields=sorted(before),
                before={field: getattr(value, "pk", value) for field, value in before.items()},
            )
    return contact


def add_address(contact: Contact, *, kind: str, value: str, by: User | None) -> Address:
    """Another way to reach somebody. What is already somebody else's is refused: those two may be one person."""
    check_may_tend(by)
    value = normalised(kind, value)
    if kind == Address.Kind.EMAIL:
        try:
            validate_email(value)
        except ValidationError:
            raise Refused(_("“%(value)s” is not an e-mail address.") % {"value": value}) from None
    elif len(value) < SHORTEST_PHONE:
        raise Refused(_("A telephone number has at least three digits."))
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        if contact.merged_into is not None:
            raise Refused(_("This contact was merged into %(name)s.") % {"name": contact.merged_into})
        try:
            with transaction.atomic():
                address = Address.objects.create(contact=contact, kind=kind, value=value)
        except IntegrityError:
            holder = Contact.objects.get(addresses__kind=kind, addresses__value=value)
            if holder == contact:
                return contact.addresses.get(kind=kind, value=value)
            raise Refused(
                _("%(value)s belongs to %(name)s. If they are the same person, merge the two.")
                % {"value": value, "name": holder}
            ) from None
        record("address.added", subject=address, root=contact, by=by, kind=kind, value=value)
    return address


def remove_address(address: Address, *, by: User | None) -> None:
    """It is no longer theirs; whoever writes from it next is somebody new."""
    check_may_tend(by)
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(pk=address.contact_id)
        if not contact.addresses.exclude(pk=address.pk).exists():
            raise Refused(_("It is their only address: without it nobody can answer them."))
        gone = Address.objects.filter(pk=address.pk, contact=contact).delete()[0]
        if gone:
            record("address.removed", subject=address, root=contact, by=by, kind=address.kind, value=address.value)
