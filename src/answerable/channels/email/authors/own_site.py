"""A form on our own site, which writes from an address of our domain that no person has."""

import re

from answerable.channels.email.authors.house import House
from answerable.channels.email.authors.visitor import visitor_of
from answerable.channels.email.mailboxes import Address
from answerable.channels.email.message import ParsedMail

MACHINES = re.compile(
    r"^(?:web-?|wp-?|contact-?|kontakt-?)*"
    r"(?:forms?|formular|web(?:site|page|server|master)?|site|server|mailer|robot|bot|system|notifications?)\d*$",
    re.IGNORECASE,
)
SCRIPTS = re.compile(r"^(?:phpmailer|wpforms|drupal|joomla|gravity ?forms|ninja ?forms|swiftmailer)", re.IGNORECASE)
"""X-Mailer of what sites send by, and no person."""


def author(mail: ParsedMail, sender: Address, house: House) -> Address | None:
    """An address as sites have them, or the mark of the program that sites send by."""
    if not house.sends(sender):
        return None
    is_machine = MACHINES.match(sender.address.partition("@")[0]) or SCRIPTS.match(mail.header("x-mailer") or "")
    return visitor_of(mail, sender, house) if is_machine or mail.header("x-wpcf7-content-type") else None
