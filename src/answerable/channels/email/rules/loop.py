"""Our own mail come back."""

from answerable.channels.email.autoreply import classify
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules.verdict import Context, Verdict


def check(mail: ParsedMail, context: Context) -> Verdict | None:
    """Our mark, our Message-ID, or more servers than a mail passes on its way to anywhere."""
    found = classify(mail, context.instance, lambda identifier: context.signer.read_message_id(identifier) is not None)
    if found and found.kind == "loop":
        return Verdict("loop", found.reason, automatic=True)
    return None
