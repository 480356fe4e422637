"""A message seen before: servers deliver twice when an answer of ours was lost."""

from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules.verdict import Context, Verdict


def check(mail: ParsedMail, context: Context) -> Verdict | None:
    """The same words under the same Message-ID; the identifier alone would let anybody suppress a mail."""
    if context.is_duplicate(mail):
        return Verdict("duplicate", "the same message has arrived before")
    return None
