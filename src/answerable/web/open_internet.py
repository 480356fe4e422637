"""Which addresses are of the open internet."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
EMBEDDING: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"))
"""IPv4 in the last four bytes: translated (RFC 6052) and mapped (RFC 4291, 2.5.5.2)."""
TUNNELS: Final = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))
"""6to4 and Teredo (RFC 3056, RFC 4380): IPv4 inside, and nobody's way any more."""
KEPT_BACK: Final = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""For protocols, and for 6to4's relays (RFC 6890, RFC 7526): not everywhere known as such to `ipaddress`."""


def is_public(address: str) -> bool:
    """Whether an address (IPv4 or IPv6, as text) is one of the open internet, and reaches nothing else inside it."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        for network in EMBEDDING:
            if found in network:
                return is_public(str(IPv4Address(int(found) & 0xFFFFFFFF)))
        if found not in GLOBAL_UNICAST or any(found in network for network in TUNNELS):
            return False
    elif any(found in network for network in KEPT_BACK):
        return False
    return found.is_global and not found.is_multicast
