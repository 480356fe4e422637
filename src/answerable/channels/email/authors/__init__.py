"""Who wrote a mail that From does not name: the customer behind a form or a mailing list. docs/mail.md says why so.

What such a mail says of its author proves nothing: whatever vouches for From does not vouch for them.
"""

from collections.abc import Callable
from dataclasses import replace

from answerable.channels.email.authors import form_service, no_reply, own_inbox, own_list, own_site
from answerable.channels.email.authors.house import House
from answerable.channels.email.mailboxes import Address
from answerable.channels.email.message import Carrier, ParsedMail

__all__ = ["CHAIN", "House", "attributed"]

Rule = Callable[[ParsedMail, Address, House], Address | None]

CHAIN: tuple[tuple[str, Rule, Carrier], ...] = (
    # name           author                what it came by
    ("own list",     own_list.author,      "list"),
    ("own inbox",    own_inbox.author,     "form"),
    ("own site",     own_site.author,      "form"),
    ("no-reply",     no_reply.author,      "form"),
    ("form service", form_service.author,  "form"),
)  # fmt: skip


def attributed(mail: ParsedMail, house: House) -> ParsedMail:
    """The mail with its author and what brought it, where that is not From. A form's mail may come by a list.

    A list of ours, or whatever sends a form, is only a way to us: its marks make no mail a machine's, and the list is
    nobody on copy.
    """
    author, by = mail.sender, None
    if author is None:
        return mail
    post = own_list.post_of(mail, house) if mail.automatic.list_headers else None
    if post is not None:
        mail = replace(mail, delivered_to=(*mail.delivered_to, post), automatic=mail.automatic.without_list())
    for _name, find, carrier in CHAIN:
        if found := find(mail, author, house):
            author, by = found, carrier
    if by is None:
        return mail
    return replace(mail, author=author, carried_by=by, automatic=mail.automatic.without_list())
