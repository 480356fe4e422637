"""What can be done about customers. Each function checks, writes and records, in one transaction.

senders         whoever writes to us: found by address, or made
contacts        add, change, give an address, take one away
merging         one contact found to be another, and back
organisations   add, change, remove
segments        add, rename, remove
"""

from answerable.customers.actions.senders import contact_for_address, contacts_for

__all__ = ["contact_for_address", "contacts_for"]
