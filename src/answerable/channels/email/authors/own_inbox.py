"""A form on our own site that writes in the name of the very inbox it writes to."""

from answerable.channels.email.authors.house import House
from answerable.channels.email.authors.visitor import visitor_of
from answerable.channels.email.mailboxes import Address
from answerable.channels.email.message import ParsedMail


def author(mail: ParsedMail, sender: Address, house: House) -> Address | None:
    """We do not write to ourselves and want to be answered elsewhere."""
    return visitor_of(mail, sender, house) if house.owns(sender.address) else None
