"""Which organisation an e-mail address belongs to, by its domain."""

from collections.abc import Iterable, Mapping

from answerable.customers.models import Organisation
from answerable.web.standing import Given, Standing

DOMAINS = Organisation._meta.get_field("domains")
OWNERS = Standing(
    lambda: Organisation.objects.filter(domains__overlap=Given("domains", DOMAINS)).select_related("segment")
)


def domains_of(address: str) -> list[str]:
    """The address's domain, then the domains above it, but no top one.

    >>> domains_of("nino@mail.harbour.example")
    ['mail.harbour.example', 'harbour.example']
    """
    labels = address.rpartition("@")[2].split(".")
    return [".".join(labels[place:]) for place in range(len(labels) - 1)]


def organisations_of(addresses: Iterable[str]) -> Mapping[str, Organisation]:
    """The organisation of each address that has one, by the longest domain that is somebody's. One query."""
    wanted = {address: domains_of(address) for address in addresses}
    every = sorted({domain for domains in wanted.values() for domain in domains})
    owners: dict[str, Organisation] = {}
    if every:
        for organisation in OWNERS.rows(domains=every):
            owners |= dict.fromkeys(organisation.domains, organisation)
    found = {
        address: next((owners[name] for name in names if name in owners), None) for address, names in wanted.items()
    }
    return {address: organisation for address, organisation in found.items() if organisation is not None}
