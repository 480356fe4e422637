"""Pages of administrators about mail: inboxes with their mailboxes and relays, and the ledger."""
