"""Everything else begins a conversation."""

from answerable.channels.email.autoreply import classify
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules.verdict import Context, Verdict


def check(mail: ParsedMail, context: Context) -> Verdict | None:
    """Lists and notices too: a person may have to see them, but no machine of ours answers them."""
    if mail.sender is None:
        return Verdict("quarantined", "there is no sender to answer")
    found = classify(mail)
    return Verdict("opened", found.reason if found else "a new conversation", automatic=found is not None)
