"""A company that runs forms for others and writes from an address of its own."""

from answerable.channels.email.authors.house import House
from answerable.channels.email.authors.visitor import visitor_of
from answerable.channels.email.mailboxes import Address
from answerable.channels.email.message import ParsedMail

SENDERS = frozenset({"mailer@shopify.com", "formresponses@netlify.com"})
"""Addresses, where the company also writes for itself."""
DOMAINS = (
    ".123formbuilder.com", ".cognitoforms.com", ".formcarry.com", ".formspree.io", ".formstack.com", ".formsubmit.co",
    ".getform.io", ".jotform.com", ".squarespace.info", ".tally.so", ".typeform.com", ".typeform.io", ".usebasin.com",
    ".web3forms.com", ".wix-forms.com", ".wufoo.com",
)  # fmt: skip
"""Of companies that do nothing else, with what stands below."""


def author(mail: ParsedMail, sender: Address, house: House) -> Address | None:
    """Whoever filled it in; not the company, where it writes for itself and is answered at another of its addresses."""
    if sender.address.lower() not in SENDERS and not _is_theirs(sender):
        return None
    visitor = visitor_of(mail, sender, house)
    return None if visitor is None or visitor.domain == sender.domain or _is_theirs(visitor) else visitor


def _is_theirs(address: Address) -> bool:
    return f".{address.domain}".endswith(DOMAINS)
