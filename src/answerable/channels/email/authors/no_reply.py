"""An address that nobody reads, ours or anybody's, which says itself that the answer belongs elsewhere."""

import re

from answerable.channels.email.authors.house import House
from answerable.channels.email.authors.visitor import NO_REPLY, visitor_of
from answerable.channels.email.mailboxes import Address
from answerable.channels.email.message import ParsedMail

SYSTEM_USERS = re.compile(r"^(?:wordpress|www-data|www-run|apache\d?|httpd|nginx|nobody)$", re.IGNORECASE)
"""Whom a web server's programs write as where nobody has told them better."""
MASS = ("bulk", "junk", "list")


def author(mail: ParsedMail, sender: Address, house: House) -> Address | None:
    """Not of newsletters, whose Reply-To is their publisher's."""
    local = sender.address.partition("@")[0]
    if mail.automatic.list_headers or mail.automatic.precedence in MASS:
        return None
    return visitor_of(mail, sender, house) if NO_REPLY.search(local) or SYSTEM_USERS.match(local) else None
