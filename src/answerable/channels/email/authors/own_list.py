"""A mailing list of ours, such as a group at Google, that puts its own address into From (RFC 7960, 4.1.3.1).

It does so where the writer's domain would have others refuse what comes from elsewhere (DMARC). Google's groups
leave the writer in X-Original-From and X-Original-Sender, Mailman in X-Mailman-Original-From or Reply-To.
"""

import re

from answerable.channels.email.authors.house import House
from answerable.channels.email.authors.visitor import visitor_of
from answerable.channels.email.mailboxes import Address, normal_address, read_addresses
from answerable.channels.email.message import ParsedMail

POST = re.compile(r"<mailto:([^<>?\s]{3,320})", re.IGNORECASE)
VIA = re.compile(r"^['\"]?(.+?)['\"]? (?:via|über|par|через|caur) ", re.DOTALL)
ORIGINALS = ("x-original-from", "x-mailman-original-from", "x-original-sender")


def post_of(mail: ParsedMail, house: House) -> str | None:
    """The address by which one writes to the list (RFC 2369, 3.4), in lower case, where the list is in our domain.

    A newsletter has none, or one that is not ours.
    """
    found = POST.search(mail.header("list-post") or "")
    address = normal_address(found.group(1)) if found else None
    return address.lower() if address and house.is_home(address.rpartition("@")[2]) else None


def author(mail: ParsedMail, sender: Address, house: House) -> Address | None:
    """Who wrote to the list, by the name that the list left."""
    if not house.sends(sender):
        return None
    if sender.address.lower() != post_of(mail, house) and not (house.owns(sender.address) and _is_passed_on(mail)):
        return None
    raws = (value for name in ORIGINALS for key, value in mail.headers if key == name)
    found = (each for raw in raws for each in read_addresses([raw]) if not house.owns(each.address))
    original = next((each for each in found if each.address.lower() != sender.address.lower()), None)
    original = original or visitor_of(mail, sender, house)
    if original is None or original.name:
        return original
    named = next((each.name for each in mail.reply_to if each.address.lower() == original.address.lower()), "")
    via = VIA.match(sender.name)
    return Address(named or (via.group(1) if via else ""), original.address)


def _is_passed_on(mail: ParsedMail) -> bool:
    return any(mail.header(name) for name in ("list-id", *ORIGINALS))
