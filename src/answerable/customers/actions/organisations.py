"""Organisations that contacts belong to."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.customers.models import Contact, Organisation
from answerable.customers.permissions import check_may_arrange
from answerable.events.record import record
from answerable.people.errors import Refused
from answerable.people.models import User


def add_organisation(*, by: User | None, **fields: Any) -> Organisation:
    """Those of its domains who have no organisation yet belong to it from now on."""
    check_may_arrange(by)
    with transaction.atomic():
        check_domains_are_free(fields.get("domains", []))
        organisation = Organisation.objects.create(**fields)
        joined = _gather(organisation)
        record("organisation.added", subject=organisation, by=by, name=organisation.name, joined=joined)
    return organisation


def change_organisation(organisation: Organisation, *, by: User | None, **changes: Any) -> Organisation:
    check_may_arrange(by)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        check_domains_are_free(changes.get("domains", []), but=organisation)
        changed = [name for name, value in changes.items() if getattr(organisation, name) != value]
        if changed:
            for name in changed:
                setattr(organisation, name, changes[name])
            organisation.save(update_fields=changed)
            joined = _gather(organisation) if "domains" in changed else 0
            record("organisation.changed", subject=organisation, by=by, fields=sorted(changed), joined=joined)
    return organisation


def remove_organisation(organisation: Organisation, *, by: User | None) -> None:
    """Its contacts stay, and belong to none."""
    check_may_arrange(by)
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        contacts = list(row.contacts.values_list("pk", flat=True))
        record("organisation.removed", subject=row, by=by, name=row.name, domains=row.domains, contacts=contacts)
        row.delete()


def check_domains_are_free(domains: Sequence[str], but: Organisation | None = None) -> None:
    """A domain tells one organisation from all others."""
    holders = Organisation.objects.filter(domains__overlap=list(domains))
    if holder := next((row for row in holders if row != but), None):
        shared = ", ".join(sorted(set(domains) & set(holder.domains)))
        raise Refused(_("%(domains)s belongs to %(name)s already.") % {"domains": shared, "name": holder})


def _gather(organisation: Organisation) -> int:
    """Contacts without an organisation who write from one of its domains; how many."""
    joined = 0
    for domain in organisation.domains:
        theirs = Contact.objects.filter(organisation=None, merged_into=None, addresses__value__endswith=f"@{domain}")
        joined += Contact.objects.filter(pk__in=theirs.values("pk")).update(organisation=organisation)
    return joined
