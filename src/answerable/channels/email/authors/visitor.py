"""Who filled in a form: what its sender, a machine, leaves in Reply-To."""

import re

from answerable.channels.email.authors.house import House
from answerable.channels.email.mailboxes import Address
from answerable.channels.email.message import ParsedMail

NO_REPLY = re.compile(
    r"(?:^|[-_.+])(?:no|not|do[-_.]?not|dont|never|kein[e-]?|ne[-_.]?pas|ne)[-_.]*"
    r"(?:reply|respond|antwort|repondre|responder|responda|risponder|atbild|otvech)",
    re.IGNORECASE,
)
"""The local part of an address that nobody reads."""


def visitor_of(mail: ParsedMail, sender: Address, house: House) -> Address | None:
    """The one address in Reply-To that is neither the sender's nor ours; None where there are several, or nobody."""
    own = sender.address.lower()
    others = [each for each in mail.reply_to if each.address.lower() != own and not house.owns(each.address)]
    return others[0] if len(others) == 1 and not NO_REPLY.search(others[0].address.partition("@")[0]) else None
